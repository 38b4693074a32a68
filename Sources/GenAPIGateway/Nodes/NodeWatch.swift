import GenAPITelemetry

/// Hears of nodes that come and go, as long as its gateway lives.
///
/// An object of its own, to which alone the cluster has a weak reference: one to the bus would make every counting of
/// references to the bus slower.
final class NodeWatch: Sendable {
  private let statistics: NodeStatistics
  private let bus: TelemetryBus
  private let puller: ConfigPuller
  private let clock: any GatewayClock

  init(statistics: NodeStatistics, bus: TelemetryBus, puller: ConfigPuller, clock: any GatewayClock) {
    self.statistics = statistics
    self.bus = bus
    self.puller = puller
    self.clock = clock
  }

  func changed(_ change: NodeChange) {
    guard statistics.changed(change, at: clock.wallMicroseconds()) else { return }
    if change.isUp {
      puller.nodeUp(change.node)
      bus.emit(.nodeUp(node: change.node))
    } else {
      bus.emit(.nodeDown(node: change.node, reason: change.reason))
    }
  }
}

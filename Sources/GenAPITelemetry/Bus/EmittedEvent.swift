/// An event as it left the emitter: what happened, and its place in the node's history.
public struct EmittedEvent: Sendable {
  /// Counts up from 1 without gaps on one node, over all events of the bus.
  public let sequence: Int64
  /// Microseconds since the Unix epoch.
  public let wallMicroseconds: Int64
  /// On the node's monotonic clock, for differences between two events of one node.
  public let monotonicNanoseconds: Int64
  /// What happened.
  public let event: TelemetryEvent

  /// Makes an event as the bus would hand it out, for tests and replays.
  public init(sequence: Int64, wallMicroseconds: Int64, monotonicNanoseconds: Int64, event: TelemetryEvent) {
    self.sequence = sequence
    self.wallMicroseconds = wallMicroseconds
    self.monotonicNanoseconds = monotonicNanoseconds
    self.event = event
  }

  /// What the event is called.
  public var name: EventName { event.name }
}

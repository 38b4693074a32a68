import ErlangTerms
import GenAPITelemetry
import OutsideText
import Synchronization

/// What is known of an attached gateway: the source of its state, and what its events are emitted by.
///
/// All of it comes from a stranger: what is not of the form that is expected is skipped.
final class AttachedGateway: StateSource, Sendable {
  let bus: TelemetryBus
  private let model: Mutex<AttachedModel>
  private let told = Atomic<Int64>(0)

  init(node: ByteText) {
    bus = TelemetryBus(node: node.string)
    model = Mutex(AttachedModel())
  }

  func currentState() -> GatewayState { model.withLock { $0.state() } }

  /// How often the agent told its numbers: what hangs tells nothing, and nothing is told of it.
  var timesTold: Int64? { told.load(ordering: .acquiring) }

  /// Of the library.
  var version: String { model.withLock { $0.version } }

  func take(section: Term, isFirst: Bool, _ items: Term) {
    guard let name = section.atomName, let items = items.listElements else { return }
    model.withLock { $0.take(name, isFirst: isFirst, items) }
  }

  func take(scalars: Term) {
    guard let map = scalars.map else { return }
    model.withLock { $0.take(scalars: map) }
    told.add(1, ordering: .releasing)
  }

  /// - Parameter lost: how many the agent could not send so far.
  func take(events: [Term], lost: Int64) {
    let (cooldown, retries) = model.withLock { model in
      model.lostOnTheWay = max(model.lostOnTheWay, lost)
      return (model.cooldownMs, model.retries)
    }
    for event in events {
      guard var event = AttachedEvent(event) else { continue }
      event.cooldownMs = cooldown
      if event.name == .executorRetry { event.retries = retries[event.function] }
      guard let telemetry = event.telemetry else { continue }
      let now = TimeReading(
        monotonicNanoseconds: event.at.saturatingMultiply(1_000), wallMicroseconds: event.at)
      bus.emit(telemetry.name, at: now, telemetry)
    }
  }
}

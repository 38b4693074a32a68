import ErlangTerms
import GenAPITelemetry
import Locking
import OutsideText

/// What is known of an attached gateway: the source of its state, and what its events are emitted by.
///
/// All of it comes from a stranger: what is not of the form that is expected is skipped.
final class AttachedGateway: StateSource, Sendable {
  let bus: TelemetryBus
  private let model: Mutex<AttachedModel>
  private let told = Atomic<Int64>(0)

  /// - Parameter hasAgent: false where only what can be read without it is known.
  init(node: ByteText, hasAgent: Bool = true) {
    bus = TelemetryBus(node: node.string)
    model = Mutex(AttachedModel(hasAgent: hasAgent))
  }

  func currentState() -> GatewayState { model.withLock { $0.state() } }

  /// How often the agent told its numbers: what hangs tells nothing, and nothing is told of it.
  var timesTold: Int64? { told.load(ordering: .acquiring) }

  /// Of the library.
  var version: String { model.withLock { $0.version } }

  /// Of its functions those that came by now.
  var functionCount: Int { model.withLock { $0.sections["functions"]?.count ?? 0 } }

  /// Since when the agent counts, microseconds since the Unix epoch: the same for all that watch by it.
  var since: Int64? { model.withLock { $0.since } }

  func take(section: Term, isFirst: Bool, _ items: Term) {
    guard let name = section.atomName, let items = items.listElements else { return }
    model.withLock { $0.take(name, isFirst: isFirst, items) }
  }

  /// What was read without an agent: `[{Section, Value}]`; `failed` for what could not be read now.
  func take(read: Term) {
    let scalars = model.withLock { model in
      var scalars: TermMap?
      for entry in read.listElements ?? [] {
        guard let parts = entry.tupleElements, parts.count == 2, let name = parts[0].atomName else {
          continue
        }
        if name == "machine" { scalars = parts[1].map } else { model.take(read: name, parts[1]) }
      }
      return scalars
    }
    if let scalars { take(scalars: .map(scalars)) }
  }

  func take(scalars: Term) {
    guard let map = scalars.map else { return }
    let lost = model.withLock { model in
      model.take(scalars: map)
      return model.takeLost()
    }
    bus.lose(lost)
    told.add(1, ordering: .releasing)
  }

  /// - Parameter missed: how many the agent could not send to us so far.
  func take(events: [Term], missed: Int64) {
    let (cooldown, retries, limits, lost) = model.withLock { model in
      model.missed = max(model.missed, missed)
      return (model.cooldownMs, model.retries, model.attachedLimits, model.takeLost())
    }
    bus.lose(lost)
    for event in events {
      guard var event = AttachedEvent(event) else { continue }
      event.cooldownMs = cooldown
      event.limits = limits
      if event.name == .executorRetry { event.retries = retries[event.function] }
      guard let telemetry = event.telemetry else { continue }
      let now = TimeReading(
        monotonicNanoseconds: event.at.saturatingMultiply(1_000), wallMicroseconds: event.at)
      bus.emit(telemetry.name, at: now, telemetry)
    }
  }
}

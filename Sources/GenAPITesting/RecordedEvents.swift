import GenAPITelemetry
import GenAPIValue
import Locking

/// Every event that a bus emits from now on, exact and in its order.
///
/// ```swift
/// let events = try RecordedEvents(gateway.bus)
/// ```
public final class RecordedEvents: Sendable {
  private let subscription: TelemetrySubscription
  private let kept = Mutex<[TelemetryEvent]>([])

  /// - Parameter queue: how many are kept between two readings; what is beyond is dropped, as for every subscriber.
  /// - Throws: what subscribing throws, such as for a second one of the same name.
  public init(_ bus: TelemetryBus, name: String = "recorded events", queue: Int = 100_000) throws {
    subscription = try bus.subscribe(name, to: .allAndExtensions, queue: queue)
  }

  /// All of them.
  public var all: [TelemetryEvent] {
    kept.withLock { kept in
      kept += subscription.drain().events.map(\.event)
      return kept
    }
  }

  /// Their names: `executor.request.start`.
  public var names: [ByteText] { all.map(\.name.shortName) }

  /// All since the last call of this, which are forgotten.
  public func take() -> [TelemetryEvent] {
    kept.withLock { kept in
      defer { kept = [] }
      return kept + subscription.drain().events.map(\.event)
    }
  }

  /// Ends the recording.
  public func stop() { subscription.cancel() }

  deinit { subscription.cancel() }
}

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

  /// - Parameters:
  ///   - name: what it is called on the bus; nil for a name that no other has, so that several record at a time.
  ///   - queue: how many are kept between two readings; what is beyond is dropped, as for every subscriber.
  /// - Throws: `BusError`: for a second one of the same name, and where as many listen as may.
  public init(_ bus: TelemetryBus, name: String? = nil, queue: Int = 100_000) throws {
    subscription = try Self.subscribe(to: bus, name, queue)
  }

  private static func subscribe(to bus: TelemetryBus, _ name: String?, _ queue: Int) throws
    -> TelemetrySubscription
  {
    if let name { return try bus.subscribe(name, to: .allAndExtensions, queue: queue) }
    // One of these is free, or there is no room for another.
    var number = 1
    while true {
      do {
        return try bus.subscribe(
          number == 1 ? "recorded events" : "recorded events \(number)", to: .allAndExtensions, queue: queue)
      } catch BusError.handlerExists {
        number += 1
      }
    }
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

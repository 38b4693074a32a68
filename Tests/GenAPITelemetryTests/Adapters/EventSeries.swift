import GenAPITelemetry
import GenAPIValue

/// Gives events sequence numbers and times, as a bus would.
struct EventSeries {
  /// 2001-09-09T01:46:40Z, in microseconds since the Unix epoch.
  static let startMicroseconds: Int64 = 1_000_000_000_000_000

  private var sequence: Int64 = 0

  /// An event so many microseconds after the start of the series, on both clocks.
  mutating func emitted(_ event: TelemetryEvent, at microseconds: Int64 = 0) -> EmittedEvent {
    emitted(event, at: microseconds, wall: Self.startMicroseconds + microseconds)
  }

  mutating func emitted(_ event: TelemetryEvent, at microseconds: Int64, wall: Int64) -> EmittedEvent {
    sequence += 1
    return EmittedEvent(
      sequence: sequence, wallMicroseconds: wall, monotonicNanoseconds: microseconds * 1_000, event: event)
  }

  static func request(
    _ id: ByteText = "req_1", service: ByteText = "users", type: ByteText = "get", user: ByteText? = "u_1"
  ) -> RequestContext {
    RequestContext(
      requestID: id, function: FunctionIdentity(service: service, requestType: type, version: "1.0.0"),
      userID: user)
  }
}

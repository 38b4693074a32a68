import GenAPITelemetry
import GenAPIValue

enum TestEvents {
  static func start(
    _ service: String = "user_service", type: String = "get", user: String? = "u_1", id: String = "req_1"
  ) -> TelemetryEvent {
    .requestStart(
      RequestContext(
        requestID: ByteText(id), function: FunctionIdentity(service: ByteText(service), requestType: ByteText(type)), userID: user),
      systemTime: 1)
  }

  static func stop(_ service: String = "user_service", error: String? = nil) -> TelemetryEvent {
    .requestStop(
      RequestStop(
        request: RequestContext(
          requestID: "req_1", function: FunctionIdentity(service: ByteText(service), requestType: "get")),
        durationUs: 1_234, outcome: error == nil ? .ok : .error, error: error))
  }

  static func emitted(_ event: TelemetryEvent, sequence: Int64 = 1) -> EmittedEvent {
    EmittedEvent(sequence: sequence, wallMicroseconds: 1_000, monotonicNanoseconds: 0, event: event)
  }
}

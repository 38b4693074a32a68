import GenAPITelemetry
import GenAPIValue

enum TestEvents {
  static func start(
    _ service: ByteText = "user_service", type: ByteText = "get", user: ByteText? = "u_1",
    id: ByteText = "req_1"
  ) -> TelemetryEvent {
    .requestStart(
      RequestContext(
        requestID: id, function: FunctionIdentity(service: service, requestType: type), userID: user),
      systemTime: 1)
  }

  static func stop(_ service: ByteText = "user_service", error: ByteText? = nil) -> TelemetryEvent {
    .requestStop(
      RequestStop(
        request: RequestContext(
          requestID: "req_1", function: FunctionIdentity(service: service, requestType: "get")),
        durationUs: 1_234, outcome: error == nil ? .ok : .error, error: error))
  }

  static func emitted(_ event: TelemetryEvent, sequence: Int64 = 1) -> EmittedEvent {
    EmittedEvent(sequence: sequence, wallMicroseconds: 1_000, monotonicNanoseconds: 0, event: event)
  }
}

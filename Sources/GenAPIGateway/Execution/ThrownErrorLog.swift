import GenAPITelemetry
import GenAPIValue
import Logging

/// What code of a gateway's program throws, in the log: clients read nothing of it, and events are heard only by who listens.
///
/// One line an error: of a call that is tried again the last one.
struct ThrownErrorLog: Sendable {
  enum Thrower: String {
    case function = "a function failed"
    case beforeHook = "a before hook failed"
    case afterHook = "an after hook failed"
    case permission = "a permission callback failed; the request is refused"
  }

  let logger: Logger

  func tell(_ thrower: Thrower, _ reason: ByteText, _ request: RequestContext) {
    tell(
      thrower, reason, id: request.requestID, service: request.function.service,
      requestType: request.function.requestType)
  }

  func tell(
    _ thrower: Thrower, _ reason: ByteText, id: ByteText, service: ByteText, requestType: ByteText
  ) {
    logger.error(
      "\(thrower.rawValue)",
      metadata: [
        "request_id": "\(id.cut(bytes: TextLimit.name).shown)",
        "service": "\(service.cut(bytes: TextLimit.name).shown)",
        "request_type": "\(requestType.cut(bytes: TextLimit.name).shown)",
        "error": "\(reason.cut(bytes: TextLimit.text).shown)",
      ])
  }
}

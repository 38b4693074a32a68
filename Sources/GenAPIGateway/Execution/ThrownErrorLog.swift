import GenAPITelemetry
import GenAPIValue
import Logging

/// What code of a gateway's program throws, and what does not end in time, in the log: clients read nothing of it, and events are
/// heard only by who listens.
///
/// One line an error: of a call that is tried again the last one. Of what comes with every request while something hangs one line
/// in ten seconds for each function.
struct ThrownErrorLog: Sendable {
  enum Thrower: String {
    case function = "a function failed"
    case beforeHook = "a before hook failed"
    case afterHook = "an after hook failed"
    case permission = "a permission callback failed; the request is refused"
    case lateFunction = "a function did not answer in time"
    case lateBeforeHook = "a before hook did not end in time; the request is refused"
    case lateAfterHook = "an after hook did not end in time; the response goes out as it was"
    case latePermission = "a permission callback did not answer in time; the request is refused"
    case misdirecting =
      "a before hook changed what the request is for; the function that was asked for is called"

    /// Comes with every request until somebody does something.
    var isRepeated: Bool {
      switch self {
      case .function, .beforeHook, .afterHook, .permission: false
      case .lateFunction, .lateBeforeHook, .lateAfterHook, .latePermission, .misdirecting: true
      }
    }
  }

  let logger: Logger
  let repeated: RepeatedLines

  func tell(_ thrower: Thrower, _ reason: ByteText, _ request: RequestContext) {
    tell(
      thrower, reason, id: request.requestID, service: request.function.service,
      requestType: request.function.requestType)
  }

  func tell(
    _ thrower: Thrower, _ reason: ByteText, id: ByteText, service: ByteText, requestType: ByteText
  ) {
    var metadata: Logger.Metadata = [
      "request_id": "\(id.cut(bytes: TextLimit.name).shown)",
      "service": "\(service.cut(bytes: TextLimit.name).shown)",
      "request_type": "\(requestType.cut(bytes: TextLimit.name).shown)",
      "error": "\(reason.cut(bytes: TextLimit.text).shown)",
    ]
    if thrower.isRepeated {
      let key = RepeatedLines.Key(kind: thrower.rawValue, service: service, requestType: requestType)
      guard let untold = repeated.take(key) else { return }
      if untold > 0 { metadata["more_before"] = "\(untold)" }
    }
    logger.error("\(thrower.rawValue)", metadata: metadata)
  }
}

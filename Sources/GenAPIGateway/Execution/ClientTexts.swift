/// What clients read when something went wrong, word for word as the specification has it.
enum ClientTexts {
  static let permissionDenied = "Permission denied"
  static let internalError = "Internal Server Error"
  static let retriesExhausted = "all retry attempts exhausted"
  static let unavailable = "Service temporarily unavailable"
  static let limiterUnavailable = "Rate limit service unavailable"
  static let processingFailed = "Request processing failed"
  static let authenticationRequired = "Authentication required"

  static func unsupported(_ request: Request) -> String {
    "unsupported function: \(request.requestType) version \(version(request))"
  }

  static func disabled(_ request: Request) -> String {
    "disabled function: \(request.requestType) version \(version(request))"
  }

  private static func version(_ request: Request) -> String {
    FunctionVersion.effective(request.version) ?? "latest"
  }

  static func hookRejected(_ reason: String) -> String { "hook rejected: \(reason)" }

  static func invalidArgument(_ error: String) -> String { "Invalid argument: \(error)" }

  /// Whole seconds, rounded up, at least 1.
  static func rateLimited(retryAfterMs: Int64) -> String {
    "Rate limit exceeded. Please retry after \(max(1, (retryAfterMs + 999) / 1_000)) seconds."
  }

  static func invalidRequest(_ message: String) -> String { "Invalid request: \(message)" }
}

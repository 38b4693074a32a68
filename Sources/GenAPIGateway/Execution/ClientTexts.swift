import GenAPIValue

/// What clients read when something went wrong, word for word as the specification has it.
enum ClientTexts {
  static let permissionDenied: ByteText = "Permission denied"
  static let internalError: ByteText = "Internal Server Error"
  static let retriesExhausted: ByteText = "all retry attempts exhausted"
  static let unavailable: ByteText = "Service temporarily unavailable"
  static let lost: ByteText = "Service was lost before the answer; it may have been done"
  static let connectionClosed: ByteText = "The connection is closed"
  static let limiterUnavailable: ByteText = "Rate limit service unavailable"
  static let authenticationRequired: ByteText = "Authentication required"

  static func shareUsed(_ pool: WorkerPoolConfiguration) -> ByteText {
    """
    Too many of your requests are under way: at most \(pool.clientWorkers) run and \(pool.clientQueue) wait at a time. \
    Please retry when one has ended.
    """
  }

  static func unsupported(_ request: Request) -> ByteText {
    "unsupported function: \(name(request))"
  }

  static func disabled(_ request: Request) -> ByteText {
    "disabled function: \(name(request))"
  }

  /// What a client asked for, for a person to read: whatever a stranger calls a function, it is one line and not long,
  /// and blanks that would not be seen stand in quotes.
  private static func name(_ request: Request) -> ByteText {
    func shown(_ name: ByteText) -> ByteText { ByteText(name.cut(bytes: TextLimit.name).shown).asName }
    let version = FunctionVersion.effective(request.version).map(shown) ?? "latest"
    return "\(shown(request.requestType)) version \(version) of service \(shown(request.service))"
  }

  /// For a person to read: whatever a hook says, it is one line of 1 kB at most.
  static func hookRejected(_ reason: ByteText) -> ByteText {
    reason.isEmpty ? "hook rejected" : "hook rejected: \(ByteText(reason.cut(bytes: TextLimit.text).shown))"
  }

  /// Bytes of what a function words for its client.
  static let mostReasonBytes = 4_096

  /// A function's own words for its client.
  static func reason(_ reason: ByteText) -> ByteText { reason.cut(bytes: mostReasonBytes) }

  static func invalidArgument(_ error: ByteText) -> ByteText { "Invalid argument: \(error)" }

  /// Whole seconds, rounded up, at least 1.
  static func rateLimited(retryAfterMs: Int64) -> ByteText {
    "Rate limit exceeded. Please retry after \(max(1, (retryAfterMs + 999) / 1_000)) seconds."
  }

  static func invalidRequest(_ message: ByteText) -> ByteText { "Invalid request: \(message)" }
}

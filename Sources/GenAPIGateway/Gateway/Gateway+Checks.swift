import GenAPITelemetry
import GenAPIValue

/// What is checked before a call, and how a request is refused.
extension Gateway {
  /// Why a request is not called.
  struct Refusal: Error {
    var outcome: RequestOutcome
    /// What the client reads.
    var text: ByteText
    var canRetry: Bool
    var argumentFault: ByteText?
    /// What the operator reads, where that is more.
    var cause: ByteText?

    init(_ outcome: RequestOutcome, _ text: ByteText, canRetry: Bool = false) {
      self.outcome = outcome
      self.text = text
      self.canRetry = canRetry
    }
  }

  /// Something that failed inside: its cause is the operator's.
  func failure(_ outcome: RequestOutcome, _ cause: ByteText) -> Refusal {
    var refusal = Refusal(outcome, internalError(cause))
    refusal.cause = cause
    return refusal
  }

  /// The checks before a call: permission, rate limit, arguments.
  ///
  /// - Parameter now: nil to read the time here.
  func checkedCall(
    _ span: RequestSpan, _ stored: StoredFunction, _ request: Request, isAllowed: Bool,
    _ connection: (any ClientConnection)?, at now: TimeReading? = nil
  ) throws(Refusal) -> FunctionCall {
    guard isAllowed else { throw Refusal(.permissionDenied, ClientTexts.permissionDenied) }
    switch rateLimiter.check(span.context, at: now, keys: { $0.counted(of: request) }) {
    case .allowed: break
    case .limited(let exceeded):
      let text = ClientTexts.rateLimited(retryAfterMs: exceeded.retryAfterMs)
      throw Refusal(.rateLimited, text, canRetry: true)
    case .unavailable: throw Refusal(.unavailable, ClientTexts.limiterUnavailable, canRetry: true)
    }
    let arguments: [Value]
    do {
      arguments = try callArguments(request, stored, span)
    } catch {
      var refusal = Refusal(.invalidArguments, ClientTexts.invalidArgument(ByteText(error.description)))
      refusal.argumentFault = ByteText(error.description)
      throw refusal
    }
    return FunctionCall(
      arguments: arguments, times: stored.arguments.times,
      hasRequestInfo: stored.config.passesRequestInfo, request: request, connection: connection,
      resultEncoder: stored.config.resultEncoder)
  }

  /// A wrong argument is the hook's when what the client sent would have been taken.
  func blamed(
    _ refusal: Refusal, _ before: (request: Request, stored: StoredFunction)?, _ span: RequestSpan
  ) -> Refusal {
    guard let before, let fault = refusal.argumentFault,
      (try? callArguments(before.request, before.stored, span)) != nil
    else { return refusal }
    let reason: ByteText = "what the before hook made of the arguments is refused: \(fault)"
    caller.errors.tell(.beforeHook, reason, span.context)
    return failure(.exception, reason)
  }

  private func callArguments(_ request: Request, _ stored: StoredFunction, _ span: RequestSpan)
    throws(ArgumentError) -> [Value]
  {
    var arguments = stored.arguments.fixed
    arguments.reserveCapacity(arguments.count + stored.arguments.order.count + 1)
    try converter.append(request, by: stored.arguments, to: &arguments)
    if stored.config.passesRequestInfo {
      var info: ValueObject = [
        "request_id": request.requestIDValue, "user_id": request.userID.map(Value.string) ?? .null,
        "device_id": request.deviceIDValue,
      ]
      // What a tracer records here goes between the client and the node.
      if let trace = span.context.span?.outgoing ?? request.trace {
        info["traceparent"] = .string(trace.parent)
        if let state = trace.state { info["tracestate"] = .string(state) }
      }
      arguments.append(.object(info))
    }
    return arguments
  }

  /// An answer without a call; the after hook still sees it.
  nonisolated(nonsending) func refuse(
    _ span: RequestSpan, _ request: Request, _ stored: StoredFunction, _ refusal: Refusal
  ) async -> Response {
    let response = await hooks.after(
      span, request, stored, .error(request.requestID, refusal.text, canRetry: refusal.canRetry))
    span.finish(refusal.outcome, error: refusal.cause ?? refusal.text)
    return response
  }
}

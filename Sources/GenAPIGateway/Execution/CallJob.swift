import GenAPITelemetry
import GenAPIValue

/// A request that passed every check and is about to be called.
struct CallJob: Sendable {
  let span: RequestSpan
  let stored: StoredFunction
  let request: Request
  let config: FunctionConfig
  let arguments: [Value]
  /// nil until selected.
  let nodes: SelectedNodes?
  let connection: (any ClientConnection)?
  let gate: AnswerGate

  var requestID: String { request.requestID }

  /// How long all attempts together may take, with their waits: what a pool enforces.
  var totalTimeoutMs: Int64 {
    let attempts = Int64(1 + (config.retry?.attempts ?? 0))
    guard let timeoutMs = config.timeoutMs else { return 86_400_000 }
    // Per attempt the call, 7.5 s of the longest wait, and once both hooks; a bound behind the bounds.
    return min(
      86_400_000, timeoutMs * attempts + (attempts - 1) * 7_500 + 2 * config.hookTimeoutMs)
  }

  @discardableResult
  func finish(_ outcome: CallOutcome, isAsync: Bool) -> Bool {
    switch outcome {
    case .ok: span.finish(.ok, isAsync: isAsync)
    case .failed(let outcome, let reason, _): span.finish(outcome, isAsync: isAsync, error: reason)
    }
  }
}

/// Where a request's call runs.
enum SelectedNodes: Sendable {
  case here
  /// The chosen one first, then those to fall back to.
  case there([String])
  /// No list could be made.
  case failed(String)
}

extension CallOutcome {
  /// An ending that the work itself did not report; nil when it did.
  init?(_ end: TaskEnd) {
    switch end {
    case .completed, .threw: return nil
    case .timedOut: self = .failed(.timeout, reason: "no end in time", client: .internalError)
    case .cancelled: self = .failed(.cancelled, reason: "cancelled", client: .cancelled)
    }
  }

  /// What a pool's breakers learn from it.
  ///
  /// - Throws: for an exception, so that the pool reports one.
  func taskResult() throws -> TaskResult {
    guard case .failed(let outcome, let reason, _) = self, isInfrastructureFailure else { return .success }
    if outcome == .exception { throw FunctionError(reason) }
    return .infrastructureFailure(reason)
  }
}

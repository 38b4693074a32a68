import GenAPITelemetry
import GenAPIValue

/// How a call of a function ended, retries included.
enum CallOutcome: Sendable {
  case ok(Value)
  /// What it is counted as, the cause for the operator, and what the client reads.
  case failed(RequestOutcome, reason: ByteText, client: ClientError)

  enum ClientError: Sendable, Equatable {
    /// "Internal Server Error", with the reason only when details are switched on.
    case internalError
    case retriesExhausted
    /// The reason itself: the function worded it for the client.
    case reason
    case cancelled
    /// Its node went while it ran, which may have done it.
    case lost
    /// Nothing had room for it, or no node could be reached: "Service temporarily unavailable", and it may be asked again.
    case unavailable
    /// A breaker let it be called no more: "Service temporarily unavailable", and it may be asked again where nothing ran.
    case halted(RetryHalt)
  }

  /// Whether a breaker counts it: the infrastructure failed, not the application.
  var isInfrastructureFailure: Bool {
    if case .failed(let outcome, _, _) = self { outcome.isInfrastructureFailure } else { false }
  }
}

extension RequestOutcome {
  /// Whether a breaker counts it: see `CallOutcome`.
  var isInfrastructureFailure: Bool { self == .timeout || self == .unreachable || self == .exception }
}

/// How one attempt on one node ended.
enum AttemptResult: Sendable {
  case ok(Value)
  /// - Parameter client: what the client reads; nil where that is by the kind of the failure.
  case failed(RequestOutcome, reason: ByteText, isFinal: Bool, client: CallOutcome.ClientError? = nil)
}

/// What came of a call until a breaker refused that it be made again.
struct RetryHalt: Sendable, Equatable {
  /// Nothing was called: its client may ask again.
  var ranNothing: Bool
  /// Why the last attempt failed, where breakers count such failures.
  var failure: ByteText?
}

extension CallOutcome {
  /// An ending that the work itself did not report; nil when it did.
  init?(_ end: TaskEnd) {
    switch end {
    case .completed, .threw: return nil
    case .timedOut: self = .failed(.timeout, reason: "no end in time", client: .internalError)
    case .waitedTooLong:
      self = .failed(.timeout, reason: "no worker was free in time", client: .unavailable)
    case .cancelled: self = .failed(.cancelled, reason: "cancelled", client: .cancelled)
    }
  }

  /// What a pool's breakers learn from it.
  ///
  /// - Throws: for an exception, so that the pool reports one.
  func taskResult() throws -> TaskResult {
    guard case .failed(let outcome, let reason, _) = self else { return .success }
    // What it was called for failed, whatever keeps it from being called again.
    if case .failed(_, _, .halted(let halt)) = self, let failure = halt.failure {
      return .infrastructureFailure(failure)
    }
    // Nothing was called, or nobody waited for what came of it.
    if outcome == .unavailable { return .untold }
    if outcome == .cancelled { return .givenUp }
    guard isInfrastructureFailure else { return .success }
    if outcome == .exception { throw FunctionError(reason) }
    return .infrastructureFailure(reason)
  }
}

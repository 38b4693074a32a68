import GenAPITelemetry
import GenAPIValue

/// What came of the attempts before the last one: whether the function may have run, which decides what the client is told when no attempt
/// is left.
struct EarlierAttempts {
  /// Why the connection to a node ended that ran it; of several the first.
  private var lost: ByteText?
  private var mayHaveRun = false

  mutating func note(_ failure: AttemptFailure) {
    switch (failure.outcome, failure.client) {
    case (.unreachable, .lost):
      mayHaveRun = true
      if lost == nil { lost = failure.reason }
    // Nothing was called.
    case (.unreachable, _), (.unavailable, _): return
    default: mayHaveRun = true
    }
  }

  /// What it comes to when a breaker refuses the next attempt: the refusal, behind what the last one failed of.
  func halted(_ last: AttemptFailure, by refusal: PoolRefusal) -> CallOutcome {
    let halt = RetryHalt(
      ranNothing: !mayHaveRun, failure: last.outcome.isInfrastructureFailure ? last.reason : nil)
    return .failed(
      .unavailable,
      reason: "\(reason(last.outcome, last.reason, last.client)); then \(refusal.description)",
      client: .halted(halt))
  }

  /// What the client reads when this was the last attempt.
  func client(_ outcome: RequestOutcome, _ client: CallOutcome.ClientError?) -> CallOutcome.ClientError {
    switch (outcome, client) {
    case (.cancelled, _): .cancelled
    case (.unreachable, .lost): .lost
    case (.unreachable, _) where lost != nil, (.unavailable, _) where lost != nil: .lost
    case (.unreachable, _), (.unavailable, _): mayHaveRun ? .retriesExhausted : .unavailable
    default: client ?? .retriesExhausted
    }
  }

  /// What the operator reads: of an attempt that was lost also where the last one did not run.
  func reason(_ outcome: RequestOutcome, _ reason: ByteText, _ client: CallOutcome.ClientError?) -> ByteText {
    guard let lost, outcome == .unreachable || outcome == .unavailable, client != .lost else { return reason }
    return "\(lost); then \(reason)"
  }
}

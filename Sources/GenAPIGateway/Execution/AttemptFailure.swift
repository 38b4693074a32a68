import GenAPITelemetry
import GenAPIValue

/// An attempt that failed in a way that another may mend.
struct AttemptFailure: Sendable {
  let outcome: RequestOutcome
  let reason: ByteText
  /// What the client reads; nil where that is by the kind of the failure.
  let client: CallOutcome.ClientError?

  /// - Returns: nil for a result that another attempt cannot mend, or where there is no time for one: an attempt of a stream that took
  ///   its whole time has left none, whichever clock tells first.
  init?(_ result: AttemptResult, of stored: StoredFunction) {
    guard case .failed(let outcome, let reason, false, let client) = result,
      stored.config.responseType != .stream || outcome != .timeout
    else { return nil }
    self.outcome = outcome
    self.reason = reason
    self.client = client
  }
}

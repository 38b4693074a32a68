/// A call of ours that waits for its answer.
struct PendingCall {
  enum Kind {
    /// What the result is marked with.
    case erpc(Term)
    case gen
  }

  /// Of the connection it went out on.
  var peer: UInt64
  var continuation: CheckedContinuation<Result<Term, CallError>, Never>
  var kind: Kind
}

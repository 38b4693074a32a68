import OutsideText

/// Why a call to another node has no result.
public enum CallError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The node could not be reached: the function did not run.
  case unreachable(ByteText)
  /// The connection ended after the call was sent: the function may have run.
  case connectionLost
  /// No answer came in time: the function may have run.
  case timeout
  /// The caller gave it up.
  case cancelled
  /// `throw(Reason)`
  case thrown(Term)
  /// `exit(Reason)`
  case exited(Term)
  /// `error(Reason)`, or a function that is not defined.
  case raised(Term, stack: Term?)
  /// The answer came and is beyond what can be read: too deep, too large, or damaged. The function has run.
  case unreadable(String)
  /// Too many calls are under way, or too much waits to be sent to this node.
  case overloaded

  public var description: String {
    switch self {
    case .unreachable(let reason): "unreachable: \(reason)"
    case .connectionLost: "the connection was lost"
    case .timeout: "no answer in time"
    case .cancelled: "cancelled"
    case .thrown(let term): "throw \(term.erlangText)"
    case .exited(let term): "exit \(term.erlangText)"
    case .raised(let term, _): "error \(term.erlangText)"
    case .unreadable(let reason): "the answer cannot be read: \(reason)"
    case .overloaded: "too many calls are under way"
    }
  }
}

/// What a Swift function throws to end a call as Erlang's `throw`, `exit` or `error` would.
public enum ErlangFailure: Error, Sendable, Equatable {
  /// The function threw a term.
  case thrown(Term)
  /// The function exited with a reason.
  case exited(Term)
  /// The function raised an error.
  case raised(Term)
}

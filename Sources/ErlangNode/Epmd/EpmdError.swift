/// Why epmd did not help.
public enum EpmdError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No epmd answers, and why.
  case unreachable(String)
  /// Another node of this name is registered.
  case nameTaken(String)
  /// epmd did not answer in time.
  case timeout
  /// What epmd answered is none of its answers.
  case malformed

  public var description: String {
    switch self {
    case .unreachable(let reason): "epmd cannot be reached at \(reason)"
    case .nameTaken(let name): "another node has the name \(name)"
    case .timeout: "epmd does not answer"
    case .malformed: "epmd's answer cannot be understood"
    }
  }
}

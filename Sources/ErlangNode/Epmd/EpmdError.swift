/// Why epmd did not help.
public enum EpmdError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreachable(String)
  case nameTaken(String)
  case timeout
  case malformed

  public var description: String {
    switch self {
    case .unreachable(let reason): "epmd cannot be reached at \(reason); start it with `epmd -daemon`"
    case .nameTaken(let name): "another node has the name \(name)"
    case .timeout: "epmd does not answer"
    case .malformed: "epmd's answer cannot be understood"
    }
  }
}

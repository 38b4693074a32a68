import OutsideText

/// Why a node did not start.
public enum LocalNodeError: Error, Sendable, Equatable, CustomStringConvertible {
  case invalidName(ByteText)
  case invalidSetting(name: String, value: Int64, range: ClosedRange<Int64>)
  /// Where, and why not.
  case cannotListen(ByteText)
  case epmd(EpmdError)
  case alreadyStarted
  case nameTaken(ByteText)

  public var description: String {
    switch self {
    case .invalidName(let name): "\"\(name)\" is no node name; it must be name@host"
    case .invalidSetting(let name, let value, let range):
      "\(name) must be \(range.lowerBound) to \(range.upperBound); it is \(value)"
    case .cannotListen(let reason): "cannot listen on \(reason)"
    case .epmd(let error): error.description
    case .alreadyStarted: "the node was started already"
    case .nameTaken(let name): "the name \(name) is registered already"
    }
  }
}

import OutsideText

/// Why a node did not start.
public enum LocalNodeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The text is no node's name.
  case invalidName(ByteText)
  /// A cookie that everybody knows.
  case emptyCookie
  /// A setting is out of its range.
  case invalidSetting(name: String, value: String, allowed: String)
  /// Where, and why not.
  case cannotListen(ByteText)
  /// epmd did not register the node.
  case epmd(EpmdError)
  /// The node was started before; make another one.
  case alreadyStarted
  /// Another node of this name is registered with epmd.
  case nameTaken(ByteText)

  public var description: String {
    switch self {
    case .invalidName(let name): "\"\(name)\" is no node name; it must be name@host"
    case .emptyCookie: "the cookie must not be empty"
    case .invalidSetting(let name, let value, let allowed): "\(name) must be \(allowed); it is \(value)"
    case .cannotListen(let reason): "cannot listen on \(reason)"
    case .epmd(let error): error.description
    case .alreadyStarted: "the node was started already"
    case .nameTaken(let name): "the name \(name) is registered already"
    }
  }
}

extension LocalNodeError {
  /// - Throws: `invalidSetting` for a time that is out of its range.
  package static func check(_ name: String, _ time: Duration, _ range: ClosedRange<Duration>)
    throws(LocalNodeError)
  {
    guard !range.contains(time) else { return }
    throw .invalidSetting(name: name, value: time.shown, allowed: range.shown)
  }
}

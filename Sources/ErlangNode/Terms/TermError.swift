/// Why bytes are no term.
public struct TermError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    case truncated
    case unknownTag(UInt8)
    case badVersion(UInt8)
    case tooDeep(limit: Int)
    case tooLarge(limit: Int)
    case invalid(String)
    case trailingBytes(Int)
  }

  public var reason: Reason
  /// Where in the input, in bytes from its start.
  public var offset: Int

  public init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String {
    let what =
      switch reason {
      case .truncated: "the input ends within a term"
      case .unknownTag(let tag): "\(tag) is no tag of the external term format"
      case .badVersion(let version): "a term starts with 131, not \(version)"
      case .tooDeep(let limit): "terms are nested deeper than \(limit)"
      case .tooLarge(let limit): "the term is larger than \(limit) bytes"
      case .invalid(let what): what
      case .trailingBytes(let count): "\(count) bytes follow the term"
      }
    return "\(what) (at byte \(offset))"
  }
}

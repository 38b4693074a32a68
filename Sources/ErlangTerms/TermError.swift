/// Why bytes are no term.
public struct TermError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    case truncated
    case unknownTag(UInt8)
    case badVersion(UInt8)
    case tooDeep(limit: Int)
    case tooLarge(limit: Int)
    case tooManyTerms(limit: Int)
    case tooMuchMemory(limit: Int)
    case invalid(String)
    case trailingBytes(Int)

    /// Whether it may be read within other bounds.
    package var isSize: Bool {
      switch self {
      case .tooLarge, .tooManyTerms, .tooMuchMemory: true
      default: false
      }
    }
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
      case .tooManyTerms(let limit): "the term holds more than \(limit) terms"
      case .tooMuchMemory(let limit): "the term takes more than \(limit) bytes of memory"
      case .invalid(let what): what
      case .trailingBytes(let count): "\(count) bytes follow the term"
      }
    return "\(what) (at byte \(offset))"
  }
}

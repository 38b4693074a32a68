/// Why bytes are no term.
public struct TermError: Error, Equatable, CustomStringConvertible {
  /// What can be wrong.
  public enum Reason: Equatable, Sendable {
    /// The input ends within a term.
    case truncated
    /// A byte is no tag of the external term format.
    case unknownTag(UInt8)
    /// The first byte is not 131.
    case badVersion(UInt8)
    /// Terms are nested deeper than allowed.
    case tooDeep(limit: Int)
    /// The term has more bytes than allowed.
    case tooLarge(limit: Int)
    /// The term holds more terms than allowed.
    case tooManyTerms(limit: Int)
    /// The term would take more memory than allowed, in bytes.
    case tooMuchMemory(limit: Int)
    /// A part of it has no meaning, and why.
    case invalid(String)
    /// Bytes follow the term.
    case trailingBytes(Int)

    /// Whether it may be read within other bounds.
    package var isSize: Bool {
      switch self {
      case .tooLarge, .tooManyTerms, .tooMuchMemory: true
      default: false
      }
    }
  }

  /// What is wrong.
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

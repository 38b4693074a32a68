import OutsideText

/// The two halves of a node's name.
public struct NodeName: Hashable, Sendable, CustomStringConvertible {
  /// `gateway`
  public let alive: ByteText
  /// `host`, `127.0.0.1`
  public let host: ByteText

  /// Bytes that a name may have.
  public static let longest = 255

  /// From `alive@host`; nil when a half is missing, when it is longer than 255 bytes, or when it has a character that
  /// nobody can see: names stand in logs and on screens, where a control character could forge a line.
  public init?(_ text: ByteText) {
    let bytes = text.utf8
    guard bytes.count <= Self.longest, let sign = bytes.firstIndex(of: UInt8(ascii: "@")),
      sign != bytes.startIndex, bytes.index(after: sign) != bytes.endIndex,
      !bytes[bytes.index(after: sign)...].contains(UInt8(ascii: "@")),
      text.string.unicodeScalars.allSatisfy(\.isVisible)
    else { return nil }
    alive = ByteText(text.string[..<sign])
    host = ByteText(text.string[bytes.index(after: sign)...])
  }

  public var description: String { "\(alive)@\(host)" }
}

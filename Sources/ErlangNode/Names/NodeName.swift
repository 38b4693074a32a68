import OutsideText

/// The two halves of a node's name.
public struct NodeName: Hashable, Sendable, CustomStringConvertible {
  /// `gateway`
  public let alive: ByteText
  /// `host`, `127.0.0.1`
  public let host: ByteText

  /// From `alive@host`; nil when a half is missing, or it is longer than 255 bytes.
  public init?(_ text: ByteText) {
    let parts = text.split(separator: UInt8(ascii: "@"))
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, text.utf8.count <= 255 else { return nil }
    alive = parts[0]
    host = parts[1]
  }

  public var description: String { "\(alive)@\(host)" }
}

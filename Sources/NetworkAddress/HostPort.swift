/// A host and a port as people write them: `gw1:4710`, `192.0.2.1:80`, `[2001:db8::1]:80`.
///
/// An IPv6 address with a port goes in brackets: without them nobody can tell where it ends (RFC 3986, section 3.2.2).
public struct HostPort: Hashable, Sendable, CustomStringConvertible {
  /// Without brackets.
  public var host: String
  /// nil when the text names none.
  public var port: Int?

  /// What is wrong with a text.
  public enum Fault: Error, Equatable {
    case noHost, noClosingBracket, noAddressInBrackets, severalColons
    /// Something else than a port follows the bracket.
    case behindBracket(String)
    /// No port is written so.
    case port(String)
  }

  public init(host: String, port: Int?) {
    self.host = Self.withoutBrackets(host)
    self.port = port
  }

  /// - Parameters:
  ///   - ports: that are taken; with 0, which lets the system choose, or without.
  public init(_ text: String, ports: ClosedRange<Int>) throws(Fault) {
    let bytes = text.utf8
    var rest: Substring
    if bytes.first == UInt8(ascii: "[") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { throw .noClosingBracket }
      host = String(text[bytes.index(after: bytes.startIndex)..<end])
      guard host.utf8.contains(UInt8(ascii: ":")) else { throw .noAddressInBrackets }
      rest = text[bytes.index(after: end)...]
      guard rest.isEmpty || rest.utf8.first == UInt8(ascii: ":") else { throw .behindBracket(String(rest)) }
    } else {
      let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
      guard colon == bytes.endIndex || bytes.lastIndex(of: UInt8(ascii: ":")) == colon else {
        throw .severalColons
      }
      let name = String(text[..<colon])
      // With the dot of the root it is the same name (RFC 6761), which files of hosts do not have.
      host = name.lowercased() == "localhost." ? "localhost" : name
      guard !host.isEmpty else { throw .noHost }
      rest = text[colon...]
    }
    guard !rest.isEmpty else {
      port = nil
      return
    }
    rest = rest.dropFirst()
    // No sign and no blank, which Int would take.
    guard rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(rest), ports.contains(number)
    else { throw .port(String(rest)) }
    port = number
  }

  /// As `init` reads it.
  public var description: String {
    let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return port.map { "\(host):\($0)" } ?? host
  }

  /// The host that stands in brackets, or the text when it has none.
  public static func withoutBrackets(_ host: String) -> String {
    host.utf8.first == UInt8(ascii: "[") && host.utf8.last == UInt8(ascii: "]")
      ? String(host.dropFirst().dropLast()) : host
  }

  /// Whether a host means this machine whatever a name server says: `127.0.0.1.example.org` and `127.example.org` do not.
  public static func isLoopback(_ host: String) -> Bool {
    let host = withoutBrackets(host)
    return host == "localhost" || IPAddress(host)?.isLoopback == true
  }
}

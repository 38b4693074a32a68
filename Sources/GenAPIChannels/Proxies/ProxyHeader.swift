import NetworkAddress

/// What a proxy says of a connection before its first byte: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
struct ProxyHeader: Equatable {
  /// Where the connection comes from; nil when the proxy speaks for itself, as for a check, or does not know.
  var source: IPAddress?
  /// Bytes of the header.
  var count: Int

  enum Reading: Equatable {
    case header(ProxyHeader)
    case needsMore
    /// These bytes begin no header.
    case malformed
  }

  /// The longest line of version 1, its end included: section 2.1.
  static let mostLineBytes = 107
  /// Bytes behind the first 16 of version 2. Addresses take 216 at most, the rest is for what a proxy adds, such as
  /// names of certificates.
  static let mostBodyBytes = 4_096

  private static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  private static let word = Array("PROXY ".utf8)

  static func read(_ bytes: some Collection<UInt8>) -> Reading {
    let bytes = Array(bytes.prefix(16 + mostBodyBytes))
    if begins(bytes, signature) { return bytes.count < 16 ? .needsMore : binary(bytes) }
    guard begins(bytes, word) else { return .malformed }
    let line = bytes.prefix(mostLineBytes)
    guard let end = line.firstIndex(of: UInt8(ascii: "\n")) else {
      return line.count < mostLineBytes ? .needsMore : .malformed
    }
    guard end > word.count, bytes[end - 1] == UInt8(ascii: "\r"),
      let source = text(bytes[word.count..<end - 1])
    else { return .malformed }
    return .header(ProxyHeader(source: source, count: end + 1))
  }

  /// Whether one of them begins with the other.
  private static func begins(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
    let count = min(bytes.count, mark.count)
    return bytes[..<count] == mark[..<count]
  }

  /// `TCP4 192.0.2.1 192.0.2.2 56324 443`. The outer nil is a fault.
  private static func text(_ line: ArraySlice<UInt8>) -> IPAddress?? {
    let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    // Whatever stands behind it is to be ignored.
    if fields.first == "UNKNOWN" { return .some(nil) }
    guard fields.count == 5, fields[3...].allSatisfy({ isPort($0) }), let source = IPAddress(fields[1]),
      IPAddress(fields[2]) != nil
    else { return nil }
    switch fields[0] {
    case "TCP4" where !fields[1].utf8.contains(UInt8(ascii: ":")): return source
    case "TCP6" where fields[1].utf8.contains(UInt8(ascii: ":")): return source
    default: return nil
    }
  }

  private static func isPort(_ text: String) -> Bool {
    (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && Int(text)! <= 65_535
  }

  /// Version 2, of which the first 16 bytes are there.
  private static func binary(_ bytes: [UInt8]) -> Reading {
    let length = Int(bytes[14]) << 8 | Int(bytes[15])
    guard bytes[12] == 0x20 || bytes[12] == 0x21, length <= mostBodyBytes else { return .malformed }
    guard bytes.count >= 16 + length else { return .needsMore }
    var header = ProxyHeader(source: nil, count: 16 + length)
    // LOCAL: the proxy's own connection, whatever addresses it gives.
    guard bytes[12] == 0x21 else { return .header(header) }
    switch bytes[13] {
    case 0x11:
      guard length >= 12 else { return .malformed }
      header.source = IPAddress(bytes: Array(bytes[16..<20]))
    case 0x21:
      guard length >= 36 else { return .malformed }
      header.source = IPAddress(bytes: Array(bytes[16..<32]))
    // Of no or another kind: its addresses are to be ignored.
    default: break
    }
    return .header(header)
  }
}

import NetworkAddress

/// A place that a header names: RFC 7239, section 6.
enum ForwardedNode {
  /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`, `[::ffff:192.0.2.1]:80`; nil for
  /// a name, `unknown`, and what hides an address.
  static func address(_ text: String) -> IPAddress? {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var node = text.utf8.drop(while: isBlank)
    while let last = node.last, isBlank(last) { node.removeLast() }
    if node.first == UInt8(ascii: "[") {
      guard let end = node.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      let inner = node[node.index(after: node.startIndex)..<end]
      // As it is written: `::ffff:192.0.2.1` is an IPv4 address, and `192.0.2.1` has no brackets.
      guard inner.contains(UInt8(ascii: ":")), isPort(node[node.index(after: end)...]) else { return nil }
      return IPAddress(Substring(inner))
    }
    guard let colon = node.firstIndex(of: UInt8(ascii: ":")),
      node.lastIndex(of: UInt8(ascii: ":")) == colon
    else { return IPAddress(Substring(node)) }
    let address = IPAddress(Substring(node[..<colon]))
    return isPort(node[colon...]) && address?.isV6 == false ? address : nil
  }

  /// Nothing, or `:` and a port, which may be hidden too (`:_x`).
  private static func isPort(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first else { return true }
    return first == UInt8(ascii: ":") && (2...64).contains(text.count)
      && text.dropFirst().allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || "._-".utf8.contains(byte)
      }
  }
}

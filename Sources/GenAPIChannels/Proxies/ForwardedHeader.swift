import NetworkAddress

/// `Forwarded: for=192.0.2.43;proto=https, for="[2001:db8::1]:80"`: RFC 7239, section 4.
///
/// A field that is not all well formed names nobody: a quote that a client opens and does not close would swallow what
/// a proxy adds behind it.
enum ForwardedHeader {
  /// Many times what `TrustedProxies.mostHops` elements take.
  static let mostBytes = 4_096

  /// The last first; nil for an element without an address, and for a field that is malformed or too long.
  static func hops(_ values: [String]) -> [IPAddress?] {
    var hops: [IPAddress?] = []
    var left = mostBytes
    for value in values.reversed() {
      guard value.utf8.count <= left, let elements = elements(value) else { return hops + [nil] }
      hops += elements.reversed()
      left -= value.utf8.count
      guard hops.count < TrustedProxies.mostHops else { break }
    }
    return hops
  }

  /// The address of each element of a field; nil when it is malformed.
  private static func elements(_ value: String) -> [IPAddress?]? {
    var rest = value.utf8[...]
    var elements: [IPAddress?] = []
    while true {
      guard let element = element(&rest) else { return nil }
      elements.append(element)
      guard let next = rest.popFirst() else { return elements }
      guard next == UInt8(ascii: ",") else { return nil }
    }
  }

  /// Pairs up to a comma or the end. The outer nil is a fault.
  private static func element(_ rest: inout Substring.UTF8View) -> IPAddress?? {
    var address: IPAddress?
    var isNamed = false
    while true {
      skipBlanks(&rest)
      if let name = token(&rest) {
        guard rest.popFirst() == UInt8(ascii: "="), let value = quoted(&rest) ?? token(&rest) else {
          return nil
        }
        if name.lowercased() == "for" {
          // Each name comes once an element.
          if isNamed { return nil }
          isNamed = true
          address = ForwardedNode.address(value)
        }
      }
      skipBlanks(&rest)
      guard rest.first == UInt8(ascii: ";") else { return .some(address) }
      rest.removeFirst()
    }
  }

  private static func skipBlanks(_ rest: inout Substring.UTF8View) {
    while let byte = rest.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
      rest.removeFirst()
    }
  }

  /// RFC 9110, section 5.6.2, and the characters of an address that many proxies do not put into quotes.
  private static func token(_ rest: inout Substring.UTF8View) -> String? {
    let end =
      rest.firstIndex { byte in
        !((0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
          || "!#$%&'*+-.^_`|~:[]".utf8.contains(byte))
      } ?? rest.endIndex
    guard end > rest.startIndex else { return nil }
    defer { rest = rest[end...] }
    return String(Substring(rest[..<end]))
  }

  /// RFC 9110, section 5.6.4; nil, and nothing taken, for what does not begin or end with a quote.
  private static func quoted(_ rest: inout Substring.UTF8View) -> String? {
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    var inner = rest.dropFirst()
    var bytes: [UInt8] = []
    while let byte = inner.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        rest = inner
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = inner.popFirst() else { return nil }
        bytes.append(escaped)
      default: bytes.append(byte)
      }
    }
    return nil
  }
}

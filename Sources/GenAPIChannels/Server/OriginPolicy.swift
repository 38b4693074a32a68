/// Which web pages may connect. A client that is no browser sends no `Origin` and is not asked.
public enum OriginPolicy: Sendable, Equatable {
  /// The server's own host, as the request names it, and pages of this machine.
  case sameHostOrLoopback
  case any
  /// `https://example.org`, `//example.org` for any scheme, `//*.example.org` for its subdomains.
  case list([String])

  /// Compared byte by byte, as the browser's names are: no character of Swift spans a separator here.
  func allows(origin: String?, host: String?) -> Bool {
    guard let origin, !origin.isEmpty else { return true }
    guard let (scheme, name) = Self.parse(Self.lowercased(origin)) else { return self == .any }
    switch self {
    case .any: return true
    case .sameHostOrLoopback:
      let own = host.map { Self.withoutPort(Self.lowercased($0)) }
      return own.map { name.elementsEqual($0) } ?? false || name.elementsEqual("localhost".utf8)
        || name.elementsEqual("::1".utf8) || name.starts(with: "127.".utf8)
    case .list(let patterns):
      return patterns.contains { pattern in
        guard let (wantedScheme, rest) = Self.split(Self.lowercased(pattern)) else { return false }
        if !wantedScheme.isEmpty, !wantedScheme.elementsEqual(scheme) { return false }
        let wanted = Self.withoutPort(rest)
        guard wanted.starts(with: "*.".utf8) else { return name.elementsEqual(wanted) }
        let suffix = wanted.dropFirst()
        return name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
      }
    }
  }

  /// The scheme with its colon, and the host.
  private static func parse(_ origin: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
    guard let (scheme, rest) = split(origin), scheme.last == UInt8(ascii: ":") else { return nil }
    let name = withoutPort(rest.prefix { $0 != UInt8(ascii: "/") })
    return name.isEmpty ? nil : (scheme, name)
  }

  /// What stands before the first `//` and behind it.
  private static func split(_ text: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
    guard let slashes = text.firstRange(of: Array("//".utf8)) else { return nil }
    return (text[..<slashes.lowerBound], text[slashes.upperBound...])
  }

  private static func withoutPort(_ host: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard host.first == UInt8(ascii: "[") else { return host.prefix { $0 != UInt8(ascii: ":") } }
    return host.dropFirst().prefix { $0 != UInt8(ascii: "]") }
  }

  /// Letters of ASCII only: no other may become one of them.
  private static func lowercased(_ text: String) -> ArraySlice<UInt8> {
    text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }[...]
  }
}

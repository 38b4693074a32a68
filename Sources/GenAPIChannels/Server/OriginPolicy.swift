/// Which web pages may connect. A client that is no browser sends no `Origin` and is not asked.
public enum OriginPolicy: Sendable, Equatable {
  /// The server's own host, as the request names it, and pages of this machine.
  case sameHostOrLoopback
  case any
  /// `https://example.org`, `//example.org` for any scheme, `//*.example.org` for its subdomains.
  case list([String])

  func allows(origin: String?, host: String?) -> Bool {
    guard let origin, !origin.isEmpty else { return true }
    guard let (scheme, name) = Self.parse(origin) else { return self == .any }
    switch self {
    case .any: return true
    case .sameHostOrLoopback:
      let own = host.map { Self.withoutPort($0) }
      return name == own || name == "localhost" || name == "::1" || name.hasPrefix("127.")
    case .list(let patterns):
      return patterns.contains { pattern in
        let parts = pattern.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        if !parts[0].isEmpty, parts[0].lowercased() != scheme + ":" { return false }
        let wanted = Self.withoutPort(String(parts[1]))
        if wanted.hasPrefix("*.") {
          return name.hasSuffix(wanted.dropFirst()) && name.count > wanted.count - 1
        }
        return name == wanted
      }
    }
  }

  /// The scheme and the host, in lower case.
  private static func parse(_ origin: String) -> (String, String)? {
    let parts = origin.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].last == ":" else { return nil }
    let name = withoutPort(String(parts[1].prefix { $0 != "/" }))
    return name.isEmpty ? nil : (parts[0].dropLast().lowercased(), name)
  }

  private static func withoutPort(_ host: String) -> String {
    let host = host.lowercased()
    if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
    return String(host.prefix { $0 != ":" })
  }
}

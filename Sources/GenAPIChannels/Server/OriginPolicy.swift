import NetworkAddress

/// Which web pages may connect. A client that is no browser sends no `Origin` and is not asked.
public enum OriginPolicy: Sendable, Equatable {
  /// The server's own host, as the request names it, and pages of this machine.
  case sameHostOrLoopback
  /// Lets every origin in.
  case any
  /// `https://example.org`, `//example.org` for any scheme, `//*.example.org` for its subdomains.
  case list([String])

  func allows(origin: String?, host: String?) -> Bool {
    guard let origin, !origin.isEmpty else { return true }
    guard let (scheme, name) = Self.parse(origin) else { return self == .any }
    switch self {
    case .any: return true
    case .sameHostOrLoopback:
      return name == host.map(HostName.withoutPort) || HostPort.isLoopback(name)
    case .list(let patterns):
      return patterns.contains { pattern in
        let parts = pattern.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        if !parts[0].isEmpty, parts[0].lowercased() != scheme + ":" { return false }
        let wanted = HostName.withoutPort(parts[1])
        if wanted.hasPrefix("*.") {
          return name.hasSuffix(wanted.dropFirst()) && name.count > wanted.count - 1
        }
        return name == wanted
      }
    }
  }

  /// The scheme and the host, in lower case; nil for what has other characters than ASCII's, which no origin has (RFC 6454,
  /// section 6.2): in lower case some of them are letters of ASCII.
  private static func parse(_ origin: String) -> (String, String)? {
    guard origin.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    let parts = origin.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].last == ":" else { return nil }
    let name = HostName.withoutPort(parts[1].prefix { $0 != "/" })
    return !HostName.isWellFormed(name) ? nil : (parts[0].dropLast().lowercased(), name)
  }
}

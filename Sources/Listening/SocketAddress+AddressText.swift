import NIOCore
import NetworkAddress

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SocketAddress {
  /// As settings have it: `192.0.2.1:80`, `[2001:db8::1]:80`, `[fe80::1%eth0]:80`, `unix:/path`. The one form in logs and on the
  /// screen.
  public var addressText: String {
    guard let host = ipAddress, let port else { return "unix:\(pathname ?? "")" }
    return HostPort(host: host + (zone.map { "%\($0)" } ?? ""), port: port).description
  }

  /// The interface that an address is of which is good on one alone (RFC 4007, section 11), by its name, or its number where it
  /// has none any more; nil for any other.
  private var zone: String? {
    guard case .v6(let address) = self, address.address.sin6_scope_id != 0 else { return nil }
    let number = address.address.sin6_scope_id
    var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
    guard if_indextoname(number, &name) != nil else { return "\(number)" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

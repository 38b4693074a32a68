import NIOCore

/// Whom a connection comes from, as far as shares are concerned: an IPv4 address, the 64-bit network of an IPv6 one
/// (of which one client commonly has all addresses), or the Unix socket.
struct ClientAddress: Hashable, Sendable {
  private let bytes: [UInt8]

  init(_ address: SocketAddress?) {
    switch address {
    case .v4(let address): bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
    case .v6(let address):
      let all = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
      // An IPv4 address in IPv6 clothes (::ffff:a.b.c.d) is that IPv4 address.
      let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
      bytes = Array(isMapped ? all[12...] : all[..<8])
    default: bytes = []
    }
  }
}

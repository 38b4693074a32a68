import NIOCore

/// What strangers are told apart by.
enum StrangerPlace {
  /// An IPv4 address as it is; of an IPv6 one its network of 64 bits, of which one host has all addresses; anything else,
  /// such as the name of a node, as it is.
  static func of(_ address: String) -> String {
    guard address.utf8.contains(UInt8(ascii: ":")),
      case .v6(let parsed)? = try? SocketAddress(ipAddress: address, port: 0)
    else { return address }
    let bytes = withUnsafeBytes(of: parsed.address.sin6_addr) { Array($0) }
    if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
      return bytes[12...].map { "\($0)" }.joined(separator: ".")
    }
    let groups = stride(from: 0, to: 8, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    return groups.joined(separator: ":") + "::/64"
  }
}

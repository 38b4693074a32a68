import NIOCore
import NIOPosix

/// Which addresses a listener takes.
///
/// One at every IPv6 address, `[::]`, takes those of IPv4 too, as systems have it; where another listener of the same program has
/// the port for IPv4, it takes IPv6 alone, or the two could not both open.
public enum FamilyOfListener {
  /// The port, of a listener that has one for IPv4; nil for any other. A name may mean an address of either family.
  public static func ipv4Port(host: String, port: Int) -> Int? {
    port == 0 || host.utf8.contains(UInt8(ascii: ":")) ? nil : port
  }

  /// Whether a listener takes IPv6 alone.
  ///
  /// - Parameter ports: those that other listeners have for IPv4.
  public static func isIPv6Only(host: String, port: Int, beside ports: Set<Int>) -> Bool {
    guard ports.contains(port), let address = try? SocketAddress(ipAddress: host, port: 0) else {
      return false
    }
    return address.ipAddress == "::"
  }

  /// The bootstrap of such a listener.
  public static func only(_ isIPv6Only: Bool, _ bootstrap: ServerBootstrap) -> ServerBootstrap {
    guard isIPv6Only else { return bootstrap }
    return bootstrap.serverChannelOption(
      ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
  }
}

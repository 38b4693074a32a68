import NIOCore
import NetworkAddress

extension SocketAddress {
  /// As settings have it: `192.0.2.1:80`, `[2001:db8::1]:80`, `unix:/path`. The one form in logs and on the screen.
  public var addressText: String {
    guard let host = ipAddress, let port else { return "unix:\(pathname ?? "")" }
    return HostPort(host: host, port: port).description
  }
}

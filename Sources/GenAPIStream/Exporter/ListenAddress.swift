/// Where an exporter listens.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
  /// Port 0 lets the system choose.
  case tcp(host: String, port: Int)
  case unix(path: String)

  /// True when only this machine can connect.
  public var isLocal: Bool {
    switch self {
    case .unix: true
    case .tcp(let host, _):
      host == "localhost" || host == "::1" || host == "[::1]" || Self.isLoopbackIPv4(host)
    }
  }

  /// 127.0.0.0/8, written as four numbers: `127.example.org` is a name, not an address.
  private static func isLoopbackIPv4(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  public var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

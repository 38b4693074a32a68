import Listening
import NetworkAddress

/// Where an exporter listens.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
  /// Port 0 lets the system choose.
  case tcp(host: String, port: Int)
  /// A Unix socket; whoever may open the file may connect.
  case unix(path: String)

  /// True when only this machine can connect.
  public var isLocal: Bool {
    switch self {
    case .unix: true
    case .tcp(let host, _): HostPort.isLoopback(host)
    }
  }

  /// The port that it has for IPv4; nil for none.
  package var ipv4Port: Int? {
    guard case .tcp(let host, let port) = self else { return nil }
    return FamilyOfListener.ipv4Port(host: HostPort.withoutBrackets(host), port: port)
  }

  public var description: String {
    switch self {
    case .tcp(let host, let port): HostPort(host: host, port: port).description
    case .unix(let path): "unix:\(path)"
    }
  }
}

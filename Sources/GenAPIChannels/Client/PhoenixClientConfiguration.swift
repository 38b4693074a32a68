import Listening
import NetworkAddress
import TOON

/// Where a client connects to, and as whom.
public struct PhoenixClientConfiguration: Sendable {
  /// The server's name or address.
  public var host: String
  /// The server's port.
  public var port: Int
  /// The path of the socket.
  public var path = "/socket/websocket"
  /// Added to the query, such as a token.
  public var parameters: [String: String] = [:]
  /// Headers of the request that opens the socket, beside its own.
  public var headers: [String: String] = [:]
  /// nil asks for no version, which means 1.
  public var vsn: String? = "2.0.0"
  /// Text frames are TOON of this version, for a server whose `path` speaks it; nil speaks JSON.
  public var toon: TOONVersion?
  /// nil speaks without encryption: `TLS.client()` of GenAPITLS.
  public var tls: (any TransportEncryption)?
  /// How long a connection may take, and then the server's answer. Default 10 s.
  public var connectTimeout = Duration.seconds(10)
  /// Bytes of a message from the server.
  public var maxMessageBytes = 64 << 20

  public init(host: String = "127.0.0.1", port: Int = 4_700) {
    self.host = host
    self.port = port
  }

  /// Host and port as they are written: an IPv6 address in brackets.
  package var authority: String { HostPort(host: host, port: port).description }

  /// The target of the request, with its query.
  var uri: String {
    let fields = parameters.merging(vsn.map { ["vsn": $0] } ?? [:]) { $1 }.sorted { $0.key < $1.key }
    guard !fields.isEmpty else { return path }
    return path + "?"
      + fields.map { "\(Self.encode($0.key))=\(Self.encode($0.value))" }.joined(separator: "&")
  }

  private static func encode(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || "-._~".unicodeScalars.contains(scalar)
      {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}

/// Why a client got no socket.
public enum PhoenixClientError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No socket could be opened, and why.
  case cannotConnect(String)
  /// The server answered with this HTTP status in place of a socket.
  case refused(status: Int)

  public var description: String {
    switch self {
    case .cannotConnect(let reason): "cannot connect: \(reason)"
    case .refused(let status): "the server refused with HTTP \(status)\(Self.meaning(status))"
    }
  }

  /// What a gateway means by it: it tells no stranger more, and its log does.
  private static func meaning(_ status: Int) -> String {
    switch status {
    case 403: ": a token that is missing or not taken, or an Origin that is not allowed"
    case 404: ": it has no sockets at this path"
    case 503: ": it has too many connections, or is going down"
    default: ""
    }
  }
}

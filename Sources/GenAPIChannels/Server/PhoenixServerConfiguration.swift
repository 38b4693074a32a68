import GenAPIValue
import Listening
import NetworkAddress
import TOON

/// How clients reach a gateway over WebSockets.
public struct PhoenixServerConfiguration: Sendable {
  /// Default 127.0.0.1.
  public var host: String
  /// Default 4700; 0 lets the system choose.
  public var port: Int
  /// A socket that listens already, in place of one at `host` and `port`.
  public var listeningSocket: Int32?
  /// A Unix socket to listen on, in place of `host` and `port`: only the user who runs this program, and root, can ask there.
  public var unixPath: String?
  /// Where sockets are asked for; phoenix.js adds `/websocket` to the path it is given.
  public var path: ByteText = "/socket/websocket"
  /// Where sockets are asked for whose text frames are TOON instead of JSON; nil has none.
  public var toonPath: ByteText?
  /// What is written there: version 3.0 is read by all that read 4.0, too.
  public var toonVersion = TOONVersion.v3
  /// Which origins browsers may come from.
  public var origins = OriginPolicy.sameHostOrLoopback
  /// Names that requests may be for, besides those of loopback: `api.example.org`, without a port. A server that listens
  /// on a loopback address answers to these and to loopback names only; any other to every name while this is empty,
  /// and on paths that are no sockets to every address too.
  public var hostNames: [String] {
    get { hosts.names }
    set { hosts.names = newValue.map(HostName.withoutPort) }
  }
  /// Default false: `hostNames` hold wherever it listens. True: on a loopback address only.
  public var guardsLoopbackHostsOnly: Bool {
    get { hosts.guardsLoopbackOnly }
    set { hosts.guardsLoopbackOnly = newValue }
  }
  var hosts = HostPolicy()
  /// Proxies in front of this server. Default none: the peer is the client.
  public var proxies = TrustedProxies()
  /// Names this server in the log and in metrics.
  public var listenerName = "websocket"
  /// Topics, events and bounds of a socket.
  public var channels = PhoenixConfiguration()
  /// nil speaks without encryption.
  public var tls: (any TransportEncryption)?
  /// Ports that other listeners of the program have for IPv4: at one of them `[::]` is IPv6 alone.
  package var portsOfIPv4: Set<Int> = []
  /// Bytes of a message, of one frame or several; more ends the socket with 1009. Default 1 064 000: a payload of
  /// the gateway's bound with its envelope.
  public var maxMessageBytes = 1_064_000
  /// How long a socket may be silent; heartbeats count. 100 ms … 24 h, default 60 s.
  public var idleTimeout = Duration.seconds(60)
  /// Sockets at one time; one more gets HTTP 503. Default 10 000.
  public var maxConnections = 10_000
  /// The same from one address, of IPv6 from one /64 network. Default 1 000.
  public var maxConnectionsPerAddress = 1_000
  /// Ends a socket with 1008 when the token expires that let it in. Default false: a token is asked for at the door only.
  public var endsWithToken = false
  /// Messages a second that a socket may send over time, in bursts of twice as many; more ends it with 1008.
  /// Default 10 000.
  public var messagesPerSecond = 10_000
  /// Requests of one socket that run at one time; the socket is not read while there are so many. Default 64.
  public var maxInFlight = 64
  /// Bytes that may wait to be taken by a client; more ends its socket with 1008. Messages that are larger
  /// by themselves are beside it, as many as requests may run. No call begins while half of it waits. Default 4 MB.
  public var outgoingBytes = 4_000_000
  /// How long the authenticator may take: 1 ms … 10 min, default 5 s.
  public var authenticationTimeout = Duration.seconds(5)
  /// From the connection to the socket, for the whole handshake, and as long for taking the answer to a plain request:
  /// 1 ms … 10 min, default 10 s.
  public var handshakeTimeout = Duration.seconds(10)
  /// Whether the whole report of the gateway's health, `/healthz`, is answered here; `/livez` and `/readyz` always are.
  public var tellsHealth = true
  /// From the moment when the server says that it is not ready until it lets nobody in any more: what a load balancer
  /// takes to notice. At most 10 min, default 0.
  public var drainDelay = Duration.zero
  /// The time over which the sockets are closed when the server shuts down, so that their clients do not all connect
  /// elsewhere at once. At most 10 min, default 0: all at once.
  public var drainSpread = Duration.zero
  /// How long running requests are given after the last socket's turn: at most 10 min, default 10 s.
  public var drainTimeout = Duration.seconds(10)
  /// How long a client is given to answer a close frame before its connection ends all the same.
  var closeAnswer = Duration.seconds(1)

  public init(host: String = "127.0.0.1", port: Int = 4_700) {
    self.host = host
    self.port = port
  }

  func validate() throws(PhoenixServerError) {
    func check(_ setting: String, _ value: Int, _ allowed: ClosedRange<Int>) throws(PhoenixServerError) {
      guard allowed.contains(value) else {
        throw .invalid(
          setting: setting, value: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
      }
    }
    func check(_ setting: String, _ time: Duration, _ allowed: ClosedRange<Duration>)
      throws(PhoenixServerError)
    {
      guard allowed.contains(time) else {
        throw .invalid(setting: setting, value: time.shown, allowed: allowed.shown)
      }
    }
    guard path.hasPrefix("/"), !path.utf8.contains(UInt8(ascii: "?")) else {
      throw .invalid(setting: "path", value: path.string, allowed: "a path that begins with /")
    }
    if let toonPath {
      guard toonPath.hasPrefix("/"), !toonPath.utf8.contains(UInt8(ascii: "?")), toonPath != path else {
        throw .invalid(
          setting: "toon_path", value: toonPath.string,
          allowed: "a path that begins with / and is not that of JSON")
      }
    }
    try validateDoor()
    try check("port", port, 0...65_535)
    try check("max_channels", channels.maxChannels, 1...10_000)
    try check("max_message_bytes", maxMessageBytes, 128...100_000_000)
    try check("idle_timeout", idleTimeout, .milliseconds(100) ... .seconds(86_400))
    try check("max_connections", maxConnections, 1...10_000_000)
    try check("max_connections_per_address", maxConnectionsPerAddress, 1...10_000_000)
    try check("messages_per_second", messagesPerSecond, 1...10_000_000)
    try check("max_in_flight", maxInFlight, 1...100_000)
    try check("outgoing_bytes", outgoingBytes, 1_024...1_000_000_000)
    let longest = Duration.seconds(600)
    try check("authentication_timeout", authenticationTimeout, .milliseconds(1)...longest)
    try check("handshake_timeout", handshakeTimeout, .milliseconds(1)...longest)
    try check("drain_delay", drainDelay, .zero...longest)
    try check("drain_spread", drainSpread, .zero...longest)
    try check("drain_timeout", drainTimeout, .zero...longest)
  }
}

extension PhoenixServerConfiguration {
  /// Who may come in, and for what.
  private func validateDoor() throws(PhoenixServerError) {
    if channels.event.isEmpty { throw .invalid(setting: "event", value: "empty", allowed: "an event's name") }
    if case .list(let list) = origins, let wrong = list.first(where: { !$0.contains("//") }) {
      throw .invalid(
        setting: "origins", value: "\"\(wrong.cut(bytes: 64))\"",
        allowed: "https://HOST, //HOST or //*.DOMAIN")
    }
    if let wrong = hostNames.first(where: { $0.isEmpty || $0.contains("/") }) {
      throw .invalid(
        setting: "hostNames", value: "\"\(wrong.cut(bytes: 64))\"", allowed: "names such as api.example.org")
    }
    if proxies.usesProxyProtocol, proxies.blocks.isEmpty {
      throw .invalid(
        setting: "proxies.usesProxyProtocol", value: "true", allowed: "false without the proxies' addresses")
    }
  }
}

/// Why a server did not start.
public enum PhoenixServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting is out of its range.
  case invalid(setting: String, value: String, allowed: String)
  /// The address cannot be listened on.
  case cannotListen(host: String, port: Int, reason: String)
  /// The same of a Unix socket.
  case cannotListenAt(path: String, reason: String)
  /// The server was started before; make another one.
  case alreadyStarted

  public var description: String {
    switch self {
    case .invalid(let setting, let value, let allowed): "\(setting) is \(value); it must be \(allowed)"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(HostPort(host: host, port: port)): \(reason)"
    case .cannotListenAt(let path, let reason): "cannot listen on unix:\(path): \(reason)"
    case .alreadyStarted: "this server was started already"
    }
  }
}

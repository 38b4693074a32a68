import GenAPIValue

/// How a gateway exports its telemetry stream.
public struct StreamExporterConfiguration: Sendable {
  /// Where to listen. Default 127.0.0.1:4710.
  public var addresses: [ListenAddress]
  /// What a client must send with its first `subscribe`, at least `leastTokenBytes` long. Needed to listen on anything
  /// but loopback or a Unix socket. Default none.
  public var token: ByteText?
  /// Others that are good too, while those who watch change theirs; only beside `token`.
  public var otherTokens: [ByteText] = []
  /// Subscribers at one time; one more gets an error frame. Default 32.
  public var maximumSubscribers = 32
  /// Connections that have not sent the token yet, beside the subscribers; where more come, the oldest gives way.
  /// Without a token nobody has to wait. Default 16.
  public var maximumWaiting = 16
  /// The same of one address (IPv6: of one /64 network), wrong tokens of the last `wrongTokenDelay` included. Default 4.
  public var maximumWaitingOfAddress = 4
  /// How long the answer to a wrong token is held back, and holds one of its address's places: an address gets 4 guesses
  /// a second. 1 ms … 24 h, default 1 s.
  public var wrongTokenDelay = Duration.seconds(1)
  /// Bytes that may wait to be taken by one subscriber; above it, its events are dropped and counted.
  /// Default 4 MB.
  public var subscriberBufferBytes = 4_000_000
  /// A subscriber that takes nothing for so long is cut off: 1 ms … 24 h, default 60 s.
  public var stallTimeout = Duration.seconds(60)
  /// The interval of `state` frames for clients that ask for none, in whole milliseconds, rounded up: 100 ms … 60 s,
  /// default 1 s.
  public var interval = Duration.milliseconds(StreamProtocol.defaultIntervalMs)
  /// How often the events that wait are handed out: 1 ms … 24 h, default 10 ms; every 50 ms where none came for a second.
  public var drainInterval = Duration.milliseconds(10)
  /// Events that may wait on the bus for the next hand-out. Default 65 536.
  public var queue = 65_536
  /// What `hello` says of the software.
  public var software = Software.name
  /// Since when what is exported counts, in microseconds since the Unix epoch, where others export the same counters: who watches two of
  /// them counts them once. nil is the exporter's own start.
  package var startedAt: Int64?
  /// Ports that other listeners of the program have for IPv4: at one of them, and at those of `addresses`, `[::]` is IPv6 alone.
  package var portsOfIPv4: Set<Int> = []
  /// How long the last frames of a closing connection may take: 1 ms … 24 h, default 1 s.
  public var closeTimeout = Duration.seconds(1)

  /// 128 bits, when it is random.
  public static let leastTokenBytes = 16

  public init(
    addresses: [ListenAddress] = [
      .tcp(host: StreamProtocol.defaultHost, port: StreamProtocol.defaultPort)
    ], token: ByteText? = nil
  ) {
    self.addresses = addresses
    self.token = token
  }
}

/// Why an exporter did not start.
public enum StreamExporterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The address can be reached from other machines, and there is no token.
  case tokenRequired(ListenAddress)
  /// The token has fewer bytes than `StreamExporterConfiguration.leastTokenBytes`.
  case tokenTooShort(bytes: Int)
  /// A setting is out of its range.
  case invalid(setting: String, value: String, allowed: String)
  /// The address cannot be listened on.
  case cannotListen(ListenAddress, reason: String)
  /// The exporter was started before; make another one.
  case alreadyStarted

  public var description: String {
    switch self {
    case .tokenRequired(let address):
      """
      listening on \(address) lets other machines read this gateway's telemetry, so it needs a token; set \
      StreamExporterConfiguration.token (in the gateway's config file: token under [telemetry]), or listen on \
      127.0.0.1 or a Unix socket
      """
    case .tokenTooShort(let bytes):
      """
      the stream's token has \(bytes) bytes and can be guessed; set one of at least \
      \(StreamExporterConfiguration.leastTokenBytes), such as `openssl rand -hex 16` prints, or none
      """
    case .invalid(let setting, let value, let allowed): "\(setting) is \(value); it must be \(allowed)"
    case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
    case .alreadyStarted: "this exporter was started already"
    }
  }
}

extension StreamExporterConfiguration {
  static func check(tokens: [ByteText]) throws(StreamExporterError) {
    for token in tokens where token.utf8.count < leastTokenBytes {
      throw .tokenTooShort(bytes: token.utf8.count)
    }
  }

  func validate() throws(StreamExporterError) {
    try Self.check(tokens: [token].compactMap { $0 } + otherTokens)
    if token == nil, !otherTokens.isEmpty {
      throw .invalid(setting: "otherTokens", value: "set", allowed: "set beside token only")
    }
    if token == nil, let open = addresses.first(where: { !$0.isLocal }) { throw .tokenRequired(open) }
    if addresses.isEmpty { throw .invalid(setting: "addresses", value: "empty", allowed: "one or more") }
    let day = Duration.milliseconds(1) ... .seconds(86_400)
    let intervals = StreamProtocol.intervalRange
    for (setting, time, allowed) in [
      ("interval", interval, .milliseconds(intervals.lowerBound) ... .milliseconds(intervals.upperBound)),
      ("wrongTokenDelay", wrongTokenDelay, day), ("stallTimeout", stallTimeout, day),
      ("drainInterval", drainInterval, day), ("closeTimeout", closeTimeout, day),
    ] as [(String, Duration, ClosedRange<Duration>)] where !allowed.contains(time) {
      throw .invalid(setting: setting, value: time.shown, allowed: allowed.shown)
    }
    for (setting, value, most) in [
      ("maximumSubscribers", maximumSubscribers, 10_000), ("maximumWaiting", maximumWaiting, 10_000),
      ("maximumWaitingOfAddress", maximumWaitingOfAddress, 10_000),
      ("subscriberBufferBytes", subscriberBufferBytes, 1_000_000_000), ("queue", queue, 10_000_000),
    ] where !(1...most).contains(value) {
      throw .invalid(setting: setting, value: "\(value)", allowed: "1 to \(most)")
    }
  }
}

import GenAPIValue

/// One gateway or service node in the nodes pane.
public struct NodeRow: Equatable, Sendable, Identifiable {
  public enum Kind: Equatable, Sendable {
    case gateway
    case service
  }

  /// A service node as one gateway sees it.
  public struct Sighting: Equatable, Sendable {
    public var gateway: ByteText
    public var isUp: Bool
    /// When it went up or down, microseconds since the Unix epoch.
    public var since: Int64
    public var requestsPerSecond = 0.0
    public var errorPercent = 0.0
    public var p99: Int64?
    public var isStale: Bool

    public init(gateway: ByteText, isUp: Bool, since: Int64 = 0, isStale: Bool = false) {
      self.gateway = gateway
      self.isUp = isUp
      self.since = since
      self.isStale = isStale
    }
  }

  public var kind: Kind
  public var name: ByteText
  public var isUp: Bool
  /// For a gateway that is down: the connection's error.
  public var detail: ByteText?
  public var version: ByteText?
  public var requestsPerSecond: Double
  public var errorPercent: Double
  public var p99: Int64?
  /// Percent of one core over the window; gateways only.
  public var cpuPercent: Double?
  public var residentBytes: Int64?
  public var sockets: Int?
  /// How old the newest frame is, in milliseconds.
  public var lagMs: Int64?
  /// Events that were meant for this program and are not shown.
  public var lost: Int64?
  /// The part of `lost` that came, and was not taken in time; nil for a moment of the past.
  public var lostHere: Int64?
  /// This clock minus the gateway's, in milliseconds, as far as a one-way delay tells.
  public var clockSkewMs: Int64?
  public var isStale: Bool
  /// What a service node serves.
  public var services: [ByteText] = []
  /// Of a service node: how each gateway sees it, by the gateway's name.
  public var sightings: [Sighting] = []

  public var id: ByteText { (kind == .gateway ? "g" : "s") + name }

  public init(
    kind: Kind, name: ByteText, isUp: Bool, detail: ByteText? = nil, version: ByteText? = nil,
    requestsPerSecond: Double = 0, errorPercent: Double = 0, p99: Int64? = nil, cpuPercent: Double? = nil,
    residentBytes: Int64? = nil, sockets: Int? = nil, lagMs: Int64? = nil, lost: Int64? = nil,
    clockSkewMs: Int64? = nil, isStale: Bool = false
  ) {
    self.kind = kind
    self.name = name
    self.isUp = isUp
    self.detail = detail
    self.version = version
    self.requestsPerSecond = requestsPerSecond
    self.errorPercent = errorPercent
    self.p99 = p99
    self.cpuPercent = cpuPercent
    self.residentBytes = residentBytes
    self.sockets = sockets
    self.lagMs = lagMs
    self.lost = lost
    self.clockSkewMs = clockSkewMs
    self.isStale = isStale
  }
}

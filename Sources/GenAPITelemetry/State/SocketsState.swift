import GenAPIValue

/// Client connections.
public struct SocketsState: Codable, Equatable, Sendable {
  public var open: Int
  /// Channels joined.
  public var joined: Int
  /// Since the start.
  public var opened: Int64
  public var closed: Int64
  public var byTransport: [ByteText: Int]

  public init(
    open: Int = 0, joined: Int = 0, opened: Int64 = 0, closed: Int64 = 0, byTransport: [ByteText: Int] = [:]
  ) {
    self.open = open
    self.joined = joined
    self.opened = opened
    self.closed = closed
    self.byTransport = byTransport
  }

  private enum CodingKeys: String, CodingKey {
    case open
    case joined
    case opened
    case closed
    case byTransport = "by_transport"
  }
}

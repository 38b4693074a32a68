import GenAPIValue

/// What a server did since it started.
public struct ChannelServerStatistics: Codable, Sendable, Equatable {
  /// Open now.
  public var sockets = 0
  /// Requests that run now.
  public var inFlight = 0
  public var accepted: Int64 = 0
  /// Turned away before a socket opened, by reason: `malformed`, `host`, `origin`, `authentication`, `version`, `full`,
  /// `address_full`, `handshake` (not done in time), `slow_reader` (of a plain answer).
  public var refused: [ByteText: Int64] = [:]
  public var messagesIn: Int64 = 0
  public var messagesOut: Int64 = 0
  /// How often sockets ended, by reason: `closed`, `idle`, `slow_reader`, `too_fast`, `too_large`, `protocol`,
  /// `not_understood`, `not_utf8`, `shutdown`, `lost`.
  public var closed: [ByteText: Int64] = [:]

  public init() {}

  private enum CodingKeys: String, CodingKey {
    case sockets
    case inFlight = "in_flight"
    case accepted
    case refused
    case messagesIn = "messages_in"
    case messagesOut = "messages_out"
    case closed
  }
}

import GenAPIValue

/// What a server did since it started.
public struct PhoenixServerStatistics: Codable, Sendable, Equatable {
  /// Open now.
  public var sockets = 0
  /// Open now, those included that are no sockets yet.
  public var connections = 0
  /// Requests that run now.
  public var inFlight = 0
  /// Connections that were taken.
  public var accepted: Int64 = 0
  /// Turned away before a socket opened, by `RefusalReason`.
  public var refused: [ByteText: Int64] = [:]
  /// Messages that clients sent.
  public var messagesIn: Int64 = 0
  /// Those of them that were dropped: their `join_ref` was of an earlier join of their topic.
  public var messagesDropped: Int64 = 0
  /// Messages sent to clients.
  public var messagesOut: Int64 = 0
  /// How often sockets ended, by `CloseReason`.
  public var closed: [ByteText: Int64] = [:]
  /// The same by the code of the close frame, which the client chose where it closed: 1000 to 1015, and 0 for any other. 1005
  /// is a frame without a code, 1006 no frame.
  public var closeCodes: [UInt16: Int64] = [:]

  /// The codes that RFC 6455 and its registry name and that can be there: 1004 and 1015 may not be sent, and stand for nothing
  /// that is known here.
  public static let namedCloseCodes = [1_000...1_003, 1_005...1_014].flatMap { $0.map { UInt16($0) } }

  public init() {}

  private enum CodingKeys: String, CodingKey {
    case sockets, connections
    case inFlight = "in_flight"
    case accepted
    case refused
    case messagesIn = "messages_in"
    case messagesDropped = "messages_dropped"
    case messagesOut = "messages_out"
    case closed
    case closeCodes = "close_codes"
  }
}

import GenAPIValue

/// What an exporter did since it started.
public struct StreamExporterStatistics: Sendable, Equatable {
  /// Connected now.
  public var subscribers = 0
  /// Connections that were taken, those of strangers among them.
  public var accepted: Int64 = 0
  /// Turned away because the limit of subscribers was reached.
  public var refused: Int64 = 0
  /// Connections that showed no token yet and gave way to a newer one.
  public var gaveWay: Int64 = 0
  /// Wrong tokens.
  public var wrongTokens: Int64 = 0
  /// Turned away because their address had sent too many wrong tokens.
  public var refusedGuessers: Int64 = 0
  /// Event frames written, over all subscribers that ever were.
  public var eventsSent: Int64 = 0
  /// Events some subscriber missed because it was too slow, over all subscribers that ever were.
  public var eventsDropped: Int64 = 0
  /// Events too large for a line, which nobody could be sent.
  public var eventsTooLarge: Int64 = 0
  /// How often connections ended, by reason: `closed`, `bye`, `shutdown`, `stalled`, `silent`, or the code of
  /// the error frame that ended them.
  public var closed: [ByteText: Int64] = [:]

  public init() {}
}

import OutsideText

/// A node came or went.
public enum NodeEvent: Sendable, Equatable {
  /// The node is connected.
  case up(ByteText)
  /// The node is gone, and why.
  case down(ByteText, reason: ByteText)
}

/// What a node did since it started.
public struct LocalNodeStatistics: Sendable, Equatable {
  /// Nodes that are connected now.
  public var peers = 0
  /// Messages that came from other nodes.
  public var messagesIn: Int64 = 0
  /// Messages of a kind that this node does not know, which were skipped.
  public var notUnderstood: Int64 = 0
  /// Calls to other nodes.
  public var callsOut: Int64 = 0
  /// Calls of other nodes that were answered.
  public var callsServed: Int64 = 0
  /// Calls of others that were refused because too many ran.
  public var callsRefused: Int64 = 0
  /// Connections whose handshake failed.
  public var handshakesRefused: Int64 = 0
  /// Connections that gave way to others before their handshake was over, because there were too many.
  public var connectionsRefused: Int64 = 0
  /// Messages for a process or name that is not there, or whose mailbox is full.
  public var messagesDropped: Int64 = 0

  public init() {}
}

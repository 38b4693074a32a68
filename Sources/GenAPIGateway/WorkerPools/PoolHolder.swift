import GenAPIValue

/// Whose a task is, for the share that one client may hold of a pool: a user's over all connections, or a connection's
/// that has no user.
public enum PoolHolder: Hashable, Sendable {
  /// A user, over all connections.
  case user(ByteText)
  /// A connection without a user.
  case connection(ConnectionID)
}

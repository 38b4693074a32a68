/// Bounds of a relay. What would go beyond is refused with a `RelayError` and counted.
public struct RelayLimits: Sendable, Equatable {
  /// Groups that may exist.
  public var groups = 10_000
  /// Members that a group may have.
  public var membersPerGroup = 10_000
  /// Groups that one user is in at one time.
  public var groupsPerUser = 100
  /// Connections on which one member is present at one time.
  public var connectionsPerMember = 32
  /// Bytes of a group's or user's id.
  public var idBytes = 256
  /// Bytes of a message as JSON.
  public var messageBytes = 65_536
  /// Messages of one group that wait while others are being delivered.
  public var waitingMessages = 1_024

  public init() {}
}

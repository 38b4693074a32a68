import GenAPIValue

/// A member of a relay group.
public struct MemberState: Codable, Equatable, Sendable, StateEntry {
  public var userID: ByteText
  /// active, pending or muted.
  public var status: ByteText
  /// admin or member.
  public var role: ByteText
  public var connections: Int
  /// Microseconds since the Unix epoch.
  public var since: Int64

  public var entryKey: ByteText { userID }

  public init(userID: ByteText, status: ByteText, role: ByteText, connections: Int = 1, since: Int64 = 0) {
    self.userID = userID
    self.status = status
    self.role = role
    self.connections = connections
    self.since = since
  }

  private enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case status
    case role
    case connections
    case since
  }
}

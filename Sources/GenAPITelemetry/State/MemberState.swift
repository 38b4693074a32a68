import GenAPIValue

/// A member of a relay group.
public struct MemberState: StateEntry {
  /// The member.
  public var userID: ByteText
  /// active, pending or muted.
  public var status: ByteText
  /// admin or member.
  public var role: ByteText
  /// Connections of this user.
  public var connections: Int
  /// Microseconds since the Unix epoch.
  public var since: Int64

  public var entryKey: ByteText { userID }
  public var owner: StateOwner { .gateway }

  public init(userID: ByteText, status: ByteText, role: ByteText, connections: Int = 1, since: Int64 = 0) {
    self.userID = userID
    self.status = status
    self.role = role
    self.connections = connections
    self.since = since
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&userID)
    editor.name(&status)
    editor.name(&role)
    editor.count(&connections)
    editor.time(&since)
  }

  private enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case status
    case role
    case connections
    case since
  }
}

import GenAPIValue

/// A relay group.
public struct GroupState: StateEntry {
  /// The relay group's name.
  public var groupID: ByteText
  /// public, private or strict_private.
  public var groupType: ByteText
  /// Members that send and receive.
  public var active: Int
  /// Members that wait to be accepted.
  public var pending: Int
  /// Members that receive and may not send.
  public var muted: Int
  /// The first 200 by user id; the counts above are of all.
  public var members: [MemberState]
  /// Messages sent to the group.
  public var messages: Int64
  /// Microseconds since the Unix epoch.
  public var lastMessageAt: Int64?
  /// When it was made, microseconds since the Unix epoch.
  public var createdAt: Int64

  public var entryKey: ByteText { groupID }
  public var owner: StateOwner { .gateway }

  public init(
    groupID: ByteText, groupType: ByteText, active: Int = 0, pending: Int = 0, muted: Int = 0,
    members: [MemberState] = [], messages: Int64 = 0, lastMessageAt: Int64? = nil, createdAt: Int64 = 0
  ) {
    self.groupID = groupID
    self.groupType = groupType
    self.active = active
    self.pending = pending
    self.muted = muted
    self.members = members
    self.messages = messages
    self.lastMessageAt = lastMessageAt
    self.createdAt = createdAt
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&groupID)
    editor.name(&groupType)
    editor.count(&active)
    editor.count(&pending)
    editor.count(&muted)
    editor.entries(&members, most: TextBound.listLength)
    editor.count(&messages)
    editor.time(&lastMessageAt)
    editor.time(&createdAt)
  }

  private enum CodingKeys: String, CodingKey {
    case groupID = "group_id"
    case groupType = "group_type"
    case active
    case pending
    case muted
    case members
    case messages
    case lastMessageAt = "last_message_at"
    case createdAt = "created_at"
  }
}

import GenAPIValue

/// `relay.group.create` and `relay.group.delete`.
public struct RelayGroupChange: Sendable {
  public enum Kind: Sendable {
    case create
    case delete
  }

  public var kind: Kind
  public var groupID: ByteText
  /// `public`, `private` or `strict_private`.
  public var groupType: ByteText
  /// Who did it; nil when the last member leaving deleted it.
  public var userID: ByteText?

  public init(kind: Kind, groupID: ByteText, groupType: ByteText, userID: ByteText?) {
    self.kind = kind
    self.groupID = groupID
    self.groupType = groupType
    self.userID = userID
  }
}

extension RelayGroupChange.Kind {
  public var eventName: EventName {
    switch self {
    case .create: .relayGroupCreate
    case .delete: .relayGroupDelete
    }
  }
}

extension RelayGroupChange {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("group_id", groupID)
    visitor.field("group_type", groupType)
    visitor.field("user_id", userID)
  }
}

/// `relay.member.join`, `.leave`, `.accept`, `.mute` and `.unmute`.
public struct RelayMemberChange: Sendable {
  public enum Kind: Sendable {
    case join
    case leave
    case accept
    case mute
    case unmute
  }

  public var kind: Kind
  public var groupID: ByteText
  public var groupType: ByteText
  public var userID: ByteText
  /// The member who accepted, muted or unmuted; nil when the user acted alone.
  public var actor: ByteText?
  /// The membership after the change: active, pending, muted, or left.
  public var status: ByteText
  /// Why, where it is not the user's own wish: `disconnect`.
  public var reason: ByteText?

  public init(
    kind: Kind, groupID: ByteText, groupType: ByteText, userID: ByteText, actor: ByteText? = nil,
    status: ByteText,
    reason: ByteText? = nil
  ) {
    self.kind = kind
    self.groupID = groupID
    self.groupType = groupType
    self.userID = userID
    self.actor = actor
    self.status = status
    self.reason = reason
  }
}

extension RelayMemberChange.Kind {
  public var eventName: EventName {
    switch self {
    case .join: .relayMemberJoin
    case .leave: .relayMemberLeave
    case .accept: .relayMemberAccept
    case .mute: .relayMemberMute
    case .unmute: .relayMemberUnmute
    }
  }
}

extension RelayMemberChange {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("group_id", groupID)
    visitor.field("group_type", groupType)
    visitor.field("user_id", userID)
    visitor.field("actor", actor)
    visitor.field("status", status)
    visitor.field("reason", reason)
  }
}

/// `relay.message`: a message went to a group.
public struct RelayMessage: Sendable {
  public var groupID: ByteText
  public var fromUserID: ByteText
  public var recipients: Int
  public var durationUs: Int64

  public init(groupID: ByteText, fromUserID: ByteText, recipients: Int, durationUs: Int64) {
    self.groupID = groupID
    self.fromUserID = fromUserID
    self.recipients = recipients
    self.durationUs = durationUs
  }
}

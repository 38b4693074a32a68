import GenAPIValue

/// `relay.group.create` and `relay.group.delete`.
public struct RelayGroupChange: Sendable {
  /// What can be done to a group.
  public enum Kind: Sendable {
    /// The group was made.
    case create
    /// The group was deleted.
    case delete
  }

  /// What was done.
  public var kind: Kind
  /// The relay group's name.
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
  /// The event that tells it.
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
  /// What can happen to a member.
  public enum Kind: Sendable {
    /// A user joined, or asked to.
    case join
    /// A member left.
    case leave
    /// A member that waited was accepted.
    case accept
    /// A member was muted.
    case mute
    /// A member may send again.
    case unmute
  }

  /// What happened.
  public var kind: Kind
  /// The relay group's name.
  public var groupID: ByteText
  /// The group's type: `public`, `private` or `strict_private`.
  public var groupType: ByteText
  /// The member.
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
  /// The event that tells it.
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
  /// The relay group's name.
  public var groupID: ByteText
  /// The sender.
  public var fromUserID: ByteText
  /// Members that the message is for.
  public var recipients: Int
  /// How long it took to hand it to all of them, in microseconds.
  public var durationUs: Int64

  public init(groupID: ByteText, fromUserID: ByteText, recipients: Int, durationUs: Int64) {
    self.groupID = groupID
    self.fromUserID = fromUserID
    self.recipients = recipients
    self.durationUs = durationUs
  }
}

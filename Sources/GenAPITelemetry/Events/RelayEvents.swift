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

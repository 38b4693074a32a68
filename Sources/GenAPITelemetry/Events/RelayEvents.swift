/// `relay.group.create` and `relay.group.delete`.
public struct RelayGroupChange: Sendable {
  public enum Kind: Sendable {
    case create
    case delete
  }

  public var kind: Kind
  public var groupID: String
  /// `public`, `private` or `strict_private`.
  public var groupType: String
  /// Who did it; nil when the last member leaving deleted it.
  public var userID: String?

  public init(kind: Kind, groupID: String, groupType: String, userID: String?) {
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
  public var groupID: String
  public var groupType: String
  public var userID: String
  /// The member who accepted, muted or unmuted; nil when the user acted alone.
  public var actor: String?
  /// The membership after the change: active, pending, muted, or left.
  public var status: String
  /// Why, where it is not the user's own wish: `disconnect`.
  public var reason: String?

  public init(
    kind: Kind, groupID: String, groupType: String, userID: String, actor: String? = nil, status: String,
    reason: String? = nil
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
  public var groupID: String
  public var fromUserID: String
  public var recipients: Int
  public var durationUs: Int64

  public init(groupID: String, fromUserID: String, recipients: Int, durationUs: Int64) {
    self.groupID = groupID
    self.fromUserID = fromUserID
    self.recipients = recipients
    self.durationUs = durationUs
  }
}

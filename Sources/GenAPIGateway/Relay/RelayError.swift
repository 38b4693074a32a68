import GenAPIValue

/// Why the relay refused something.
public enum RelayError: Error, Equatable, Sendable {
  /// There is no such group.
  case notFound
  /// A group of this id exists.
  case alreadyExists
  /// The user is a member already.
  case alreadyMember
  /// The user is no member.
  case userNotInGroup
  /// Only an active admin, or in private groups an active member, may do this.
  case notAdmin
  /// The user does not wait to be accepted.
  case userNotPending
  /// Only groups of the kind `strict_private` mute.
  case notStrictPrivate
  /// The user is an admin or no active member.
  case cannotMute
  /// The user is not muted.
  case notMuted
  /// The sender is no member.
  case senderNotMember
  /// The sender waits to be accepted.
  case senderPending
  /// The sender is muted.
  case senderMuted
  /// The connection was closed while the call was under way.
  case connectionClosed
  /// An id that is empty or longer than allowed, in bytes.
  case invalidID(name: ByteText, bytes: Int, maximum: Int)
  /// The id of a group has a character that is not seen, or a blank other than the space: why, in words.
  case hiddenCharacter(ByteText)
  /// As many groups exist as may.
  case tooManyGroups(maximum: Int)
  /// The group has as many members as it may.
  case groupFull(maximum: Int)
  /// The user is in as many groups as it may be.
  case tooManyGroupsOfUser(maximum: Int)
  /// The member is there on as many connections as it may be.
  case tooManyConnections(maximum: Int)
  /// The message is longer than allowed, in bytes.
  case messageTooLarge(maximumBytes: Int)
  /// More messages wait for delivery in this group than allowed.
  case busy(maximum: Int)

  /// The name an API answers with: `not_found`, `already_member` …
  public var name: ByteText {
    switch self {
    case .notFound: "not_found"
    case .alreadyExists: "already_exists"
    case .alreadyMember: "already_member"
    case .userNotInGroup, .senderNotMember: "user_not_in_group"
    case .notAdmin: "not_admin"
    case .userNotPending: "user_not_pending"
    case .notStrictPrivate: "not_strict_private"
    case .cannotMute: "cannot_mute"
    case .notMuted: "not_muted"
    case .senderPending: "pending"
    case .senderMuted: "muted"
    case .connectionClosed: "connection_closed"
    case .invalidID, .hiddenCharacter: "invalid_id"
    case .tooManyGroups: "too_many_groups"
    case .groupFull: "group_full"
    case .tooManyGroupsOfUser: "too_many_groups_of_user"
    case .tooManyConnections: "too_many_connections"
    case .messageTooLarge: "message_too_large"
    case .busy: "busy"
    }
  }

  /// What the client that sent a message is told.
  public var clientMessage: ByteText {
    switch self {
    case .notFound: "Group not found"
    case .userNotInGroup, .senderNotMember: "Not a member of this group"
    case .senderPending: "Pending membership: wait for acceptance"
    case .senderMuted: "You are muted and cannot send messages"
    case .alreadyExists: "Group already exists"
    case .alreadyMember: "Already a member of this group"
    case .notAdmin: "Not an admin of this group"
    case .userNotPending: "User is not pending"
    case .notStrictPrivate: "Group is not strict_private"
    case .cannotMute: "User cannot be muted"
    case .notMuted: "User is not muted"
    case .connectionClosed: "The connection is closed"
    case .invalidID(let name, let bytes, let maximum): "\(name) must be 1 to \(maximum) bytes, is \(bytes)"
    case .hiddenCharacter(let words): words
    case .tooManyGroups(let maximum): "At most \(maximum) groups may exist"
    case .groupFull(let maximum): "Group is full: at most \(maximum) members"
    case .tooManyGroupsOfUser(let maximum): "A user may be in at most \(maximum) groups"
    case .tooManyConnections(let maximum): "A member may be present on at most \(maximum) connections"
    case .messageTooLarge(let maximum): "Message exceeds maximum size of \(maximum) bytes"
    case .busy(let maximum): "Group is busy: \(maximum) messages wait for delivery"
    }
  }

  /// True when the same call may succeed later.
  public var canRetry: Bool { if case .busy = self { true } else { false } }

  /// True when a bound was met rather than a rule broken.
  var isBound: Bool {
    switch self {
    case .invalidID, .tooManyGroups, .groupFull, .tooManyGroupsOfUser, .tooManyConnections, .messageTooLarge,
      .busy:
      true
    default: false
    }
  }
}

import GenAPIValue

/// The rules of one relay group: who is a member, who may do what. No delivery, no events, no clock.
public struct RelayGroup: Sendable, Equatable {
  /// Who may join, and who accepts.
  public enum Kind: String, Sendable, CaseIterable {
    /// Who joins is active at once.
    case `public`
    /// Who joins waits until any active member accepts.
    case `private`
    /// Who joins waits until an active admin accepts; admins may mute.
    case strictPrivate = "strict_private"
  }

  /// How a member stands.
  public enum Status: String, Sendable {
    /// The member sends and receives.
    case active
    /// The member waits to be accepted.
    case pending
    /// The member receives only.
    case muted
  }

  /// What a member may do for others.
  public enum Role: String, Sendable {
    /// The member may accept, mute and unmute.
    case admin
    /// The member may do nothing of that.
    case member
  }

  /// A member of the group.
  public struct Member: Sendable, Equatable {
    /// What it may do for others.
    public var role: Role
    /// How it stands.
    public var status: Status
    /// Microseconds since the Unix epoch.
    public var joinedAt: Int64
    /// The order in which members came, for times that are equal.
    var number: Int
  }

  /// The group's name.
  public let id: ByteText
  /// Who may join, and who accepts.
  public let kind: Kind
  /// Microseconds since the Unix epoch.
  public let createdAt: Int64
  /// The members by user id.
  public private(set) var members: [ByteText: Member] = [:]
  private var nextNumber = 0
  private var admins = 0
  /// Members that wait to be accepted.
  public private(set) var pendingCount = 0
  /// Members that only receive.
  public private(set) var mutedCount = 0

  /// Members that send and receive.
  public var activeCount: Int { members.count - pendingCount - mutedCount }
  /// Those who receive messages: active and muted members.
  public var recipientCount: Int { members.count - pendingCount }

  /// The creator is its admin, and active.
  public init(id: ByteText, kind: Kind, creator: ByteText, at time: Int64) {
    self.id = id
    self.kind = kind
    createdAt = time
    add(creator, role: .admin, status: .active, at: time)
  }

  // MARK: Membership

  /// Answers how the user stands now: active or pending, or still muted (W-37: joining again does not unmute).
  public mutating func join(_ user: ByteText, at time: Int64) throws(RelayError) -> Status {
    if let member = members[user] {
      if member.status == .muted { return .muted }
      throw .alreadyMember
    }
    let status: Status = kind == .public ? .active : .pending
    add(user, role: .member, status: status, at: time)
    return status
  }

  /// Removes a member. When that was the last admin, the active member who came first becomes admin (W-37: a
  /// group without one could never accept, mute or unmute again).
  public mutating func leave(_ user: ByteText) throws(RelayError) {
    guard let member = members.removeValue(forKey: user) else { throw .userNotInGroup }
    count(member.status, -1)
    guard member.role == .admin else { return }
    admins -= 1
    if admins == 0,
      let heir = members.filter({ $0.value.status == .active }).min(by: { $0.value.number < $1.value.number })
    {
      members[heir.key]?.role = .admin
      admins = 1
    }
  }

  /// Lets a pending user in: any active member may in a private group, an active admin in a strict one.
  public mutating func accept(_ user: ByteText, by actor: ByteText) throws(RelayError) {
    guard let acting = members[actor] else { throw .userNotInGroup }
    guard acting.status == .active, kind != .strictPrivate || acting.role == .admin else { throw .notAdmin }
    guard let target = members[user] else { throw .userNotInGroup }
    guard target.status == .pending else { throw .userNotPending }
    set(user, .active)
  }

  /// Takes the word from an active member who is not an admin.
  public mutating func mute(_ user: ByteText, by actor: ByteText) throws(RelayError) {
    let target = try moderated(user, by: actor)
    guard target.status == .active, target.role != .admin else { throw .cannotMute }
    set(user, .muted)
  }

  /// Gives a muted member the word again.
  public mutating func unmute(_ user: ByteText, by actor: ByteText) throws(RelayError) {
    guard try moderated(user, by: actor).status == .muted else { throw .notMuted }
    set(user, .active)
  }

  /// In this order: the kind of group, the actor, the target.
  private func moderated(_ user: ByteText, by actor: ByteText) throws(RelayError) -> Member {
    guard kind == .strictPrivate else { throw .notStrictPrivate }
    guard isActiveAdmin(actor) else { throw .notAdmin }
    guard let target = members[user] else { throw .userNotInGroup }
    return target
  }

  /// Whether the user is an admin who is active.
  public func isActiveAdmin(_ user: ByteText) -> Bool {
    members[user].map { $0.role == .admin && $0.status == .active } ?? false
  }

  // MARK: Sending

  /// Throws when the user may not send.
  public func checkSend(from user: ByteText) throws(RelayError) {
    switch members[user]?.status {
    case .active: return
    case .pending: throw .senderPending
    case .muted: throw .senderMuted
    case nil: throw .senderNotMember
    }
  }

  /// Whether the user gets messages: members that are active or muted.
  public func receives(_ user: ByteText) -> Bool {
    members[user].map { $0.status != .pending } ?? false
  }

  // MARK: Counting

  private mutating func add(_ user: ByteText, role: Role, status: Status, at time: Int64) {
    members[user] = Member(role: role, status: status, joinedAt: time, number: nextNumber)
    nextNumber += 1
    if role == .admin { admins += 1 }
    count(status, 1)
  }

  private mutating func set(_ user: ByteText, _ status: Status) {
    guard let old = members[user]?.status else { return }
    count(old, -1)
    count(status, 1)
    members[user]?.status = status
  }

  private mutating func count(_ status: Status, _ change: Int) {
    switch status {
    case .active: break
    case .pending: pendingCount += change
    case .muted: mutedCount += change
    }
  }
}

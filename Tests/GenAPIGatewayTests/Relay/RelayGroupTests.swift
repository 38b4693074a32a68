import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("The rules of a relay group")
struct RelayGroupTests {
  private func group(_ kind: RelayGroup.Kind) -> RelayGroup {
    RelayGroup(id: "g", kind: kind, creator: "ann", at: 0)
  }

  /// With "bob" active, "cat" pending and, where it can be, "dan" muted.
  private func filled(_ kind: RelayGroup.Kind) throws -> RelayGroup {
    var group = group(kind)
    for user in ["bob", "cat", "dan"] { _ = try group.join(ByteText(user), at: 0) }
    if kind != .public {
      try group.accept("bob", by: "ann")
      try group.accept("dan", by: "ann")
    }
    if kind == .strictPrivate { try group.mute("dan", by: "ann") }
    return group
  }

  @Test("the creator is admin and active", arguments: RelayGroup.Kind.allCases)
  func creator(kind: RelayGroup.Kind) {
    let member = group(kind).members["ann"]
    #expect(member?.role == .admin && member?.status == .active)
  }

  @Test(
    "who joins a public group is active, in others pending",
    arguments: [(.public, .active), (.private, .pending), (.strictPrivate, .pending)]
      as [(RelayGroup.Kind, RelayGroup.Status)])
  func join(kind: RelayGroup.Kind, status: RelayGroup.Status) throws {
    var group = group(kind)
    #expect(try group.join("bob", at: 5) == status)
    #expect(group.members["bob"]?.role == .member && group.members["bob"]?.joinedAt == 5)
    #expect(throws: RelayError.alreadyMember) { try group.join("bob", at: 6) }
  }

  @Test("a muted member who joins again stays muted (W-37)")
  func rejoinMuted() throws {
    var group = try filled(.strictPrivate)
    #expect(try group.join("dan", at: 0) == .muted)
    #expect(group.members["dan"]?.status == .muted)
  }

  @Test("in a private group any active member accepts")
  func acceptPrivate() throws {
    var group = try filled(.private)
    try group.accept("cat", by: "bob")
    #expect(group.members["cat"]?.status == .active)
  }

  @Test("in a strict_private group only an active admin accepts")
  func acceptStrict() throws {
    var group = try filled(.strictPrivate)
    #expect(throws: RelayError.notAdmin) { try group.accept("cat", by: "bob") }
    try group.accept("cat", by: "ann")
    #expect(group.members["cat"]?.status == .active)
  }

  @Test("accept: the actor must be a member, active, and the target pending")
  func acceptErrors() throws {
    var group = try filled(.private)
    #expect(throws: RelayError.userNotInGroup) { try group.accept("cat", by: "nobody") }
    #expect(throws: RelayError.notAdmin) { try group.accept("cat", by: "cat") }
    #expect(throws: RelayError.userNotInGroup) { try group.accept("nobody", by: "ann") }
    #expect(throws: RelayError.userNotPending) { try group.accept("bob", by: "ann") }
  }

  @Test("only strict_private groups mute", arguments: [RelayGroup.Kind.public, .private])
  func muteElsewhere(kind: RelayGroup.Kind) throws {
    var group = try filled(kind)
    #expect(throws: RelayError.notStrictPrivate) { try group.mute("bob", by: "nobody") }
    #expect(throws: RelayError.notStrictPrivate) { try group.unmute("bob", by: "ann") }
  }

  @Test("mute: active admin only, and only an active member who is no admin")
  func muteErrors() throws {
    var group = try filled(.strictPrivate)
    for actor in ["bob", "cat", "dan", "nobody"] {
      #expect(throws: RelayError.notAdmin) { try group.mute("bob", by: ByteText(actor)) }
      #expect(throws: RelayError.notAdmin) { try group.unmute("dan", by: ByteText(actor)) }
    }
    #expect(throws: RelayError.userNotInGroup) { try group.mute("nobody", by: "ann") }
    #expect(throws: RelayError.cannotMute) { try group.mute("cat", by: "ann") }
    #expect(throws: RelayError.cannotMute) { try group.mute("dan", by: "ann") }
    #expect(throws: RelayError.userNotInGroup) { try group.unmute("nobody", by: "ann") }
    #expect(throws: RelayError.notMuted) { try group.unmute("bob", by: "ann") }
  }

  @Test("an admin cannot be muted, not even by itself (W-37)")
  func muteAdmin() throws {
    var group = try filled(.strictPrivate)
    #expect(throws: RelayError.cannotMute) { try group.mute("ann", by: "ann") }
  }

  @Test("an unmuted member is active again")
  func unmute() throws {
    var group = try filled(.strictPrivate)
    try group.unmute("dan", by: "ann")
    #expect(group.members["dan"]?.status == .active)
  }

  @Test("active members may send; pending, muted and strangers may not")
  func send() throws {
    let group = try filled(.strictPrivate)
    try group.checkSend(from: "bob")
    #expect(throws: RelayError.senderPending) { try group.checkSend(from: "cat") }
    #expect(throws: RelayError.senderMuted) { try group.checkSend(from: "dan") }
    #expect(throws: RelayError.senderNotMember) { try group.checkSend(from: "nobody") }
  }

  @Test("active and muted members receive, pending ones do not (W-36)")
  func receive() throws {
    let group = try filled(.strictPrivate)
    #expect(["ann", "bob", "cat", "dan", "nobody"].map(group.receives) == [true, true, false, true, false])
    #expect(group.recipientCount == 3 && group.activeCount == 2)
    #expect(group.pendingCount == 1 && group.mutedCount == 1)
  }

  @Test("when the last admin leaves, the active member who came first becomes admin (W-37)")
  func heir() throws {
    var group = try filled(.strictPrivate)
    _ = try group.join("abe", at: 9)
    try group.accept("abe", by: "ann")
    try group.leave("ann")
    #expect(group.members["bob"]?.role == .admin)
    #expect(group.members["abe"]?.role == .member)
    #expect(throws: RelayError.userNotInGroup) { try group.leave("ann") }
  }

  /// The rules again: a list of (user, status, admin) in the order of joining, and no counters.
  private struct Model {
    var kind: RelayGroup.Kind
    var list: [(user: String, status: String, admin: Bool)]

    func find(_ user: String) -> (status: String, admin: Bool)? {
      list.first { $0.user == user }.map { ($0.status, $0.admin) }
    }

    mutating func set(_ user: String, _ status: String) {
      for index in list.indices where list[index].user == user { list[index].status = status }
    }

    mutating func apply(_ operation: String, _ user: String, _ actor: String) -> String {
      let target = find(user)
      let acting = find(actor)
      let rules = acting.map { $0.status == "active" && $0.admin } ?? false
      switch operation {
      case "join":
        if target?.status == "muted" { return "muted" }
        if target != nil { return "already_member" }
        let status = kind == .public ? "active" : "pending"
        list.append((user, status, false))
        return status
      case "leave":
        if target == nil { return "user_not_in_group" }
        list.removeAll { $0.user == user }
        if !list.contains(where: \.admin), let first = list.firstIndex(where: { $0.status == "active" }),
          target!.admin
        {
          list[first].admin = true
        }
        return "ok"
      case "accept":
        if acting == nil { return "user_not_in_group" }
        if acting!.status != "active" || (kind == .strictPrivate && !rules) { return "not_admin" }
        if target == nil { return "user_not_in_group" }
        if target!.status != "pending" { return "user_not_pending" }
        set(user, "active")
        return "ok"
      case "mute", "unmute":
        if kind != .strictPrivate { return "not_strict_private" }
        if !rules { return "not_admin" }
        if target == nil { return "user_not_in_group" }
        if operation == "mute" {
          if target!.status != "active" || target!.admin { return "cannot_mute" }
          set(user, "muted")
        } else {
          if target!.status != "muted" { return "not_muted" }
          set(user, "active")
        }
        return "ok"
      default:
        switch target?.status {
        case "active": return "ok"
        case nil: return "user_not_in_group"
        case let status?: return status
        }
      }
    }
  }

  private func apply(_ operation: String, _ user: String, _ actor: String, to group: inout RelayGroup)
    -> String
  {
    do throws(RelayError) {
      switch operation {
      case "join": return try group.join(ByteText(user), at: 0).rawValue
      case "leave": try group.leave(ByteText(user))
      case "accept": try group.accept(ByteText(user), by: ByteText(actor))
      case "mute": try group.mute(ByteText(user), by: ByteText(actor))
      case "unmute": try group.unmute(ByteText(user), by: ByteText(actor))
      default: try group.checkSend(from: ByteText(user))
      }
      return "ok"
    } catch {
      return error.name.string
    }
  }

  @Test("it does what a plain model does, whatever happens in whatever order", arguments: 1...90)
  func model(seed: UInt64) {
    var numbers = SeededRandom(seed: seed)
    let kind = RelayGroup.Kind.allCases[Int(seed % 3)]
    var group = group(kind)
    var model = Model(kind: kind, list: [("ann", "active", true)])
    let users = ["ann", "bob", "cat", "dan", "eve"]
    for step in 0..<1_000 {
      let operation = ["join", "join", "leave", "accept", "accept", "mute", "unmute", "send"]
        .randomElement(using: &numbers)!
      let user = users.randomElement(using: &numbers)!
      let actor = users.randomElement(using: &numbers)!
      let expected = model.apply(operation, user, actor)
      #expect(
        apply(operation, user, actor, to: &group) == expected,
        "step \(step): \(operation) \(user) by \(actor)")
      #expect(group.members.count == model.list.count)
      for member in model.list {
        #expect(group.members[ByteText(member.user)]?.status.rawValue == member.status)
        #expect((group.members[ByteText(member.user)]?.role == .admin) == member.admin)
        #expect(group.receives(ByteText(member.user)) == (member.status != "pending"))
      }
      #expect(group.activeCount == model.list.count { $0.status == "active" })
      #expect(group.pendingCount == model.list.count { $0.status == "pending" })
      #expect(group.mutedCount == model.list.count { $0.status == "muted" })
    }
  }
}

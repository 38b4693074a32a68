import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Relay")
struct RelayTests {
  @Test("a message reaches every member, the sender too, with the sender's request id")
  func delivers() throws {
    let (fixture, ann) = try RelayFixture.group(.public)
    let bob = try fixture.join("bob", 2)
    #expect(try fixture.relay.send(groupID: "g", from: "ann", message: "hi", requestID: "r7") == 2)
    for connection in [ann, bob] {
      let response = try #require(connection.responses.first)
      #expect(response.requestID == "r7" && response.success)
      #expect(
        response.result == [
          "group_id": "g", "from_user_id": "ann", "message": "hi", "timestamp": "2023-11-14T22:13:20.000000Z",
        ])
    }
  }

  @Test("pending members receive nothing and are not counted; muted ones receive (W-36)")
  func pending() throws {
    let (fixture, _) = try RelayFixture.group(.strictPrivate)
    let bob = try fixture.join("bob", 2)
    let cat = try fixture.join("cat", 3)
    try fixture.relay.accept(groupID: "g", actor: "ann", userID: "cat")
    try fixture.relay.mute(groupID: "g", actor: "ann", userID: "cat")
    #expect(try fixture.relay.send(groupID: "g", from: "ann", message: "1", requestID: "r") == 2)
    #expect(bob.texts.isEmpty && cat.texts == ["1"])
    try fixture.relay.accept(groupID: "g", actor: "ann", userID: "bob")
    #expect(try fixture.relay.send(groupID: "g", from: "bob", message: "2", requestID: "r") == 3)
    #expect(bob.texts == ["2"])
  }

  @Test("who may not send is told why, in words for the client")
  func senderErrors() throws {
    let (fixture, _) = try RelayFixture.group(.strictPrivate)
    _ = try fixture.join("bob", 2)
    _ = try fixture.join("cat", 3)
    try fixture.relay.accept(groupID: "g", actor: "ann", userID: "cat")
    try fixture.relay.mute(groupID: "g", actor: "ann", userID: "cat")
    func error(_ group: String, _ user: String) -> String? {
      fixture.relay.answer(groupID: ByteText(group), from: ByteText(user), message: "x", requestID: "r")
        .error?.string
    }
    #expect(error("nowhere", "ann") == "Group not found")
    #expect(error("g", "nobody") == "Not a member of this group")
    #expect(error("g", "bob") == "Pending membership: wait for acceptance")
    #expect(error("g", "cat") == "You are muted and cannot send messages")
  }

  @Test("the sender's answer says relayed and how many members it went to (W-48)")
  func answer() throws {
    let (fixture, _) = try RelayFixture.group(.public)
    let response = fixture.relay.answer(groupID: "g", from: "ann", message: ["a": 1], requestID: "r1")
    #expect(response == .sync("r1", ["status": "relayed", "recipients_count": 1]))
  }

  @Test("a member is sent to on every connection, and counted once")
  func severalConnections() throws {
    let (fixture, ann) = try RelayFixture.group(.public)
    let second = TestConnection(9)
    #expect(throws: RelayError.alreadyMember) {
      try fixture.relay.join(groupID: "g", userID: "ann", connection: second)
    }
    #expect(try fixture.relay.send(groupID: "g", from: "ann", message: "x", requestID: "r") == 1)
    #expect(ann.texts == ["x"] && second.texts == ["x"])
    #expect(fixture.relay.groupStates()[0].members[0].connections == 2)
    fixture.relay.connectionClosed(ann.connectionID)
    #expect(fixture.relay.groupStates()[0].members[0].connections == 1)
    fixture.relay.connectionClosed(second.connectionID)
    #expect(fixture.relay.groups().isEmpty)
  }

  @Test("the last connection's end removes the membership, the creator's too (W-37)")
  func disconnect() throws {
    let (fixture, ann) = try RelayFixture.group(.public)
    let bob = try fixture.join("bob", 2)
    _ = fixture.events.drain()
    fixture.relay.connectionClosed(ann.connectionID)
    let change = try #require(fixture.changes().first)
    #expect(change.kind == .leave && change.userID == "ann")
    #expect(change.status == "left" && change.reason == "disconnect")
    #expect(try fixture.relay.send(groupID: "g", from: "bob", message: "x", requestID: "r") == 1)
    #expect(ann.texts.isEmpty && bob.texts == ["x"])
  }

  @Test("a group without members is deleted, and says so after the leave")
  func emptyGroup() throws {
    let (fixture, _) = try RelayFixture.group(.private)
    try fixture.relay.leave(groupID: "g", userID: "ann")
    #expect(fixture.events.drain().events.map(\.name) == [.relayMemberLeave, .relayGroupDelete])
    #expect(throws: RelayError.notFound) { try fixture.relay.groupInfo(groupID: "g") }
    #expect(fixture.relay.presence.counts == (0, 0))
  }

  @Test("a deleted group leaves no listeners behind for one of the same name (W-36)")
  func deleted() throws {
    let (fixture, ann) = try RelayFixture.group(.public)
    let bob = try fixture.join("bob", 2)
    try fixture.relay.deleteGroup(groupID: "g")
    #expect(throws: RelayError.notFound) { try fixture.relay.deleteGroup(groupID: "g") }
    try fixture.relay.createGroup(
      groupID: "g", type: .public, creator: "cat", connection: TestConnection(3))
    try fixture.relay.send(groupID: "g", from: "cat", message: "x", requestID: "r")
    #expect(ann.texts.isEmpty && bob.texts.isEmpty)
    fixture.relay.connectionClosed(bob.connectionID)
    #expect(fixture.relay.groupStates()[0].active == 1)
  }

  @Test("an actor who deletes must be an active admin (W-37)")
  func deleteActor() throws {
    let (fixture, _) = try RelayFixture.group(.public)
    _ = try fixture.join("bob", 2)
    #expect(throws: RelayError.notAdmin) { try fixture.relay.deleteGroup(groupID: "g", actor: "bob") }
    try fixture.relay.deleteGroup(groupID: "g", actor: "ann")
    #expect(fixture.relay.groups().isEmpty)
  }

  @Test("a call under way when its connection closes does not bring it back")
  func closedStaysClosed() throws {
    let (fixture, _) = try RelayFixture.group(.public)
    let gone = TestConnection(5)
    fixture.relay.connectionClosed(gone.connectionID)
    #expect(throws: RelayError.connectionClosed) {
      try fixture.relay.join(groupID: "g", userID: "bob", connection: gone)
    }
    #expect(throws: RelayError.connectionClosed) {
      try fixture.relay.createGroup(groupID: "h", type: .public, creator: "bob", connection: gone)
    }
    #expect(fixture.relay.groups() == ["g"])
    #expect(fixture.relay.presence.counts == (1, 1))
  }

  @Test("groups that exist cannot be created, and unknown ones answer not_found to everything")
  func unknown() throws {
    let (fixture, ann) = try RelayFixture.group(.public)
    #expect(throws: RelayError.alreadyExists) {
      try fixture.relay.createGroup(groupID: "g", type: .public, creator: "bob", connection: ann)
    }
    let relay = fixture.relay
    #expect(throws: RelayError.notFound) { try relay.join(groupID: "x", userID: "ann", connection: ann) }
    #expect(throws: RelayError.notFound) { try relay.leave(groupID: "x", userID: "ann") }
    #expect(throws: RelayError.notFound) { try relay.accept(groupID: "x", actor: "ann", userID: "b") }
    #expect(throws: RelayError.notFound) { try relay.mute(groupID: "x", actor: "ann", userID: "b") }
    #expect(throws: RelayError.notFound) { try relay.unmute(groupID: "x", actor: "ann", userID: "b") }
    #expect(throws: RelayError.notFound) { try relay.deleteGroup(groupID: "x") }
  }

  @Test("every change of membership is an event with the actor and the new status")
  func events() throws {
    let (fixture, _) = try RelayFixture.group(.strictPrivate)
    _ = try fixture.join("bob", 2)
    try fixture.relay.accept(groupID: "g", actor: "ann", userID: "bob")
    try fixture.relay.mute(groupID: "g", actor: "ann", userID: "bob")
    try fixture.relay.unmute(groupID: "g", actor: "ann", userID: "bob")
    try fixture.relay.leave(groupID: "g", userID: "bob")
    let changes = fixture.changes()
    #expect(changes.map(\.status) == ["pending", "active", "muted", "active", "left"])
    #expect(changes.map(\.actor) == [nil, "ann", "ann", "ann", nil])
    #expect(
      changes.allSatisfy { $0.groupID == "g" && $0.groupType == "strict_private" && $0.userID == "bob" })
    #expect(changes.last?.reason == nil)
  }

  @Test("a message is an event with its sender and recipients")
  func messageEvent() throws {
    let (fixture, _) = try RelayFixture.group(.public)
    try fixture.relay.send(groupID: "g", from: "ann", message: "x", requestID: "r")
    guard case .relayMessage(let message)? = fixture.events.drain().events.last?.event else {
      Issue.record("no message event")
      return
    }
    #expect(message.groupID == "g" && message.fromUserID == "ann" && message.recipients == 1)
  }

  @Test("every member sees the messages of a group in the same order")
  func order() async throws {
    let fixture = try RelayFixture()
    let connections = (0..<20).map { TestConnection(UInt64($0)) }
    try fixture.relay.createGroup(groupID: "g", type: .public, creator: "0", connection: connections[0])
    for user in 1..<20 {
      try fixture.relay.join(groupID: "g", userID: "\(user)", connection: connections[user])
    }
    let relay = fixture.relay
    await withTaskGroup(of: Void.self) { group in
      for sender in 0..<8 {
        group.addTask {
          for number in 0..<50 {
            _ = try? relay.send(
              groupID: "g", from: "\(sender)", message: .string("\(sender):\(number)"), requestID: "r")
          }
        }
      }
    }
    #expect(connections[0].texts.count == 400)
    for connection in connections { #expect(connection.texts == connections[0].texts) }
    for sender in 0..<8 {
      #expect(
        connections[5].texts.filter { $0.hasPrefix("\(sender):") } == (0..<50).map { "\(sender):\($0)" })
    }
  }

  @Test("a connection that closes itself while being pushed to may call back in")
  func closesInPush() throws {
    let (fixture, _) = try RelayFixture.group(.public)
    let relay = fixture.relay
    let bob = TestConnection(2) { _ in relay.connectionClosed(ConnectionID(2)) }
    try relay.join(groupID: "g", userID: "bob", connection: bob)
    try relay.send(groupID: "g", from: "ann", message: "1", requestID: "r")
    try relay.send(groupID: "g", from: "ann", message: "2", requestID: "r")
    #expect(bob.texts == ["1"])
    #expect(relay.groupStates()[0].active == 1)
  }

  @Test("a message sent while another is being delivered comes after it, for everybody")
  func sendsInPush() throws {
    let (fixture, ann) = try RelayFixture.group(.public)
    let relay = fixture.relay
    let echo = TestConnection(3) { response in
      if response.result["message"] == "1" {
        _ = try? relay.send(groupID: "g", from: "eve", message: "2", requestID: "r")
      }
    }
    try relay.join(groupID: "g", userID: "eve", connection: echo)
    try relay.send(groupID: "g", from: "ann", message: "1", requestID: "r")
    #expect(echo.texts == ["1", "2"] && ann.texts == ["1", "2"])
  }

  @Test("a group being delivered to does not hold up another")
  func groupsAreApart() throws {
    let fixture = try RelayFixture()
    let relay = fixture.relay
    let other = TestConnection(2)
    try relay.createGroup(groupID: "small", type: .public, creator: "bob", connection: other)
    // While the large group is being delivered to, a message goes through the small one.
    let first = TestConnection(1) { _ in
      _ = try? relay.send(groupID: "small", from: "bob", message: "meanwhile", requestID: "r")
    }
    try relay.createGroup(groupID: "large", type: .public, creator: "ann", connection: first)
    for user in 10..<2_000 {
      try relay.join(groupID: "large", userID: "\(user)", connection: TestConnection(UInt64(user)))
    }
    #expect(try relay.send(groupID: "large", from: "ann", message: "x", requestID: "r") == 1_991)
    #expect(other.texts == ["meanwhile"])
  }

  @Test("group states count all members and show the first 200 by user id")
  func states() throws {
    let (fixture, _) = try RelayFixture.group(.private)
    for user in 100..<350 { _ = try fixture.join("user \(user)", UInt64(user)) }
    try fixture.relay.accept(groupID: "g", actor: "ann", userID: "user 100")
    fixture.clock.advance(by: .milliseconds(5))
    try fixture.relay.send(groupID: "g", from: "ann", message: "x", requestID: "r")
    let state = fixture.relay.groupStates()[0]
    #expect(state.active == 2 && state.pending == 249 && state.muted == 0)
    #expect(state.members.count == 200)
    #expect(state.members.map(\.userID).prefix(3) == ["ann", "user 100", "user 101"])
    #expect(state.members[0].role == "admin" && state.members[1].status == "active")
    #expect(state.messages == 1 && state.lastMessageAt == fixture.clock.wallMicroseconds())
    #expect(state.createdAt == 1_700_000_000_000_000 && state.groupType == "private")
  }

  @Test("whatever is met, presence and membership agree", arguments: 1...20)
  func consistency(seed: UInt64) throws {
    var numbers = SeededRandom(seed: seed)
    let fixture = try RelayFixture()
    let relay = fixture.relay
    var connections: [TestConnection] = []
    for step in 0..<600 {
      if connections.count < 8 { connections.append(TestConnection(UInt64(step))) }
      let connection = connections.randomElement(using: &numbers)!
      // A connection belongs to one user.
      let user = "u\(connection.connectionID.number % 5)"
      let group = "g\(Int.random(in: 0..<4, using: &numbers))"
      switch Int.random(in: 0..<10, using: &numbers) {
      case 0, 1:
        try? relay.createGroup(
          groupID: ByteText(group), type: .allCases.randomElement(using: &numbers)!, creator: ByteText(user),
          connection: connection)
      case 2...5:
        _ = try? relay.join(groupID: ByteText(group), userID: ByteText(user), connection: connection)
      case 6: try? relay.leave(groupID: ByteText(group), userID: ByteText(user))
      case 7: try? relay.deleteGroup(groupID: ByteText(group), actor: ByteText(user))
      default:
        connections.removeAll { $0 === connection }
        relay.connectionClosed(connection.connectionID)
      }
      let states = relay.groupStates()
      #expect(states.map(\.groupID) == relay.groups())
      let members = states.flatMap(\.members)
      // Nobody is a member without a connection, and no group is without members.
      #expect(members.allSatisfy { $0.connections > 0 })
      #expect(states.allSatisfy { !$0.members.isEmpty })
      #expect(relay.presence.counts.users == Set(members.map(\.userID)).count)
    }
    for connection in connections { relay.connectionClosed(connection.connectionID) }
    #expect(relay.groups().isEmpty)
    #expect(relay.presence.counts == (0, 0))
  }
}

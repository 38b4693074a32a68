import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Bounds of the relay (W-37)")
struct RelayBoundTests {
  private let ann = TestConnection(1)

  private func fixture(_ change: (inout RelayLimits) -> Void) throws -> RelayFixture {
    let fixture = try RelayFixture(change: change)
    try fixture.relay.createGroup(groupID: "g", type: .public, creator: "ann", connection: ann)
    return fixture
  }

  @Test("groups are bounded, and refusals counted")
  func groups() throws {
    let fixture = try fixture { $0.groups = 1 }
    #expect(throws: RelayError.tooManyGroups(maximum: 1)) {
      try fixture.relay.createGroup(groupID: "h", type: .public, creator: "ann", connection: ann)
    }
    #expect(fixture.relay.refusals == 1)
    try fixture.relay.deleteGroup(groupID: "g")
    try fixture.relay.createGroup(groupID: "h", type: .public, creator: "ann", connection: ann)
  }

  @Test("members of a group are bounded")
  func members() throws {
    let fixture = try fixture { $0.membersPerGroup = 2 }
    _ = try fixture.join("bob", 2)
    #expect(throws: RelayError.groupFull(maximum: 2)) { try fixture.join("cat", 3) }
    try fixture.relay.leave(groupID: "g", userID: "bob")
    _ = try fixture.join("cat", 3)
    #expect(fixture.relay.presence.counts == (2, 2))
  }

  @Test("groups of a user are bounded, and a place is free again after leaving")
  func groupsOfUser() throws {
    let fixture = try fixture { $0.groupsPerUser = 1 }
    #expect(throws: RelayError.tooManyGroupsOfUser(maximum: 1)) {
      try fixture.relay.createGroup(groupID: "h", type: .public, creator: "ann", connection: ann)
    }
    #expect(throws: RelayError.alreadyMember) { try fixture.join("ann", 9) }
    try fixture.relay.deleteGroup(groupID: "g")
    try fixture.relay.createGroup(groupID: "h", type: .public, creator: "ann", connection: ann)
  }

  @Test("a user alone cannot fill the relay: at most 100 groups, whichever were made or joined")
  func oneUser() throws {
    let relay = try RelayFixture(change: { _ in }).relay
    for number in 0..<100 {
      try relay.createGroup(groupID: "g\(number)", type: .public, creator: "ann", connection: ann)
    }
    #expect(throws: RelayError.tooManyGroupsOfUser(maximum: 100)) {
      try relay.createGroup(
        groupID: "one_more", type: .public, creator: "ann", connection: TestConnection(2))
    }
    try relay.createGroup(groupID: "other", type: .public, creator: "bob", connection: TestConnection(3))
    #expect(throws: RelayError.tooManyGroupsOfUser(maximum: 100)) {
      try relay.join(groupID: "other", userID: "ann", connection: ann)
    }
  }

  @Test("connections of a member are bounded")
  func connections() throws {
    let fixture = try fixture { $0.connectionsPerMember = 2 }
    #expect(throws: RelayError.alreadyMember) { try fixture.join("ann", 2) }
    #expect(throws: RelayError.tooManyConnections(maximum: 2)) { try fixture.join("ann", 3) }
    #expect(throws: RelayError.alreadyMember) { try fixture.join("ann", 2) }
  }

  @Test("ids are 1 to 256 bytes", arguments: ["", ByteText(String(repeating: "x", count: 257))])
  func ids(id: ByteText) throws {
    let fixture = try fixture { _ in }
    #expect(throws: RelayError.invalidID(name: "group_id", bytes: id.utf8.count, maximum: 256)) {
      try fixture.relay.createGroup(groupID: id, type: .public, creator: "ann", connection: ann)
    }
    #expect(throws: RelayError.invalidID(name: "user_id", bytes: id.utf8.count, maximum: 256)) {
      try fixture.join(id, 2)
    }
  }

  @Test("messages are bounded by their size as JSON")
  func messages() throws {
    let fixture = try fixture { $0.messageBytes = 100 }
    let fits = String(repeating: "x", count: 98)
    try fixture.relay.send(groupID: "g", from: "ann", message: .string(ByteText(fits)), requestID: "r")
    for message: Value in [
      .string("\(fits)x"), .array(Array(repeating: .null, count: 100)), ["key": .string(ByteText(fits))],
    ] {
      #expect(throws: RelayError.messageTooLarge(maximumBytes: 100)) {
        try fixture.relay.send(groupID: "g", from: "ann", message: message, requestID: "r")
      }
    }
    #expect(ann.responses.count == 1)
  }

  @Test("a message nested without end is refused, not followed")
  func deepMessage() throws {
    let fixture = try fixture { _ in }
    var message: Value = 1
    for _ in 0..<1_000 { message = [message] }
    #expect(throws: RelayError.messageTooLarge(maximumBytes: 65_536)) {
      try fixture.relay.send(groupID: "g", from: "ann", message: message, requestID: "r")
    }
  }

  @Test("messages that wait for delivery are bounded; the sender may try again")
  func waiting() throws {
    let fixture = try RelayFixture { $0.waitingMessages = 2 }
    let relay = fixture.relay
    let answers = TestConnection(7)
    // Sends more while the first is being delivered, so nobody takes them out yet.
    let greedy = TestConnection(1) { response in
      guard response.requestID == "first" else { return }
      for number in 0..<3 {
        answers.push(
          relay.answer(groupID: "g", from: "ann", message: "x", requestID: "more \(number)"))
      }
    }
    try relay.createGroup(groupID: "g", type: .public, creator: "ann", connection: greedy)
    try relay.send(groupID: "g", from: "ann", message: "x", requestID: "first")
    #expect(answers.responses.map(\.success) == [true, true, false])
    #expect(answers.responses.last?.canRetry == true)
    #expect(greedy.responses.count == 3)
    #expect(relay.refusals == 1)
  }

  @Test(
    "times are ISO 8601 in UTC to the microsecond",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
      (1_709_251_199_999_999, "2024-02-29T23:59:59.999999Z"), (-1, "1969-12-31T23:59:59.999999Z"),
      (4_102_444_800_000_000, "2100-01-01T00:00:00.000000Z"),
    ] as [(Int64, ByteText)])
  func timestamps(microseconds: Int64, text: ByteText) {
    #expect(ByteText(ISO8601Timestamp.string(microseconds: microseconds)) == text)
  }
}

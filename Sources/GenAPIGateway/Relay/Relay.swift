import GenAPITelemetry
import GenAPIValue
import Locking

/// Group messaging: who is in which group, and messages from one member to all.
///
/// Every group has its own lock, and no lock is held while messages are pushed, so a large group does not hold
/// up others. In memory and of one gateway. `RelayGroup` holds the rules.
public final class Relay: Sendable {
  /// The bounds that it was made with.
  public let limits: RelayLimits
  let bus: TelemetryBus
  let clock: any GatewayClock
  let rooms = Mutex<[ByteText: RelayRoom]>([:])
  let presence = RelayPresence()
  private let refusedByBound = Atomic<Int64>(0)
  private let relayed = Atomic<Int64>(0)

  /// Makes a relay without groups, which emits on a bus.
  public init(bus: TelemetryBus, clock: any GatewayClock, limits: RelayLimits = RelayLimits()) {
    self.bus = bus
    self.clock = clock
    self.limits = limits
  }

  /// Calls refused because a bound of `limits` was met.
  public var refusals: Int64 { refusedByBound.load(ordering: .relaxed) }
  /// Messages accepted for delivery.
  public var messages: Int64 { relayed.load(ordering: .relaxed) }

  // MARK: Groups

  /// Makes a group; its creator is its admin, present on `connection`.
  ///
  /// - Throws: `alreadyExists`, or a bound.
  public func createGroup(
    groupID: ByteText, type: RelayGroup.Kind, creator: ByteText, connection: any ClientConnection
  ) throws(RelayError) {
    try checkID("group_id", groupID)
    if let fault = NameRule.fault(of: groupID, "group_id") { throw .hiddenCharacter(fault) }
    try checkID("user_id", creator)
    let room = RelayRoom(
      RelayGroup(id: groupID, kind: type, creator: creator, at: clock.wallMicroseconds()))
    let membership = RelayPresence.Membership(groupID: groupID, userID: creator)
    let refusal = rooms.withLock { rooms -> RelayError? in
      if rooms[groupID] != nil { return .alreadyExists }
      if rooms.count >= limits.groups { return .tooManyGroups(maximum: limits.groups) }
      do throws(RelayError) {
        try presence.enter(
          membership, on: connection.connectionID, isNewMember: true, maximumGroups: limits.groupsPerUser)
      } catch {
        return error
      }
      rooms[groupID] = room
      room.contents.withLock { contents in
        contents.addConnection(connection, of: creator)
        bus.emit(
          .relayGroup(
            RelayGroupChange(
              kind: .create, groupID: groupID, groupType: ByteText(type.rawValue), userID: creator)))
      }
      return nil
    }
    if let refusal { throw counted(refusal) }
  }

  /// Deletes a group with all memberships.
  ///
  /// - Parameter actor: must be an active admin; nil for the operator.
  /// - Throws: `notFound`, `notAdmin`.
  public func deleteGroup(groupID: ByteText, actor: ByteText? = nil) throws(RelayError) {
    let room = try room(groupID)
    let left = try room.contents.withLock { contents throws(RelayError) in
      if contents.isDeleted { throw .notFound }
      if let actor, !contents.group.isActiveAdmin(actor) { throw .notAdmin }
      return delete(&contents, by: actor)
    }
    forget(room, left)
  }

  /// - Throws: `notFound`.
  public func groupInfo(groupID: ByteText) throws(RelayError) -> RelayGroup {
    let room = try room(groupID)
    return try room.contents.withLock { contents throws(RelayError) in
      if contents.isDeleted { throw .notFound }
      return contents.group
    }
  }

  /// The ids of all groups, sorted.
  public func groups() -> [ByteText] { rooms.withLock { Array($0.keys) }.sorted() }

  // MARK: Steps others share

  func room(_ groupID: ByteText) throws(RelayError) -> RelayRoom {
    guard let room = rooms.withLock({ $0[groupID] }) else { throw .notFound }
    return room
  }

  /// Marks the group deleted and empties it; the caller then calls `forget`, without the lock.
  func delete(_ contents: inout RelayRoom.Contents, by actor: ByteText?) -> [ByteText: [ConnectionID]] {
    let group = contents.group
    contents.isDeleted = true
    var left: [ByteText: [ConnectionID]] = [:]
    for user in group.members.keys { left[user] = contents.connections[user]?.map(\.connectionID) ?? [] }
    contents.connections = [:]
    contents.membershipChanged()
    bus.emit(
      .relayGroup(
        RelayGroupChange(
          kind: .delete, groupID: group.id, groupType: ByteText(group.kind.rawValue), userID: actor)))
    return left
  }

  func forget(_ room: RelayRoom, _ left: [ByteText: [ConnectionID]]) {
    for (user, connections) in left {
      presence.leave(.init(groupID: room.id, userID: user), connections)
    }
    rooms.withLock { rooms in
      if rooms[room.id] === room { rooms[room.id] = nil }
    }
  }

  func checkID(_ name: ByteText, _ id: ByteText) throws(RelayError) {
    if id.isEmpty || id.utf8.count > limits.idBytes {
      throw counted(.invalidID(name: name, bytes: id.utf8.count, maximum: limits.idBytes))
    }
  }

  func counted(_ error: RelayError) -> RelayError {
    if error.isBound { refusedByBound.add(1, ordering: .relaxed) }
    return error
  }

  func countMessage() { relayed.add(1, ordering: .relaxed) }
}

import GenAPITelemetry
import GenAPIValue
import Locking

extension Relay {
  /// Joins a group: active at once in a public one, else pending; who was muted stays muted.
  ///
  /// A member who calls from a further connection is present on that one too from then on; the answer is
  /// `alreadyMember` all the same.
  /// - Throws: `notFound`, `alreadyMember`, or a bound.
  @discardableResult
  public func join(groupID: ByteText, userID: ByteText, connection: any ClientConnection) throws(RelayError)
    -> RelayGroup.Status
  {
    try checkID("user_id", userID)
    let room = try room(groupID)
    do throws(RelayError) {
      return try room.contents.withLock { contents throws(RelayError) in
        try enter(&contents, userID, connection)
      }
    } catch {
      throw counted(error)
    }
  }

  private func enter(
    _ contents: inout RelayRoom.Contents, _ user: ByteText, _ connection: any ClientConnection
  ) throws(RelayError) -> RelayGroup.Status {
    if contents.isDeleted { throw .notFound }
    let isNew = contents.group.members[user] == nil
    if isNew, contents.group.members.count >= limits.membersPerGroup {
      throw .groupFull(maximum: limits.membersPerGroup)
    }
    let present = contents.connections[user]?.count ?? 0
    if present >= limits.connectionsPerMember, !contents.isPresent(user, connection.connectionID) {
      throw .tooManyConnections(maximum: limits.connectionsPerMember)
    }
    try presence.enter(
      RelayPresence.Membership(groupID: contents.group.id, userID: user), on: connection.connectionID,
      isNewMember: isNew, maximumGroups: limits.groupsPerUser)
    contents.addConnection(connection, of: user)
    let status = try contents.group.join(user, at: clock.wallMicroseconds())
    if isNew {
      contents.membershipChanged()
      emit(.join, contents.group, user, status: ByteText(status.rawValue))
    }
    return status
  }

  /// Leaves a group; the last member to leave deletes it.
  ///
  /// - Throws: `notFound`, `userNotInGroup`.
  public func leave(groupID: ByteText, userID: ByteText) throws(RelayError) {
    try remove(userID, from: try room(groupID), reason: nil)
  }

  /// - Throws: `notFound`, `userNotInGroup`, `notAdmin`, `userNotPending`.
  public func accept(groupID: ByteText, actor: ByteText, userID: ByteText) throws(RelayError) {
    try change(.accept, groupID, actor, userID) { group throws(RelayError) in
      try group.accept(userID, by: actor)
    }
  }

  /// - Throws: `notFound`, `notStrictPrivate`, `notAdmin`, `userNotInGroup`, `cannotMute`.
  public func mute(groupID: ByteText, actor: ByteText, userID: ByteText) throws(RelayError) {
    try change(.mute, groupID, actor, userID) { group throws(RelayError) in
      try group.mute(userID, by: actor)
    }
  }

  /// - Throws: `notFound`, `notStrictPrivate`, `notAdmin`, `userNotInGroup`, `notMuted`.
  public func unmute(groupID: ByteText, actor: ByteText, userID: ByteText) throws(RelayError) {
    try change(.unmute, groupID, actor, userID) { group throws(RelayError) in
      try group.unmute(userID, by: actor)
    }
  }

  /// Ends a connection's presence everywhere, for good. Who has no other connection leaves those groups.
  public func connectionClosed(_ connection: ConnectionID) {
    for membership in presence.close(connection) {
      guard let room = try? room(membership.groupID) else { continue }
      drop(connection, membership, in: room)
    }
  }

  // MARK: Steps

  private func change(
    _ kind: RelayMemberChange.Kind, _ groupID: ByteText, _ actor: ByteText, _ user: ByteText,
    _ body: (inout RelayGroup) throws(RelayError) -> Void
  ) throws(RelayError) {
    let room = try room(groupID)
    try room.contents.withLock { contents throws(RelayError) in
      if contents.isDeleted { throw .notFound }
      try body(&contents.group)
      contents.membershipChanged()
      let status = contents.group.members[user]?.status.rawValue ?? "left"
      emit(kind, contents.group, user, actor: actor, status: ByteText(status))
    }
  }

  private func drop(_ connection: ConnectionID, _ membership: RelayPresence.Membership, in room: RelayRoom) {
    let wasLast = room.contents.withLock {
      !$0.isDeleted && $0.removeConnection(connection, of: membership.userID)
    }
    // A member without any connection may have come back in between; `remove` looks again.
    if wasLast { try? remove(membership.userID, from: room, reason: "disconnect") }
  }

  private func remove(_ user: ByteText, from room: RelayRoom, reason: ByteText?) throws(RelayError) {
    var deleted: [ByteText: [ConnectionID]]?
    try room.contents.withLock { contents throws(RelayError) in
      if contents.isDeleted { throw .notFound }
      if reason != nil, contents.connections[user] != nil { return }
      try contents.group.leave(user)
      let connections = contents.connections.removeValue(forKey: user)?.map(\.connectionID) ?? []
      presence.leave(.init(groupID: room.id, userID: user), connections)
      contents.membershipChanged()
      emit(.leave, contents.group, user, status: "left", reason: reason)
      if contents.group.members.isEmpty { deleted = delete(&contents, by: nil) }
    }
    if let deleted { forget(room, deleted) }
  }

  private func emit(
    _ kind: RelayMemberChange.Kind, _ group: RelayGroup, _ user: ByteText, actor: ByteText? = nil,
    status: ByteText,
    reason: ByteText? = nil
  ) {
    bus.emit(
      .relayMember(
        RelayMemberChange(
          kind: kind, groupID: group.id, groupType: ByteText(group.kind.rawValue), userID: user, actor: actor,
          status: status, reason: reason)))
  }
}

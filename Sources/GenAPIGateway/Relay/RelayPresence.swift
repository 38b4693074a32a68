import DequeModule
import GenAPIValue
import Locking

/// Which groups a connection and a user are in, so that a disconnect looks at those only.
///
/// Its lock is taken last, inside a room's or the relay's, and held for a few dictionary accesses.
final class RelayPresence: Sendable {
  struct Membership: Hashable, Sendable {
    var groupID: ByteText
    var userID: ByteText
  }

  private struct Index {
    var ofConnection: [ConnectionID: Set<Membership>] = [:]
    var groupsOfUser: [ByteText: Int] = [:]
    /// The connections closed last. A call that was under way when its connection closed must not bring it
    /// back: nobody would ever take it out again.
    var closed: Set<ConnectionID> = []
    var closedOrder: Deque<ConnectionID> = []
  }

  static let rememberedClosed = 8_192

  private let index = Mutex(Index())

  /// Notes a connection in a group, and takes a place among the user's groups for a new member.
  func enter(
    _ membership: Membership, on connection: ConnectionID, isNewMember: Bool, maximumGroups: Int
  ) throws(RelayError) {
    try index.withLock { index throws(RelayError) in
      if index.closed.contains(connection) { throw .connectionClosed }
      if isNewMember {
        let groups = index.groupsOfUser[membership.userID] ?? 0
        if groups >= maximumGroups { throw .tooManyGroupsOfUser(maximum: maximumGroups) }
        index.groupsOfUser[membership.userID] = groups + 1
      }
      index.ofConnection[connection, default: []].insert(membership)
    }
  }

  /// A member left a group, present on these connections.
  func leave(_ membership: Membership, _ connections: [ConnectionID]) {
    index.withLock { index in
      let groups = (index.groupsOfUser[membership.userID] ?? 0) - 1
      index.groupsOfUser[membership.userID] = groups > 0 ? groups : nil
      for connection in connections {
        index.ofConnection[connection]?.remove(membership)
        if index.ofConnection[connection]?.isEmpty == true { index.ofConnection[connection] = nil }
      }
    }
  }

  /// Forgets a connection; returns the groups it was in.
  func close(_ connection: ConnectionID) -> Set<Membership> {
    index.withLock { index in
      if index.closed.insert(connection).inserted {
        index.closedOrder.append(connection)
        if index.closedOrder.count > Self.rememberedClosed {
          index.closed.remove(index.closedOrder.removeFirst())
        }
      }
      return index.ofConnection.removeValue(forKey: connection) ?? []
    }
  }

  /// Users in any group, and connections present in any.
  var counts: (users: Int, connections: Int) {
    index.withLock { ($0.groupsOfUser.count, $0.ofConnection.count) }
  }
}

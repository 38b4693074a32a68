import DequeModule
import GenAPITelemetry
import GenAPIValue
import Locking

/// A group with the connections of its members, behind a lock of its own.
///
/// Nothing is delivered under the lock: messages go to an outbox, in the order in which they were accepted, and
/// whoever finds nobody delivering does it. So every member sees the same order, and a connection that closes
/// itself while being pushed to may call back in.
final class RelayRoom: Sendable {
  struct Delivery: Sendable {
    var response: Response
    var recipients: [any ClientConnection]
    var fromUserID: ByteText
    var members: Int
    /// Nanoseconds on the monotonic clock.
    var acceptedAt: Int64
  }

  struct Contents: Sendable {
    var group: RelayGroup
    /// Set once, before the relay forgets the room; whoever still holds it then finds no group.
    var isDeleted = false
    var connections: [ByteText: [any ClientConnection]] = [:]
    /// The connections of everybody who receives; made anew after a change of membership.
    var recipients: [any ClientConnection]?
    var outbox: Deque<Delivery> = []
    var isDelivering = false
    var messages: Int64 = 0
    var lastMessageAt: Int64?
    /// The members part of the state, until the next change.
    var shown: [MemberState]?
  }

  let id: ByteText
  let contents: Mutex<Contents>

  init(_ group: RelayGroup) {
    id = group.id
    contents = Mutex(Contents(group: group))
  }
}

extension RelayRoom.Contents {
  mutating func membershipChanged() {
    recipients = nil
    shown = nil
  }

  /// Copied only when it is made anew: a delivery under way keeps the one it has.
  mutating func currentRecipients() -> [any ClientConnection] {
    if let recipients { return recipients }
    let list = connections.flatMap { group.receives($0.key) ? $0.value : [] }
    recipients = list
    return list
  }

  func isPresent(_ user: ByteText, _ id: ConnectionID) -> Bool {
    connections[user]?.contains { $0.connectionID == id } ?? false
  }

  mutating func addConnection(_ connection: any ClientConnection, of user: ByteText) {
    guard !isPresent(user, connection.connectionID) else { return }
    connections[user, default: []].append(connection)
    membershipChanged()
  }

  /// True when the user has no connection left.
  mutating func removeConnection(_ id: ConnectionID, of user: ByteText) -> Bool {
    guard isPresent(user, id) else { return false }
    connections[user]?.removeAll { $0.connectionID == id }
    membershipChanged()
    guard connections[user]?.isEmpty == true else { return false }
    connections[user] = nil
    return true
  }

  /// Up to `most` members, by user id.
  mutating func shownMembers(_ most: Int) -> [MemberState] {
    if let shown { return shown }
    let members = group.members.keys.sorted().prefix(most).compactMap { user in
      group.members[user].map {
        MemberState(
          userID: user, status: ByteText($0.status.rawValue), role: ByteText($0.role.rawValue),
          connections: connections[user]?.count ?? 0, since: $0.joinedAt)
      }
    }
    shown = members
    return members
  }
}

import GenAPITelemetry
import GenAPIValue
import Locking

extension Relay {
  /// Every group with its first 200 members by user id. The members are sorted again only after a change.
  public func groupStates() -> [GroupState] {
    let rooms = self.rooms.withLock { Array($0.values) }
    return rooms.compactMap { room in
      room.contents.withLock { contents in
        if contents.isDeleted { return nil }
        let group = contents.group
        return GroupState(
          groupID: group.id, groupType: ByteText(group.kind.rawValue), active: group.activeCount,
          pending: group.pendingCount, muted: group.mutedCount, members: contents.shownMembers(200),
          messages: contents.messages, lastMessageAt: contents.lastMessageAt, createdAt: group.createdAt)
      }
    }.sorted { $0.groupID < $1.groupID }
  }
}

import DequeModule
import GenAPITelemetry

/// Which relay groups there were, with their members, at each second in which a group or a member changed.
///
/// Numbers of messages are no change: rates come from the samples. Bounded by `budget`: an entry for every group
/// of every list kept and for every member that is not shared with the list before, about 100 bytes each (a longer name
/// counts more), so 5 MB. Where groups change faster than that, the past of the relay pane is shorter than 15 minutes.
struct RelayHistory: Sendable {
  static let budget = 50_000

  private(set) var lists: Deque<(second: Int64, groups: [GroupState], weight: Int)> = []
  private(set) var weight = 0

  mutating func record(_ groups: [GroupState], at second: Int64) {
    let last = lists.last?.groups ?? []
    if !lists.isEmpty, last.count == groups.count, zip(last, groups).allSatisfy({ $0.isLike($1) }) { return }
    let old = Dictionary(last.map { ($0.groupID, $0.members) }, uniquingKeysWith: { $1 })
    var added = 1
    let kept = groups.map { group in
      added += 1 + group.groupID.utf8.count / 100
      var group = group
      if let members = old[group.groupID], members == group.members {
        group.members = members
      } else {
        added += group.members.reduce(0) { $0 + 1 + $1.userID.utf8.count / 100 }
      }
      return group
    }
    if let last = lists.last, last.second == second {
      weight -= last.weight
      lists.removeLast()
    }
    lists.append((second, kept, added))
    weight += added
    while weight > Self.budget, lists.count > 1 { removeFirst() }
  }

  /// The one before the oldest second says how it was then.
  mutating func forget(before oldest: Int64) {
    while lists.count > 1, lists[1].second <= oldest { removeFirst() }
  }

  mutating func rewind(to second: Int64) {
    while let last = lists.last, last.second >= second {
      weight -= last.weight
      lists.removeLast()
    }
  }

  /// Empty before anything is known.
  func groups(at second: Int64) -> [GroupState] {
    let index = lists.partition { $0.second > second }
    return index > 0 ? lists[index - 1].groups : []
  }

  private mutating func removeFirst() { weight -= lists.removeFirst().weight }
}

extension GroupState {
  /// The same but for its messages.
  fileprivate func isLike(_ other: GroupState) -> Bool {
    groupID == other.groupID && groupType == other.groupType && active == other.active
      && pending == other.pending && muted == other.muted && createdAt == other.createdAt
      && members == other.members
  }
}

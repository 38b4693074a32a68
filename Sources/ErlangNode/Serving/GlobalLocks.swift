import OutsideText

/// The locks that other nodes hold here, as `global` sets them: one requester a resource, for as long as a process of
/// his holds it.
struct GlobalLocks {
  /// More are refused, as a lock is that another has.
  static let most = 10_000
  /// The same for those of one node.
  static let mostOfNode = 1_000

  private struct Lock {
    var requester: Term
    var holders: Set<Pid>
  }

  private var locks: [Term: Lock] = [:]
  private var counts: [ByteText: Int] = [:]

  var count: Int { locks.count }

  /// Whether the requester has the resource now. A process that asks twice holds it once.
  mutating func set(_ resource: Term, requester: Term, _ pid: Pid) -> Bool {
    if var lock = locks[resource] {
      guard lock.requester == requester else { return false }
      guard !lock.holders.contains(pid) else { return true }
      guard counts[pid.node, default: 0] < Self.mostOfNode else { return false }
      lock.holders.insert(pid)
      locks[resource] = lock
    } else {
      guard locks.count < Self.most, counts[pid.node, default: 0] < Self.mostOfNode else { return false }
      locks[resource] = Lock(requester: requester, holders: [pid])
    }
    counts[pid.node, default: 0] += 1
    return true
  }

  mutating func delete(_ resource: Term, requester: Term, _ pid: Pid) {
    guard locks[resource]?.requester == requester else { return }
    remove(resource) { $0 == pid }
  }

  /// A process ended: whatever it held is free.
  mutating func release(_ pid: Pid) {
    guard counts[pid.node] != nil else { return }
    for resource in Array(locks.keys) { remove(resource) { $0 == pid } }
  }

  /// A node is gone.
  mutating func release(node: ByteText) {
    guard counts[node] != nil else { return }
    for resource in Array(locks.keys) { remove(resource) { $0.node == node } }
  }

  /// Whether a process holds anything.
  func holds(_ pid: Pid) -> Bool {
    counts[pid.node] != nil && locks.values.contains { $0.holders.contains(pid) }
  }

  private mutating func remove(_ resource: Term, _ isGone: (Pid) -> Bool) {
    guard var lock = locks[resource] else { return }
    for pid in lock.holders.filter(isGone) {
      lock.holders.remove(pid)
      let rest = (counts[pid.node] ?? 1) - 1
      counts[pid.node] = rest > 0 ? rest : nil
    }
    locks[resource] = lock.holders.isEmpty ? nil : lock
  }
}

import OutsideText

/// Which processes of other nodes watch which of ours: found by the reference, and by what is watched, however many there are.
struct ProcessMonitors {
  struct Monitor {
    var peer: ByteText
    var watcher: Pid
    var target: DistributionMessage.Target
  }

  private var all: [Reference: Monitor] = [:]
  private var ofTarget: [DistributionMessage.Target: Set<Reference>] = [:]

  var count: Int { all.count }

  subscript(reference: Reference) -> Monitor? { all[reference] }

  mutating func insert(_ monitor: Monitor, _ reference: Reference) {
    remove(reference)
    all[reference] = monitor
    ofTarget[monitor.target, default: []].insert(reference)
  }

  mutating func remove(_ reference: Reference) {
    guard let target = all.removeValue(forKey: reference)?.target else { return }
    ofTarget[target]?.remove(reference)
    if ofTarget[target]?.isEmpty == true { ofTarget[target] = nil }
  }

  /// All of a process that has ended.
  mutating func take(of target: DistributionMessage.Target) -> [(reference: Reference, monitor: Monitor)] {
    let references = ofTarget.removeValue(forKey: target) ?? []
    return references.compactMap { reference in
      all.removeValue(forKey: reference).map { (reference, $0) }
    }
  }

  /// Forgets those of a node that is gone.
  mutating func remove(of peer: ByteText) {
    for reference in all.filter({ $0.value.peer == peer }).keys { remove(reference) }
  }
}

import OutsideText

/// Which processes of other nodes are linked to our mailboxes.
struct ProcessLinks {
  private var processes: [UInt32: Set<Pid>] = [:]
  private(set) var count = 0

  mutating func insert(_ process: Pid, to mailbox: UInt32) {
    if processes[mailbox, default: []].insert(process).inserted { count += 1 }
  }

  mutating func remove(_ process: Pid, of mailbox: UInt32) {
    guard processes[mailbox]?.remove(process) != nil else { return }
    count -= 1
    if processes[mailbox]?.isEmpty == true { processes[mailbox] = nil }
  }

  /// All of a mailbox that has ended.
  mutating func take(of mailbox: UInt32) -> Set<Pid> {
    let taken = processes.removeValue(forKey: mailbox) ?? []
    count -= taken.count
    return taken
  }

  /// All of a node that is gone, with the mailboxes they were linked to.
  mutating func take(of node: ByteText) -> [(process: Pid, mailbox: UInt32)] {
    let gone = processes.flatMap { mailbox, all in all.filter { $0.node == node }.map { ($0, mailbox) } }
    for (process, mailbox) in gone { remove(process, of: mailbox) }
    return gone
  }
}

/// What our mailboxes watch: found by the number of the reference, and by the mailbox.
struct ProcessWatches {
  private var all: [UInt64: ProcessWatch] = [:]
  private var ofMailbox: [UInt32: Set<UInt64>] = [:]

  var count: Int { all.count }

  mutating func insert(_ watch: ProcessWatch, _ number: UInt64) {
    all[number] = watch
    ofMailbox[watch.mailbox, default: []].insert(number)
  }

  @discardableResult
  mutating func remove(_ number: UInt64) -> ProcessWatch? {
    guard let watch = all.removeValue(forKey: number) else { return nil }
    ofMailbox[watch.mailbox]?.remove(number)
    if ofMailbox[watch.mailbox]?.isEmpty == true { ofMailbox[watch.mailbox] = nil }
    return watch
  }

  /// All of a mailbox that has ended.
  mutating func take(of mailbox: UInt32) -> [(number: UInt64, watch: ProcessWatch)] {
    (ofMailbox[mailbox] ?? []).compactMap { number in remove(number).map { (number, $0) } }
  }

  /// All over a connection that is lost.
  mutating func take(over peer: UInt64) -> [(number: UInt64, watch: ProcessWatch)] {
    all.filter { $0.value.peer == peer }.keys.compactMap { number in remove(number).map { (number, $0) } }
  }
}

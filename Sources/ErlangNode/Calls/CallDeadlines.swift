import HeapModule

/// When calls are to be given up: one timer for all of them.
///
/// An entry stays until its time even when its call was answered before, and is skipped then; so entries are bounded
/// by ``CallDeadlines/compact(keeping:)``, not by calls under way.
struct CallDeadlines {
  struct Entry: Comparable {
    /// On the system's monotonic clock.
    var atNs: UInt64
    var call: UInt64

    static func < (a: Entry, b: Entry) -> Bool { (a.atNs, a.call) < (b.atNs, b.call) }
  }

  private var heap = Heap<Entry>()
  /// When the timer fires that is set; nil when none is.
  var armedNs: UInt64?

  var count: Int { heap.count }
  var earliest: Entry? { heap.min }

  mutating func removeEarliest() { _ = heap.popMin() }

  mutating func insert(_ entry: Entry) { heap.insert(entry) }

  /// The calls whose time is over.
  mutating func takeDue(_ nowNs: UInt64) -> [UInt64] {
    var due: [UInt64] = []
    while let first = heap.min, first.atNs <= nowNs {
      removeEarliest()
      due.append(first.call)
    }
    return due
  }

  /// Forgets calls that were answered, once they are most of all: amortised constant.
  mutating func compact(waiting: Int, keeping isWaiting: (UInt64) -> Bool) {
    guard heap.count > 2 * waiting + 4_096 else { return }
    heap = Heap(heap.unordered.filter { isWaiting($0.call) })
  }
}

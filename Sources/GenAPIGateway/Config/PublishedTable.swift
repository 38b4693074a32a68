import Locking
import StripedSlots

/// The functions of a store, once a slot: a look-up holds a slot while it reads the table there, and so neither counts
/// references to it nor meets a look-up on another thread.
final class PublishedTable: Sendable {
  struct Edition: Sendable {
    var table = ConfigTable()
    /// Counts what was published.
    var revision: UInt64 = 0
  }

  private let slots = StripedValues { _ in Edition() }
  private let latest = Mutex(Edition())
  /// Of `latest`; who holds a slot with another one replaces it.
  private let revision = Atomic<UInt64>(0)

  var current: Edition { latest.withLock { $0 } }

  /// Look-ups that begin after it see the new table.
  func publish(_ table: ConfigTable) {
    let old = latest.withLock { latest in
      defer {
        latest = Edition(table: table, revision: latest.revision + 1)
        revision.store(latest.revision, ordering: .releasing)
      }
      return latest
    }
    // No slot keeps functions that are gone, nor frees them while somebody may want it.
    withExtendedLifetime(old) { slots.forEach { _, edition in refresh(&edition) } }
  }

  /// Calls `body`, which looks something up, with the table.
  @inline(__always)
  func read<Found: Sendable>(_ body: (borrowing ConfigTable) -> Found) -> Found {
    let slot = slots.takeAny()
    defer { slots.giveBack(slot) }
    let edition = slots.value(slot)
    if edition.pointee.revision != revision.load(ordering: .acquiring) { refresh(&edition.pointee) }
    return body(edition.pointee.table)
  }

  @inline(never)
  private func refresh(_ edition: inout Edition) { edition = current }
}

import Locking

/// What several mailboxes may hold together, so that many that are far from full do not take all memory.
package final class MailboxRoom: Sendable {
  /// Bytes that a message takes beside those it had on the wire.
  static let messageOverhead = 256

  private let limitBytes: Int
  private let taken = Atomic<Int>(0)

  package init(bytes: Int) { limitBytes = bytes }

  /// Bytes that are taken.
  package var bytes: Int { taken.load(ordering: .relaxed) }

  /// Room for one message; false when there is none.
  func take(bytes: Int) -> Bool {
    let wanted = bytes + Self.messageOverhead
    if taken.wrappingAdd(wanted, ordering: .relaxed).newValue <= limitBytes { return true }
    taken.wrappingSubtract(wanted, ordering: .relaxed)
    return false
  }

  func give(messages: Int, bytes: Int) {
    taken.wrappingSubtract(bytes + messages * Self.messageOverhead, ordering: .relaxed)
  }
}

import Locking

/// A handler or subscription on the bus: its bound, its counters, and what it took from the slots and still holds.
final class BusAttachment: Sendable {
  let id: String
  let selection: EventSelection
  /// Events that may wait for it, over all slots.
  let capacity: Int
  /// Set for handlers; nil for subscriptions, which are drained by their owner.
  let thread: HandlerThread?
  /// Events taken from its queues.
  let taken = Atomic<Int64>(0)
  /// Events that its handler has seen, or the owner of the subscription has taken.
  let delivered = Atomic<Int64>(0)
  /// Events its queues had no room for.
  let dropped = Atomic<Int64>(0)
  /// One drain at a time.
  let reader = Mutex(AttachmentReader())

  /// Credits that no event and no slot has.
  private let free: Atomic<Int>
  /// How many credits a slot takes at a time, so that the slots seldom meet here.
  private let share: Int

  /// Room for so many events is kept in an empty queue; more is given back.
  static let keptCapacity = 2_048

  init(_ id: String, _ selection: EventSelection, capacity: Int, thread: HandlerThread?) {
    self.id = id
    self.selection = selection
    self.capacity = capacity
    self.thread = thread
    free = Atomic(capacity)
    share = max(1, min(64, capacity / (4 * EmitSlots.count)))
  }

  /// Some credits for a slot; none when the attachment has as many events waiting as it may.
  func takeCredits() -> Int {
    var known = free.load(ordering: .relaxed)
    while known > 0 {
      let taken = min(share, known)
      let (exchanged, original) = free.weakCompareExchange(
        expected: known, desired: known - taken, ordering: .relaxed)
      if exchanged { return taken }
      known = original
    }
    return 0
  }

  func giveBack(_ credits: Int) { free.wrappingAdd(credits, ordering: .relaxed) }
}

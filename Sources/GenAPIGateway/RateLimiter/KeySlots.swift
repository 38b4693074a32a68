/// The slots of a table, each on a cache line of its own: a check fetches one line of the key it counts, and threads
/// that check different keys do not meet. They are never copied, so a change looks for no other owner.
struct KeySlots {
  private typealias Slot = KeyTable.Slot

  /// Frees what the slots are in.
  ///
  /// `@unchecked Sendable`: the memory belongs to one table, and a table is reached under its shard's lock only.
  private final class Memory: @unchecked Sendable {
    let slots: UnsafeMutablePointer<Slot>
    let capacity: Int
    /// Those that hold a value, from the first on.
    var count = 0

    init(capacity: Int) {
      precondition(MemoryLayout<Slot>.stride == 64)
      self.capacity = capacity
      slots = UnsafeMutableRawPointer.allocate(byteCount: capacity * 64, alignment: 64)
        .bindMemory(to: Slot.self, capacity: capacity)
    }

    deinit {
      slots.deinitialize(count: count)
      slots.deallocate()
    }

    func move(into larger: Memory) {
      larger.slots.moveInitialize(from: slots, count: count)
      larger.count = count
      count = 0
    }
  }

  private var memory = Memory(capacity: 4)
  /// Those of `memory`, whose owner is not counted each time one is used.
  private nonisolated(unsafe) var slots: UnsafeMutablePointer<KeyTable.Slot>
  private(set) var count = 0

  init() { slots = memory.slots }

  subscript(index: Int32) -> KeyTable.Slot {
    @inline(__always)
    unsafeAddress {
      precondition(index >= 0 && index < count)
      return UnsafePointer(slots + Int(index))
    }
    @inline(__always)
    nonmutating unsafeMutableAddress {
      precondition(index >= 0 && index < count)
      return slots + Int(index)
    }
  }

  mutating func append(_ slot: KeyTable.Slot) {
    if count == memory.capacity {
      let larger = Memory(capacity: memory.capacity * 2)
      memory.move(into: larger)
      memory = larger
      slots = larger.slots
    }
    (slots + count).initialize(to: slot)
    count += 1
    memory.count = count
  }
}

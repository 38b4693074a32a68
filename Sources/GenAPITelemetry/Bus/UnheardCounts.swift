import Locking
import StripedSlots

/// How often each event was emitted while nobody wanted it, on a bus that counts such events: a row of counters a slot, so that threads that emit at once
/// do not meet.
///
/// `@unchecked Sendable`: the counters are initialized with the memory and live until it is freed; they are atomic.
@usableFromInline
struct UnheardCounts: ~Copyable, @unchecked Sendable {
  /// Counters of a row: room for every event that a selection has a bit for, whole pairs of cache lines.
  private static var stride: Int { 64 }

  private let thread = ThreadStripe()
  private let memory: UnsafeMutablePointer<Atomic<Int64>>

  init() {
    precondition(EventName.allCases.count <= EventName.most && EventName.most <= Self.stride)
    let count = ThreadStripe.count * Self.stride
    let bytes = count * MemoryLayout<Atomic<Int64>>.stride
    memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
      .assumingMemoryBound(to: Atomic<Int64>.self)
    for index in 0..<count { (memory + index).initialize(to: Atomic(0)) }
  }

  deinit {
    memory.deinitialize(count: ThreadStripe.count * Self.stride)
    memory.deallocate()
  }

  /// Not inlined, so that an emitter's own code is a load and a branch.
  @usableFromInline
  @inline(never)
  func add(_ name: EventName) {
    // Both are small, so that neither sum can overflow.
    let index = thread.current &* Self.stride &+ Int(truncatingIfNeeded: name.rawValue)
    (memory + index).pointee.wrappingAdd(1, ordering: .relaxed)
  }

  /// Of all slots together.
  subscript(name: EventName) -> Int64 {
    (0..<ThreadStripe.count).reduce(0) { sum, slot in
      sum &+ memory[slot * Self.stride + Int(name.rawValue)].load(ordering: .relaxed)
    }
  }
}

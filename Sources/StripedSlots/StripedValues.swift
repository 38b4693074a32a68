import Foundation
import Locking

/// A value once a slot, each for one holder at a time, whom nobody has to wait for: who finds a slot held takes the
/// next. Between `take` and `giveBack` the value of that slot is the caller's alone.
///
/// `@unchecked Sendable`: a value is reached by the holder of its slot only, and giving a slot back happens before it
/// is taken again. The memory is allocated with the slots and freed with them.
public struct StripedValues<Value: Sendable>: ~Copyable, @unchecked Sendable {
  /// Of each slot, what says that it is held comes first: who takes a slot has fetched where its value begins. They are
  /// no struct, whose one field nobody may touch while the holder changes the other.
  @inlinable
  static var beforeValue: Int { 16 }

  @usableFromInline let thread = ThreadStripe()
  @usableFromInline let memory: UnsafeMutableRawPointer
  @usableFromInline let stride: Int

  @inlinable
  public var count: Int { ThreadStripe.count }

  public init(_ make: (Int) -> Value) {
    precondition(MemoryLayout<Value>.alignment <= Self.beforeValue)
    // Two cache lines at least, because processors fetch them in pairs.
    stride = (Self.beforeValue + MemoryLayout<Value>.size + 127) / 128 * 128
    memory = .allocate(byteCount: ThreadStripe.count * stride, alignment: 128)
    for index in 0..<ThreadStripe.count {
      isHeld(index).initialize(to: Atomic(false))
      value(index).initialize(to: make(index))
    }
  }

  deinit {
    for index in 0..<ThreadStripe.count {
      value(index).deinitialize(count: 1)
      isHeld(index).deinitialize(count: 1)
    }
    memory.deallocate()
  }

  @inlinable
  @inline(__always)
  func isHeld(_ index: Int) -> UnsafeMutablePointer<Atomic<Bool>> {
    (memory + index * stride).assumingMemoryBound(to: Atomic<Bool>.self)
  }

  /// This thread's slot, or the next that nobody holds; nil when all are held.
  @inlinable
  @inline(__always)
  public func take() -> Int? {
    let own = thread.current
    return take(own) ? own : take(after: own)
  }

  @inlinable
  @inline(__always)
  func take(_ index: Int) -> Bool { !isHeld(index).pointee.exchange(true, ordering: .acquiring) }

  @usableFromInline
  func take(after own: Int) -> Int? {
    for step in 1..<count {
      let index = (own + step) % count
      if take(index) { return index }
    }
    return nil
  }

  /// This thread's slot, or the next that nobody holds. Where all are held it waits for whichever is given back first.
  @inlinable
  @inline(__always)
  public func takeAny() -> Int { take() ?? waitForAny() }

  @usableFromInline
  func waitForAny() -> Int {
    while true {
      // Whoever holds one does not run: there are more slots than threads that could.
      sched_yield()
      if let index = take() { return index }
    }
  }

  /// Gives a slot back, which only its holder may do.
  @inlinable
  @inline(__always)
  public func giveBack(_ index: Int) { isHeld(index).pointee.store(false, ordering: .releasing) }

  /// The value of a slot, for its holder until it gives the slot back.
  ///
  /// A pointer, because a subscript that is set would be an access to all slots in the eyes of the thread sanitizer.
  @inlinable
  @inline(__always)
  public func value(_ index: Int) -> UnsafeMutablePointer<Value> {
    precondition(index >= 0 && index < count)
    return (memory + (index * stride + Self.beforeValue)).assumingMemoryBound(to: Value.self)
  }

  /// Calls `body` with every value in turn, no two at once, and waits for who holds it.
  public func forEach(_ body: (_ index: Int, inout Value) -> Void) {
    for index in 0..<count {
      while !take(index) { sched_yield() }
      defer { giveBack(index) }
      body(index, &value(index).pointee)
    }
  }
}

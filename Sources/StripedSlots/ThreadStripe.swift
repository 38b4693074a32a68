import CThreadSlot
import Locking

/// Tells threads apart, so that what each of them writes to often can be kept in a place of its own.
///
/// Slots are given out in turn: no sixteen threads that came one after the other share one. All values of this type
/// agree.
public struct ThreadStripe: Sendable {
  /// More than the threads that run at one moment on most machines. A power of two.
  @inlinable
  public static var count: Int { 16 }

  private static let threads = Atomic<Int>(0)

  public init() {}

  /// The slot of the calling thread, 0 to 15.
  @inlinable
  public var current: Int {
    // What a thread keeps is one more than its slot: one that has none yet finds 0.
    let kept = thread_slot()
    return kept > 0 ? kept &- 1 : join()
  }

  @usableFromInline
  func join() -> Int {
    let slot = Self.threads.wrappingAdd(1, ordering: .relaxed).oldValue & (Self.count - 1)
    thread_slot_keep(slot + 1)
    return slot
  }
}

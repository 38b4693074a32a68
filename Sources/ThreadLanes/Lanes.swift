import Foundation
import Synchronization

/// A value once a lane, each for one holder at a time, whom nobody has to wait for: who finds a lane held takes the
/// next. Between `take` and `giveBack` the value of that lane is the caller's alone.
public struct Lanes<Value: Sendable>: ~Copyable, Sendable {
  /// What says that the lane is held is beside its value: who takes a lane has fetched where the value begins.
  public struct Lane: ~Copyable, Sendable {
    @usableFromInline let isHeld = Atomic<Bool>(false)
    public var value: Value
  }

  @usableFromInline let thread = ThreadLane()
  @usableFromInline let places: Places<Lane>

  @inlinable
  public var count: Int { places.count }

  public init(_ make: (Int) -> Value) { places = Places(ThreadLane.count) { Lane(value: make($0)) } }

  /// This thread's lane, or the next that nobody holds; nil when all are held.
  @inlinable
  @inline(__always)
  public func take() -> Int? {
    let own = thread.current
    return take(own) ? own : take(after: own)
  }

  @inlinable
  @inline(__always)
  func take(_ index: Int) -> Bool { !places[index].isHeld.exchange(true, ordering: .acquiring) }

  @usableFromInline
  func take(after own: Int) -> Int? {
    for step in 1..<count {
      let index = (own + step) % count
      if take(index) { return index }
    }
    return nil
  }

  /// This thread's lane, or the next that nobody holds. Where all are held it waits for whichever is given back first.
  @inlinable
  @inline(__always)
  public func takeAny() -> Int { take() ?? waitForAny() }

  @usableFromInline
  func waitForAny() -> Int {
    while true {
      // Whoever holds one does not run: there are more lanes than threads that could.
      sched_yield()
      if let index = take() { return index }
    }
  }

  /// For the holder of a lane.
  @inlinable
  @inline(__always)
  public func giveBack(_ index: Int) { places[index].isHeld.store(false, ordering: .releasing) }

  /// A lane, for its holder until it is given back.
  ///
  /// A pointer, because a subscript that is set would be an access to all lanes in the eyes of the thread sanitizer.
  @inlinable
  @inline(__always)
  public func lane(_ index: Int) -> UnsafeMutablePointer<Lane> { places.pointer(index) }

  /// Calls `body` with every value in turn, no two at once, and waits for who holds it.
  public func forEach(_ body: (_ index: Int, inout Value) -> Void) {
    for index in 0..<count {
      while !take(index) { sched_yield() }
      defer { giveBack(index) }
      body(index, &lane(index).pointee.value)
    }
  }
}

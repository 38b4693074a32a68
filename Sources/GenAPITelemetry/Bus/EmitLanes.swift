import Synchronization

/// The lanes of a bus and the number of its last event.
final class EmitLanes: Sendable {
  static let count = ThreadLane.count

  private struct Number: ~Copyable, Sendable {
    let value = Atomic<Int64>(0)
  }

  private let thread = ThreadLane()
  private let lanes = Places<EmitLane>(EmitLanes.count) { _ in EmitLane() }
  private let last = Places<Number>(1) { _ in Number() }

  /// The number of the last event; whoever reads it and locks a lane after that finds there all events up to it.
  ///
  /// Events are numbered while their lane is locked: one that is numbered and not yet appended keeps its lane locked.
  var sequence: Int64 { last[0].value.load(ordering: .acquiring) }

  /// For a holder of a lane.
  @inline(__always)
  func nextSequence() -> Int64 { last[0].value.wrappingAdd(1, ordering: .relaxed).newValue }

  /// Calls `body` with a lane that nobody holds, this thread's own if it can be: a thread does not wait for another
  /// that was stopped while it held one. Only when all are held does it wait for its own.
  @inline(__always)
  func withFreeLane<R: Sendable>(_ body: (inout EmitLane.Contents) -> R) -> R {
    let home = thread.current
    var index = home
    repeat {
      if let result = lanes[index].contents.withLockIfAvailable({ body(&$0) }) { return result }
      index = (index + 1) & (Self.count - 1)
    } while index != home
    return lanes[home].contents.withLock { body(&$0) }
  }

  /// Calls `body` with every lane in turn, and no two at once.
  func forEach(_ body: (_ index: Int, inout EmitLane.Contents) -> Void) {
    for index in 0..<Self.count { lanes[index].contents.withLock { body(index, &$0) } }
  }
}

import Foundation
import Synchronization

/// The lanes of a bus and the number of its last event, each on cache lines of its own.
///
/// `@unchecked Sendable`: the memory is allocated with the object, freed with it and never moved; what lies in it is
/// only ever borrowed and guards itself.
final class EmitLanes: @unchecked Sendable {
  /// More than the threads that emit at one moment on most machines. A power of two.
  static let count = 16
  /// Two cache lines, because processors fetch them in pairs.
  private static let bytesALane = 128

  private struct Number: ~Copyable {
    let value = Atomic<Int64>(0)
  }

  private let memory: UnsafeMutableRawPointer

  init() {
    precondition(MemoryLayout<EmitLane>.stride <= Self.bytesALane)
    memory = .allocate(byteCount: (Self.count + 1) * Self.bytesALane, alignment: Self.bytesALane)
    for index in 0..<Self.count { place(of: index, EmitLane.self).initialize(to: EmitLane()) }
    place(of: Self.count, Number.self).initialize(to: Number())
  }

  deinit {
    for index in 0..<Self.count { place(of: index, EmitLane.self).deinitialize(count: 1) }
    place(of: Self.count, Number.self).deinitialize(count: 1)
    memory.deallocate()
  }

  /// Every place holds one value of one type from `init` to `deinit`.
  @inline(__always)
  private func place<T: ~Copyable>(of index: Int, _: T.Type) -> UnsafeMutablePointer<T> {
    (memory + index * Self.bytesALane).assumingMemoryBound(to: T.self)
  }

  /// The number of the last event; whoever reads it and locks a lane after that finds there all events up to it.
  ///
  /// Events are numbered while their lane is locked: one that is numbered and not yet appended keeps its lane locked.
  var sequence: Int64 { place(of: Self.count, Number.self).pointee.value.load(ordering: .acquiring) }

  /// For a holder of a lane.
  @inline(__always)
  func nextSequence() -> Int64 {
    place(of: Self.count, Number.self).pointee.value.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// Calls `body` with a lane that nobody holds, this thread's own if it can be: a thread does not wait for another
  /// that was stopped while it held one. Only when all are held does it wait for its own.
  @inline(__always)
  func withFreeLane<R: Sendable>(_ body: (inout EmitLane.Contents) -> R) -> R {
    let home = Self.home
    var index = home
    repeat {
      if let result = place(of: index, EmitLane.self).pointee.contents.withLockIfAvailable({ body(&$0) }) {
        return result
      }
      index = (index + 1) & (Self.count - 1)
    } while index != home
    return place(of: home, EmitLane.self).pointee.contents.withLock { body(&$0) }
  }

  /// Calls `body` with every lane in turn, and no two at once.
  func forEach(_ body: (_ index: Int, inout EmitLane.Contents) -> Void) {
    for index in 0..<Self.count {
      place(of: index, EmitLane.self).pointee.contents.withLock { body(index, &$0) }
    }
  }

  /// Threads are told apart by where the system keeps them; multiplied, since those places are far apart.
  @inline(__always)
  private static var home: Int {
    #if os(Linux)
      let thread = pthread_self()
    #else
      let thread = UInt(bitPattern: pthread_self())
    #endif
    return Int(truncatingIfNeeded: (UInt64(thread >> 12) &* 0x9E37_79B9_7F4A_7C15) >> 60)
  }
}

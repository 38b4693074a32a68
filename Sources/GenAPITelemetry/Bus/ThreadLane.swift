import Foundation

/// Tells threads apart, so that what each of them writes to often can be kept in a place of its own.
package enum ThreadLane {
  /// More than the threads that run at one moment on most machines. A power of two.
  package static let count = 16

  /// The lane of the calling thread, 0 to 15. Another thread may have the same one.
  @inlinable
  package static var current: Int {
    #if os(Linux)
      let thread = pthread_self()
    #else
      let thread = UInt(bitPattern: pthread_self())
    #endif
    // Threads are told apart by where the system keeps them; multiplied, since those places are far apart.
    return Int(truncatingIfNeeded: (UInt64(thread >> 12) &* 0x9E37_79B9_7F4A_7C15) >> 60)
  }
}

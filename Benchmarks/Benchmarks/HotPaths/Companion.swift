import Foundation
import Synchronization

/// A second thread that does something over and over, from `init`, which waits until it has begun, to `stop`.
final class Companion: Sendable {
  private let hasBegun = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let isStopped = Atomic<Bool>(false)

  init(_ body: @escaping @Sendable (Int) -> Void) {
    Thread.detachNewThread { [self] in
      hasBegun.signal()
      var index = 0
      while !isStopped.load(ordering: .relaxed) {
        body(index)
        index += 1
      }
      hasEnded.signal()
    }
    hasBegun.wait()
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    hasEnded.wait()
  }
}

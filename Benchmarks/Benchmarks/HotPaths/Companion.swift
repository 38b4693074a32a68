import Benchmark
import Foundation
import Synchronization

/// A second thread that does something over and over, from `start`, which waits until it has begun, to `stop`.
final class Companion: Sendable {
  typealias Body = (Int) throws -> Void

  private let make: @Sendable () throws -> Body
  private let hasBegun = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let isStopped = Atomic<Bool>(false)

  /// - Parameter make: called on the thread: what it works with lies apart from what the first thread works with, as it
  ///   does where each thread makes its own.
  init(_ make: @escaping @Sendable () throws -> Body) { self.make = make }

  func start() {
    isStopped.store(false, ordering: .relaxed)
    Thread.detachNewThread { [self] in
      do {
        let body = try make()
        try body(0)
        hasBegun.signal()
        var index = 1
        while !isStopped.load(ordering: .relaxed) {
          try body(index)
          index += 1
        }
      } catch {
        fatalError("the other thread: \(error)")
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

/// A benchmark all runs of which have one companion.
func accompaniedBenchmark(
  _ name: String, configuration: Benchmark.Configuration = Benchmark.defaultConfiguration,
  by companion: Companion, _ measure: @escaping @Sendable (Benchmark) throws -> Void
) {
  Benchmark(name, configuration: configuration, closure: { try measure($0) }) {
    companion.start()
  } teardown: {
    companion.stop()
  }
}

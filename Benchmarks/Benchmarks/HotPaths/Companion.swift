import Benchmark
import Foundation
import Synchronization

/// A second thread that does something over and over, from `start`, which waits until it has begun, to `stop`.
final class Companion: Sendable {
  private let body: @Sendable (Int) throws -> Void
  private let hasBegun = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let isStopped = Atomic<Bool>(false)

  init(_ body: @escaping @Sendable (Int) throws -> Void) { self.body = body }

  func start() {
    isStopped.store(false, ordering: .relaxed)
    Thread.detachNewThread { [self] in
      var index = 0
      while !isStopped.load(ordering: .relaxed) {
        do { try body(index) } catch { fatalError("the other thread: \(error)") }
        // By then it has what it works with.
        if index == 0 { hasBegun.signal() }
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

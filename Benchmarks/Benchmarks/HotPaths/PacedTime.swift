import Benchmark
import Foundation
import GenAPIGateway
import GenAPITelemetry
import Synchronization

/// A clock that moves by a step at each look, so that windows slide as in a busy hour; a look costs what the
/// system's clock costs. Each thread has a hand of its own: one that all move would be what is measured. A new one
/// begins where the others are.
final class PacedTime: GatewayClock {
  /// The looks of one thread. Never freed: there are as many as threads that look at such a clock.
  private typealias Hand = UnsafeMutablePointer<Int64>

  private let system = SystemTime()
  private let step: Int64
  private let key: pthread_key_t
  /// Looks of any hand, a thousand ago at most.
  private let latest = Atomic<Int64>(0)

  init(stepNanoseconds: Int64) {
    step = stepNanoseconds
    var key = pthread_key_t()
    precondition(pthread_key_create(&key, nil) == 0)
    self.key = key
  }

  func monotonicNanoseconds() -> Int64 {
    blackHole(system.monotonicNanoseconds())
    let hand = pthread_getspecific(key)?.assumingMemoryBound(to: Int64.self) ?? makeHand()
    hand.pointee += 1
    if hand.pointee & 1_023 == 0 { latest.store(hand.pointee, ordering: .relaxed) }
    return hand.pointee * step
  }

  private func makeHand() -> Hand {
    // On cache lines of its own.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
    pthread_setspecific(key, memory)
    let hand = memory.bindMemory(to: Int64.self, capacity: 1)
    hand.initialize(to: latest.load(ordering: .relaxed))
    return hand
  }

  /// One look at the clock, as the system's time takes.
  func now() -> TimeReading {
    let monotonic = monotonicNanoseconds()
    return TimeReading(monotonicNanoseconds: monotonic, wallMicroseconds: monotonic / 1_000)
  }

  func wallMicroseconds() -> Int64 { system.wallMicroseconds() }

  func sleep(nanoseconds: Int64) async throws { try await system.sleep(nanoseconds: nanoseconds) }
}

import Benchmark
import Foundation
import GenAPIGateway
import GenAPITelemetry
import Synchronization

/// A clock that moves by a step at each look, so that windows slide as in a busy hour; a look costs what the
/// system's clock costs. Each thread has a hand of its own: one that all move would be what is measured.
final class PacedTime: GatewayClock {
  private final class Hand: Sendable {
    let looks = Atomic<Int64>(0)
    /// Keeps the next hand off this one's cache line.
    let apart = (Int64(0), Int64(0), Int64(0), Int64(0), Int64(0), Int64(0), Int64(0), Int64(0))
  }

  private let hands = (0..<16).map { _ in Hand() }
  private let system = SystemTime()
  private let step: Int64

  init(stepNanoseconds: Int64) { step = stepNanoseconds }

  func monotonicNanoseconds() -> Int64 {
    blackHole(system.monotonicNanoseconds())
    let hand = Int(truncatingIfNeeded: (UInt64(pthread_self() >> 12) &* 0x9E37_79B9_7F4A_7C15) >> 60)
    // Only one thread moves a hand, so two steps that are not one are enough and cost less.
    let looks = hands[hand].looks.load(ordering: .relaxed) + 1
    hands[hand].looks.store(looks, ordering: .relaxed)
    return looks * step
  }

  /// One look at the clock, as the system's time takes.
  func now() -> TimeReading {
    let monotonic = monotonicNanoseconds()
    return TimeReading(monotonicNanoseconds: monotonic, wallMicroseconds: monotonic / 1_000)
  }

  func wallMicroseconds() -> Int64 { system.wallMicroseconds() }

  func sleep(nanoseconds: Int64) async throws { try await system.sleep(nanoseconds: nanoseconds) }
}

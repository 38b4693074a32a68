import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("The window of one key")
struct SlidingWindowTests {
  /// The reference: every time of a request let through.
  private struct ExactLog {
    var times: [Int64] = []

    mutating func count(now: Int64, windowMs: Int64) -> Int {
      times.removeAll { $0 <= now - windowMs }
      return times.count
    }
  }

  /// Drives a window with random gaps and bursts; calls `look` at every request, before it is counted.
  private func drive(
    seed: UInt64, maxRequests: Int, windowMs: Int64, steps: Int,
    look: (_ counted: Int, _ exact: Int, _ resetMs: Int64, _ log: [Int64], _ now: Int64) -> Void
  ) {
    var numbers = SeededRandom(seed: seed)
    let batch = SlidingWindow.batchSize(maxRequests: maxRequests)
    var window = SlidingWindow()
    var log = ExactLog()
    var now = Int64.random(in: 0...8_000_000_000, using: &numbers)
    for _ in 0..<steps {
      switch Int.random(in: 0..<20, using: &numbers) {
      case 0: now += Int64.random(in: 0...windowMs * 2, using: &numbers)
      case 1...9: now += Int64.random(in: 0...max(1, windowMs * 2 / Int64(maxRequests)), using: &numbers)
      default: break
      }
      window.expire(now: now, windowMs: windowMs)
      let exact = log.count(now: now, windowMs: windowMs)
      let counted = window.used(batch: batch)
      let reset = window.resetMs(now: now, windowMs: windowMs, batch: batch, most: maxRequests)
      look(counted, exact, reset, log.times, now)
      if counted < maxRequests {
        window.record(now: now, batch: batch)
        log.times.append(now)
      }
    }
  }

  @Test("up to 128 requests, the count and the time to wait are exact", arguments: 1...40)
  func exactWhenSmall(seed: UInt64) {
    var numbers = SeededRandom(seed: seed &* 77)
    let maxRequests = Int.random(in: 1...128, using: &numbers)
    let windowMs = Int64.random(in: 1...100_000, using: &numbers)
    drive(seed: seed, maxRequests: maxRequests, windowMs: windowMs, steps: 2_000) {
      counted, exact, resetMs, log, now in
      #expect(counted == exact)
      if let oldest = log.first { #expect(resetMs == oldest + windowMs - now) }
    }
  }

  @Test(
    "above 128, the count is never too low and too high by less than 1 % of the maximum", arguments: 1...40)
  func errorBound(seed: UInt64) {
    var numbers = SeededRandom(seed: seed &* 99)
    let maxRequests = Int.random(in: 129...3_000, using: &numbers)
    let windowMs = Int64.random(in: 1...100_000, using: &numbers)
    drive(seed: seed, maxRequests: maxRequests, windowMs: windowMs, steps: 10_000) {
      counted, exact, _, _, _ in
      #expect(counted >= exact)
      #expect(counted - exact < SlidingWindow.batchSize(maxRequests: maxRequests))
      #expect(Double(counted - exact) < 0.01 * Double(maxRequests))
    }
  }

  @Test("after the time to wait, there is room")
  func resetFrees() {
    var window = SlidingWindow()
    for time in 0..<10 { window.record(now: Int64(time * 10), batch: 1) }
    let reset = window.resetMs(now: 90, windowMs: 1_000, batch: 1, most: 10)
    window.expire(now: 90 + reset - 1, windowMs: 1_000)
    #expect(window.used(batch: 1) == 10)
    window.expire(now: 90 + reset, windowMs: 1_000)
    #expect(window.used(batch: 1) == 9)
  }

  @Test(
    "after the time to wait there is room, and not before, also where more is counted than is allowed now",
    arguments: 1...40)
  func resetFreesLowered(seed: UInt64) {
    var numbers = SeededRandom(seed: seed &* 55)
    let old = Int.random(in: 2...600, using: &numbers)
    let new = Int.random(in: 1...old, using: &numbers)
    let windowMs = Int64.random(in: 1_000...100_000, using: &numbers)
    let batches = (SlidingWindow.batchSize(maxRequests: old), SlidingWindow.batchSize(maxRequests: new))
    var window = SlidingWindow()
    var now = Int64.random(in: 0...8_000_000_000, using: &numbers)
    for _ in 0..<Int.random(in: new...old, using: &numbers) {
      now += Int64.random(in: 0...windowMs / Int64(old * 2), using: &numbers)
      window.record(now: now, batch: batches.0)
    }
    window.rebatch(from: batches.0, to: batches.1)
    let reset = window.resetMs(now: now, windowMs: windowMs, batch: batches.1, most: new)
    window.expire(now: now + reset - 1, windowMs: windowMs)
    #expect(window.used(batch: batches.1) >= new)
    window.expire(now: now + reset, windowMs: windowMs)
    #expect(window.used(batch: batches.1) < new)
  }

  @Test("a window never holds more than 128 stamps, whatever the maximum")
  func bounded() {
    for maxRequests in [1, 127, 128, 129, 1_000, 20_000, 1_000_000] {
      let batch = SlidingWindow.batchSize(maxRequests: maxRequests)
      #expect((maxRequests + batch - 1) / batch <= SlidingWindow.batches)
    }
    #expect(MemoryLayout<SlidingWindow>.size <= 24)
    #expect(MemoryLayout<KeyTable.Slot>.stride <= 64)
  }

  @Test("a long silence is told from a short one, beyond 32 bits of milliseconds")
  func wrapAround() {
    var window = SlidingWindow()
    window.record(now: 100, batch: 1)
    window.expire(now: 100 + (1 << 32), windowMs: 1_000)
    #expect(window.used(batch: 1) == 0)
  }
}

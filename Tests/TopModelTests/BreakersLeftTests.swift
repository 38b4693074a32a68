import GenAPITelemetry
import TestRandom
import Testing

@testable import TopModel

@Suite("Whether a gateway had breakers")
struct BreakersLeftTests {
  /// How it was at a second, as the pane of circuits looks at it.
  private func hasAny(_ history: TargetHistory, at second: Int64, within seconds: Int64) -> Bool {
    guard history.lastKept(at: second, within: seconds) != nil else { return false }
    return history.slowState(at: second)?.breakers.isEmpty == false
  }

  @Test("where it is said that there was none at a second or later, none is found in any of them")
  func neverWrong() {
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = SeededRandom(seed: seed)
      var history = TargetHistory()
      var state = GatewayState()
      var (now, skipped) = (Int64(1_000), 0)
      for _ in 1...120 {
        // Some seconds are missing, and now and then the clock is set back.
        now += Int.random(in: 0..<8, using: &random) == 0 ? Int64.random(in: 2...90, using: &random) : 1
        if Int.random(in: 0..<60, using: &random) == 0 {
          now -= 20
          history.rewind(to: now * 1_000_000)
        }
        if Int.random(in: 0..<10, using: &random) == 0 {
          state.breakers = state.breakers.isEmpty ? [BreakerState(pool: "async", worker: 1)] : []
        }
        state.process.residentBytes = now
        history.record(state, at: now * 1_000_000)
        for start in [now - 59, now - 5, now] where !history.hasBreakers(from: start, within: 3) {
          skipped += 1
          #expect(!(start...now).contains { hasAny(history, at: $0, within: 3) })
        }
      }
      #expect(skipped > 0)
    }
  }
}

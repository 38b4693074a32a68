import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("What a window counted")
struct WindowFiguresTests {
  @Test(
    "it is what its seconds add up to, whichever window is asked for in which order, and whatever comes in between"
  )
  func sums() {
    for seed in 0..<20 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var history = TargetHistory()
      var state = GatewayState()
      var now = ModelFixture.start
      for step in 0..<300 {
        now += Int.random(in: 0..<40, using: &random) == 0 ? 5_000_000 : 1_000_000
        if Int.random(in: 0..<100, using: &random) == 0 {
          now -= 30_000_000
          history.rewind(to: now)
        }
        state.process.cpuSeconds += 0.5
        if Bool.random(using: &random) { state.process.droppedLogLines += 2 }
        if Bool.random(using: &random) { state.sockets.acceptFailures += 1 }
        if Bool.random(using: &random) { state.add("users", "get", ok: [300]) }
        history.record(state, at: now)
        let end = now / 1_000_000 - Int64.random(in: 0...3, using: &random)
        let length = [10, 60, 300].randomElement(using: &random) ?? 10
        let figures = history.figures(endingAt: end, length: length)
        let window = history.window(endingAt: end, length: length)
        #expect(abs(figures.cpuSeconds - window.reduce(0) { $0 + $1.cpuSeconds }) < 1e-9, "\(seed) \(step)")
        #expect(figures.acceptFailures == window.reduce(0) { $0 + Int64($1.acceptFailures) })
        #expect(figures.droppedLogLines == window.reduce(0) { $0 + Int64($1.droppedLogLines) })
        #expect(figures.refusedHandshakes == window.reduce(0) { $0 + Int64($1.refusedHandshakes) })
        let watched = window.reduce(0) { $0 + $1.watched }
        let whole = Double(max(length, Int((window.last?.second ?? 0) - (window.first?.first ?? 0)) + 1))
        #expect(
          [0.05, watched, whole].contains(figures.watched) && figures.watched < max(0.06, watched * 1.003))
        var started: Int64 = 0
        history.sums(endingAt: end, length: length) { started = $0.whole.started }
        #expect(started == window.reduce(0) { $0 + $1.started }, "\(seed) \(step)")
      }
    }
  }
}

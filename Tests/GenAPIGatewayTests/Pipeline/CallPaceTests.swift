import Testing

@testable import GenAPIGateway

@Suite("Whether a call stays on the thread that brought it")
struct CallPaceTests {
  private static let ms: Int64 = 1_000_000

  private func trusted() -> CallPace {
    let pace = CallPace()
    for _ in 0..<CallPace.trial { pace.held(10_000, nowNs: 0) }
    return pace
  }

  @Test("a function is trusted after 32 quick calls in a row, and not before")
  func trial() {
    let pace = CallPace()
    for _ in 0..<31 { pace.held(10_000, nowNs: 0) }
    #expect(!pace.mayHoldThread)
    pace.held(300_000, nowNs: 0)
    for _ in 0..<31 { pace.held(10_000, nowNs: 0) }
    #expect(!pace.mayHoldThread)
    pace.held(10_000, nowNs: 0)
    #expect(pace.mayHoldThread)
  }

  @Test("one call that holds the thread for 50 ms ends the stay for 10 s, the next for 20 s")
  func hanging() {
    let pace = trusted()
    pace.held(50 * Self.ms, nowNs: 0)
    #expect(!pace.mayHoldThread)
    for _ in 0..<100 { pace.held(10_000, nowNs: 9_999 * Self.ms) }
    #expect(!pace.mayHoldThread)
    for _ in 0..<32 { pace.held(10_000, nowNs: 10_000 * Self.ms) }
    #expect(pace.mayHoldThread)
    pace.held(60 * Self.ms, nowNs: 10_000 * Self.ms)
    for _ in 0..<100 { pace.held(10_000, nowNs: 29_999 * Self.ms) }
    #expect(!pace.mayHoldThread)
    for _ in 0..<32 { pace.held(10_000, nowNs: 30_000 * Self.ms) }
    #expect(pace.mayHoldThread)
  }

  @Test("a stay is at most an hour away, however often it was ended")
  func longest() {
    let pace = CallPace()
    var now: Int64 = 0
    for _ in 0..<40 {
      now += 3_600_000 * Self.ms
      for _ in 0..<32 { pace.held(10_000, nowNs: now) }
      #expect(pace.mayHoldThread)
      pace.held(80 * Self.ms, nowNs: now)
      #expect(!pace.mayHoldThread)
    }
  }

  @Test("slow calls now and then are forgiven, several among few are not")
  func slow() {
    let pace = trusted()
    for _ in 0..<20 {
      pace.held(2 * Self.ms, nowNs: 0)
      for _ in 0..<64 { pace.held(10_000, nowNs: 0) }
    }
    #expect(pace.mayHoldThread)
    for _ in 0..<3 { pace.held(2 * Self.ms, nowNs: 0) }
    #expect(!pace.mayHoldThread)
  }
}

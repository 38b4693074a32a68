import Testing

@testable import GenAPIChannels

@Suite("Turns on an event loop")
struct LoopTurnsTests {
  @Test("a socket shares its loop when another had a turn within the last millisecond")
  func shared() {
    let turns = LoopTurns()
    #expect(!turns.begin(1, nowNs: 0))
    #expect(!turns.begin(1, nowNs: 500_000))
    #expect(turns.begin(2, nowNs: 600_000))
    #expect(turns.begin(1, nowNs: 700_000))
    #expect(turns.begin(1, nowNs: 1_500_000))
    #expect(!turns.begin(1, nowNs: 1_700_000))
  }
}

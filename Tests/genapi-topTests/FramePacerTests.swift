import Testing

@testable import genapi_top

@Suite struct FramePacerTests {
  private func drawn(at time: Int64, took: Int64 = 1) -> FramePacer {
    var pacer = FramePacer()
    pacer.drew(at: time, took: took)
    return pacer
  }

  @Test("the first frame is due at once")
  func first() {
    #expect(FramePacer().isDue(at: 0))
  }

  @Test("nothing is drawn without a change")
  func quiet() {
    #expect(drawn(at: 0).wait(at: 1_000_000) == nil)
  }

  @Test("a change waits for the rest of the tenth of a second")
  func change() {
    var pacer = drawn(at: 1_000)
    pacer.noteChange()
    #expect(pacer.wait(at: 1_030) == 70)
    #expect(!pacer.isDue(at: 1_099))
    #expect(pacer.isDue(at: 1_100))
  }

  @Test("what takes long to draw is drawn less often: a twentieth of the time, and once a second at least")
  func dear() {
    for (took, rest) in [(0, 100), (5, 100), (13, 260), (49, 980), (400, 1_000), (Int64.max, 1_000)] {
      var pacer = drawn(at: 1_000, took: Int64(took))
      pacer.noteChange()
      #expect(pacer.wait(at: 1_000) == Int64(rest))
    }
  }

  @Test("a key is drawn at once")
  func key() {
    var pacer = drawn(at: 1_000, took: 400)
    pacer.noteInput()
    #expect(pacer.isDue(at: 1_001))
  }

  @Test("keys that are drawn do not put off what came, however many: its time is when it was")
  func manyKeys() {
    var pacer = drawn(at: 1_000)
    pacer.noteChange()
    for time in stride(from: Int64(1_010), to: 1_100, by: 10) {
      pacer.noteInput()
      #expect(pacer.isDue(at: time) && pacer.isUrgent)
      pacer.drewInput()
      #expect(pacer.wait(at: time) == 1_100 - time)
    }
    #expect(pacer.isDue(at: 1_100) && !pacer.isUrgent)
  }
}

import Testing

@testable import genapi_top

@Suite struct ReplayClockTests {
  /// The recording starts at 1 000 000 µs, when the clock shows 50 ms.
  private func clock(speed: Double = 1) -> ReplayClock {
    ReplayClock(startingAt: 1_000_000, now: 50, speed: speed)
  }

  @Test("runs at the pace it was recorded at")
  func pace() {
    #expect(clock().recorded(at: 50) == 1_000_000)
    #expect(clock().recorded(at: 1_050) == 2_000_000)
  }

  @Test("runs as much faster as asked, and says how long until a frame")
  func faster() {
    #expect(clock(speed: 10).recorded(at: 150) == 2_000_000)
    #expect(clock(speed: 10).wait(until: 2_000_000, now: 50) == 100)
    #expect(clock(speed: 10).wait(until: 500_000, now: 50) == 0)
  }

  @Test("stands still while paused, and goes on from there")
  func paused() {
    var clock = clock()
    clock.setPaused(true, now: 150)
    #expect(clock.recorded(at: 9_999) == 1_100_000)
    #expect(clock.wait(until: 2_000_000, now: 9_999) == nil)
    clock.setPaused(false, now: 10_000)
    #expect(clock.recorded(at: 10_100) == 1_200_000)
  }

  @Test("a change of speed does not jump")
  func change() {
    var clock = clock()
    clock.setSpeed(4, now: 150)
    #expect(clock.recorded(at: 150) == 1_100_000)
    #expect(clock.recorded(at: 250) == 1_500_000)
  }

  @Test("a step goes on at once, also while paused")
  func step() {
    var clock = clock()
    clock.setPaused(true, now: 50)
    clock.go(to: 3_000_000, now: 60)
    #expect(clock.recorded(at: 70) == 3_000_000)
  }

  @Test("the speed stays within its bounds", arguments: [(0.0, 0.1), (1e9, 100.0)])
  func bounds(asked: Double, kept: Double) {
    #expect(clock(speed: asked).speed == kept)
  }
}

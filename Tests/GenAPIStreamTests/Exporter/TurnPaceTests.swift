import Testing

@testable import GenAPIStream

@Suite("How often an exporter wakes up")
struct TurnPaceTests {
  /// The turns of a time, in milliseconds.
  private func turns(_ pace: inout TurnPace, from start: Int64, until end: Int64, busyAt events: [Int64] = [])
    -> [Int64]
  {
    var now = start
    var turns: [Int64] = []
    while now < end {
      let wait = pace.wait(at: now)
      if events.contains(where: { $0 > now && $0 <= now + wait }) { pace.isBusy(at: now + wait) }
      now += wait
      turns.append(now)
    }
    return turns
  }

  @Test("every 10 ms while events come and for a second after the last, then every 50 ms")
  func rests() {
    var pace = TurnPace(drainMs: 10, queue: 65_536)
    pace.isBusy(at: 5_000)
    #expect(turns(&pace, from: 5_000, until: 6_000).count == 100)
    let quiet = turns(&pace, from: 6_000, until: 16_000)
    #expect(quiet.count == 200 && quiet.first == 6_050)
    // One that comes while it rests waits for 50 ms at most, and those behind it 10.
    let woken = turns(&pace, from: 16_000, until: 18_000, busyAt: [16_001])
    #expect(woken.prefix(3) == [16_050, 16_060, 16_070])
    #expect(woken.count == 1 + 100 + 19)
  }

  @Test("a queue that may be full sooner is always looked at every 10 ms, and a longer pause is kept")
  func never() {
    var short = TurnPace(drainMs: 10, queue: 65_535)
    #expect(turns(&short, from: 100_000, until: 101_000).count == 100)
    var slow = TurnPace(drainMs: 200, queue: 1_000_000)
    #expect(turns(&slow, from: 100_000, until: 102_000).count == 10)
  }

  @Test("turns and ticks while it rests lie on whole multiples of 50 ms, however late it wakes up")
  func grid() {
    var pace = TurnPace(drainMs: 10, queue: 65_536)
    var now: Int64 = 10_007
    var told: [Int64] = []
    for late in [3, 0, 49, 12, 1, 0, 2, 38, 7] as [Int64] {
      let wait = pace.wait(at: now)
      #expect((now + wait) % 50 == 0 || wait == 10)
      now += wait + late
      if pace.takesTick(at: now) { told.append(now / 50) }
    }
    #expect(told == Array(201...209))
    #expect(TurnPace.nextTick(after: .max) == .max && TurnPace.nextTick(after: 0) == 50)
  }

  @Test("sessions are told the time every 50 ms, however often it wakes up")
  func ticks() {
    var pace = TurnPace(drainMs: 10, queue: 65_536)
    pace.isBusy(at: 1_000)
    let told = turns(&pace, from: 1_000, until: 2_000).filter { pace.takesTick(at: $0) }
    #expect(told == [1_010] + Array(stride(from: 1_050, through: 2_000, by: 50)))
  }
}

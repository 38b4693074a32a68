import Testing

@testable import TopScreen
@testable import genapi_top

/// Times around a change of the wall clock.
@Suite struct LocalTimeTests {
  /// 2026-10-25T01:00:00Z, when the clocks of Berlin go back from 03:00 to 02:00.
  private let autumn: Int64 = 1_792_890_000_000_000
  /// 2026-03-29T01:00:00Z, when they go from 02:00 to 03:00.
  private let spring: Int64 = 1_774_746_000_000_000

  private func berlin(_ moment: Int64) -> Int { (spring..<autumn).contains(moment) ? 7_200 : 3_600 }

  @Test("every time is shown by the offset of its own moment, before and after a change")
  func shown() {
    let offset = LocalTime.offsets(until: autumn + 60_000_000, offset: berlin)
    #expect(TimeText.clock(autumn - 2_000_000, offset: offset) == "02:59:58")
    #expect(TimeText.clock(autumn, offset: offset) == "02:00:00")
    #expect(TimeText.preciseClock(spring - 3_000_000, offset: offset) == "01:59:57.000")
    #expect(TimeText.clock(spring, offset: offset) == "03:00:00")
    #expect(TimeText.date(spring - 1, offset: offset) == "2026-03-29 01:59:59")
  }

  @Test(
    "a time of day goes to the moment at which the wall clock showed it, also one that is twice, or never")
  func asked() {
    let afterAutumn = autumn + 5_000_000
    let offset = LocalTime.offsets(until: afterAutumn, offset: berlin)
    func moment(_ text: String, _ newest: Int64) -> Int64? {
      TimeDialog.moment(text, newest: newest, offset: LocalTime.offsets(until: newest, offset: berlin))
    }
    #expect(TimeDialog.moment("02:59:58", newest: afterAutumn, offset: offset) == autumn - 2_000_000)
    #expect(moment("02:00:03", afterAutumn) == autumn + 3_000_000)
    #expect(moment("01:59:58", spring + 5_000_000) == spring - 2_000_000)
    // At that day there was none, and who asks for it does not mean the day before.
    #expect(moment("02:30:00", spring + 5_000_000) == nil)
  }
}

import OutsideText
import Testing

@Suite("Times that a program's author states")
struct DurationTests {
  @Test("are whole numbers, rounded away from 0 and no larger than the type")
  func wholeNumbers() {
    #expect(Duration.milliseconds(1_500).wholeMilliseconds == 1_500)
    #expect(Duration.microseconds(1).wholeMilliseconds == 1)
    #expect(Duration.microseconds(-1).wholeMilliseconds == -1)
    #expect(Duration.milliseconds(1_001).wholeSeconds == 2)
    #expect(Duration.milliseconds(-1_001).wholeSeconds == -2)
    #expect(Duration.zero.wholeNanoseconds == 0)
    #expect(Duration.nanoseconds(7).wholeNanoseconds == 7)
    for endless in [Duration.seconds(Int64.max), .seconds(Int64.max) * 4] {
      #expect(endless.wholeMilliseconds == .max && endless.wholeNanoseconds == .max)
      #expect(endless.wholeSeconds == .max)
    }
    for endless in [Duration.seconds(Int64.min), .seconds(Int64.min) * 4] {
      #expect(endless.wholeMilliseconds == .min && endless.wholeSeconds == .min)
    }
  }

  @Test(
    "are shown in the largest unit that leaves no fraction",
    arguments: [
      (Duration.zero, "0 ms"), (.milliseconds(1), "1 ms"), (.milliseconds(1_500), "1500 ms"),
      (.seconds(30), "30 s"), (.seconds(300), "5 min"), (.seconds(86_400), "24 h"), (.seconds(-2), "-2 s"),
      (.microseconds(1_500), "0.0015 seconds"),
    ])
  func shown(_ time: Duration, _ text: String) {
    #expect(time.shown == text)
  }

  @Test("that nobody can wait for are shown, too")
  func endless() {
    #expect((Duration.seconds(Int64.max) * 4).shown == "more than can be counted")
    #expect(Duration.seconds(Int64.max).shown == "more than can be counted")
    #expect(Duration.milliseconds(Int64.max).shown == "more than can be counted")
    #expect(Duration.seconds(Int64.min).shown == "less than can be counted")
    #expect(
      Duration.seconds(Int64.max).sleepable == .seconds(100 * 366 * 86_400)
        && Duration.zero.sleepable == .zero)
    #expect(Duration.milliseconds(Int64.max - 1).shown == "9223372036854775806 ms")
    let range = Duration.milliseconds(100) ... .seconds(86_400)
    #expect(range.shown == "100 ms to 24 h")
  }
}

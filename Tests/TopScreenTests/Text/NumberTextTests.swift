import Testing

@testable import TopModel
@testable import TopScreen

@Suite("Numbers")
struct NumberTextTests {
  @Test(
    "alerts round a percentage as panes do",
    arguments: [0, 0.01, 0.05, 2.14, 12.4, 99.94, 99.96, 99.9999, 100])
  func asAlerts(_ value: Double) {
    let (alert, pane) = (AlertText.text(value, .percent).string, NumberText.percent(value) + "%")
    #expect(alert == pane || alert == pane.replacing(".0%", with: "%"), "\(alert) \(pane)")
  }

  @Test("a value beside a bound that it is not has as many digits as tell them apart")
  func besideBound() {
    func text(_ value: Double, _ bound: Double, _ unit: AlertMetric.Unit = .percent) -> String {
      AlertText.text(value, unit, beside: bound).string
    }
    #expect(text(5.2, 5) == "5.2%" && text(5.04, 5) == "5.04%" && text(4.96, 5) == "4.96%")
    #expect(text(5, 5) == "5%" && text(5.0001, 5) == ">5%" && text(4.9999, 5) == "<5%")
    #expect(text(0.03, 0.01) == "0.03%" && text(99.97, 99.96) == "99.97%")
    #expect(text(100.3, 100, .rate) == "100.30/s" && text(1_004_000, 1_000_000, .duration) == "1.004s")
    #expect(text(500_200_000, 500_000_000, .bytes) == "500.20MB" && text(7, 6, .count) == "7")
    for value in [.nan, .infinity, 1e300, -1e300, 1e15 + 2] as [Double] {
      for unit in [AlertMetric.Unit.percent, .rate, .bytes] { #expect(!text(value, 1e15, unit).isEmpty) }
    }
    // Whatever they are, what holds is not told as what it is held against.
    for step in 1...4_000 {
      let (value, bound) = (Double(step) / 317, (Double(step) / 317).rounded())
      for unit in [AlertMetric.Unit.percent, .rate, .bytes] where value != bound {
        #expect(text(value * 1e6, bound * 1e6, unit) != AlertText.text(bound * 1e6, unit).string)
      }
    }
  }

  @Test(
    "counts fit five columns",
    arguments: [
      (0, "0"), (0.42, "0.4"), (9.94, "9.9"), (9.96, "10"), (812, "812"), (999.4, "999"), (999.6, "1.0k"),
      (1_234, "1.2k"), (98_400, "98k"), (999_600, "1.0M"), (3_400_000, "3.4M"), (-1_234, "-1.2k"),
      (.nan, "–"), (.infinity, "–"), (1e30, "∞"),
    ] as [(Double, String)])
  func short(_ value: Double, text: String) {
    #expect(NumberText.short(value) == text)
    #expect(text.count <= 5)
  }

  @Test("thousands are parted")
  func grouped() {
    #expect(NumberText.grouped(11_932.0) == "11 932")
    #expect(NumberText.grouped(Int64(999)) == "999")
    #expect(NumberText.grouped(Int64.min) == "-∞")
    #expect(NumberText.grouped(12_345_678.0) == "12M")
  }

  @Test("percentages fit four columns")
  func percent() {
    #expect(
      [0, 0.01, 2.14, 12.4, 99.94, 99.96, 99.9999, 100, 250].map(NumberText.percent) == [
        "0.0", "<0.1", "2.1", "12.4", "99.9", "99.9", "99.9", "100", "250",
      ])
  }

  @Test("bytes have a unit of powers of 1024")
  func bytes() {
    #expect(NumberText.bytes(812) == "812B")
    #expect(NumberText.bytes(91_000_000) == "87M")
    #expect(NumberText.bytes(5_800_000_000) == "5.4G")
  }

  @Test(
    "latencies fit six columns",
    arguments: [
      (0, "0µs"), (999, "999µs"), (1_000, "1.0ms"), (41_300, "41.3ms"), (310_000, "310ms"),
      (999_600, "1.0s"), (14_000_000, "14.0s"), (190_000_000, "3m10s"),
      (115_000_000, "1m55s"), (120_000_000, "2m"), (5_999_000_000, "99m59s"), (6_000_000_000, "1h40m"),
      (360_000_000_000, "4d"), (-1_804_000, "-1.8s"),
    ] as [(Int64, String)])
  func durations(_ microseconds: Int64, text: String) {
    #expect(TimeText.duration(microseconds: microseconds) == text)
    #expect(text.count <= 6)
  }

  @Test("no duration traps")
  func extremes() {
    #expect(!TimeText.duration(microseconds: .max).isEmpty)
    #expect(!TimeText.duration(microseconds: .min).isEmpty)
    #expect(TimeText.duration(milliseconds: .max) == "∞")
    #expect(!TimeText.age(of: .min, at: .max).isEmpty)
    #expect(TimeText.duration(milliseconds: 60_000) == "60s")
  }

  @Test("clocks are told in the zone asked for")
  func clocks() {
    #expect(TimeText.clock(Sample.now) == "12:04:31")
    #expect(TimeText.preciseClock(Sample.now, offset: 3600) == "13:04:31.201")
    #expect(TimeText.clock(-1) == "23:59:59")
  }

  @Test("ages grow from seconds to days")
  func ages() {
    #expect(TimeText.age(seconds: 41) == "41s")
    #expect(TimeText.age(seconds: 400) == "6m")
    #expect(TimeText.age(seconds: 900_000) == "10d")
  }
}

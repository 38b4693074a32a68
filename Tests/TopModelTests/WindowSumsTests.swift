import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("The sums of a window, kept up")
struct WindowSumsTests {
  private static func anew(_ history: TargetHistory, endingAt second: Int64, length: Int) -> [WindowSums
    .Counts]
  {
    var sums = [WindowSums.Counts](repeating: WindowSums.Counts(), count: history.functions.count)
    for sample in history.window(endingAt: second, length: length) {
      for delta in sample.series {
        let number = Int(delta.series)
        if sample.second > second - WindowSums.recentSeconds, AddedUpAnew.isTroubled(delta) {
          sums[number].troubled += 1
        }
        sums[number].started += Int64(delta.started)
        sums[number].finished += delta.finished
        sums[number].failed += Int64(delta.failed)
        sums[number].rejected += Int64(delta.rejected)
        sums[number].unavailable += Int64(delta.unavailable)
        sums[number].retries += Int64(delta.retries)
        sums[number].seconds += 1
        for entry in delta.packedLatencies {
          let count = Int64(entry & SeriesDelta.bucketCountMask)
          sums[number].ran += count
          if LatencyHistogram.representative(of: Int(entry >> 21)) >= RequestRow.slowUs {
            sums[number].slow += count
          }
        }
      }
    }
    return sums
  }

  private static func latency(
    _ history: TargetHistory, of number: Int?, endingAt second: Int64, length: Int
  ) -> LatencyHistogram {
    var latency = LatencyHistogram()
    for sample in history.window(endingAt: second, length: length) {
      for delta in sample.series where number == nil || Int(delta.series) == number {
        for entry in delta.packedLatencies { latency.record(entry) }
      }
    }
    return latency
  }

  private static func isLike(_ counts: BucketCounts, _ latency: LatencyHistogram) -> Bool {
    let fractions = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1]
    return counts.count == latency.count && counts.highest == latency.highest
      && fractions.allSatisfy { counts.quantile($0) == latency.quantile($0) }
  }

  private static func happen(_ state: inout GatewayState, _ random: inout SeededRandom) {
    if state.series.count < 9, Bool.random(using: &random) {
      state.series.append(SeriesState(service: "s", requestType: "f\(state.series.count)"))
    }
    for index in state.series.indices where Bool.random(using: &random) {
      let count = Int64.random(in: 0...5, using: &random)
      state.series[index].requests += count + 1
      state.series[index].outcomes["ok", default: 0] += count
      state.series[index].outcomes["unavailable", default: 0] += 1
      state.series[index].retries += count / 2
      for _ in 0...count {
        state.series[index].latency.record(Int64.random(in: 0...2_000_000, using: &random))
      }
      state.totals.requests += count + 1
    }
  }

  @Test("they are what adding up every second anew gives, wherever the window goes", arguments: 1...6)
  func same(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var history = TargetHistory()
    var state = GatewayState()
    var now: Int64 = 1_000_000_000
    for _ in 0..<300 {
      Self.happen(&state, &random)
      if Int.random(in: 0..<60, using: &random) == 0 {
        now -= 7_000_000
        history.rewind(to: now)
      }
      now += [100_000, 400_000, 1_000_000, 1_000_000, 4_000_000].randomElement(using: &random)!
      history.record(state, at: now)
      let last = try #require(history.lastSecond)
      // Mostly live, now and then somewhere in the past.
      let end = last - [0, 0, 0, 1, 5, 40, 400].randomElement(using: &random)!
      let length = [5, 60, 60, 900, 30, 10].randomElement(using: &random)!
      var sums = WindowSums()
      history.sums(endingAt: end, length: length) { sums = $0 }
      for (number, expected) in Self.anew(history, endingAt: end, length: length).enumerated() {
        let latency = sums.latency(of: number)
        #expect(Self.isLike(latency, Self.latency(history, of: number, endingAt: end, length: length)))
        #expect(sums.counts(of: number) == expected)
      }
      #expect(sums.unavailable.allSatisfy { sums.counts(of: Int($0)).unavailable > 0 })
      #expect(
        sums.unavailable.count
          == history.functions.indices.count { sums.counts(of: $0).unavailable > 0 })
      #expect(
        Self.isLike(sums.wholeLatency, Self.latency(history, of: nil, endingAt: end, length: length)))
    }
  }

  @Test("what is added up anew after a second are the functions of the seconds that came and went")
  func changes() {
    var history = TargetHistory()
    var state = GatewayState()
    for number in 0..<50 { state.add("s", "f\(number)", ok: [1_000]) }
    history.record(state, at: 1_000_000)
    for second in 2...4 as ClosedRange<Int64> {
      for number in 0..<50 { state.add("s", "f\(number)", ok: [1_000]) }
      history.record(state, at: second * 1_000_000)
    }
    var sums = WindowSums()
    history.sums(endingAt: 4, length: 60) { sums = $0 }
    let known = sums.changes.stamp
    state.add("s", "f7", ok: [1_000])
    history.record(state, at: 5_000_000)
    history.sums(endingAt: 5, length: 60) { sums = $0 }
    var changed: [Int32] = []
    #expect(sums.changes.forEach(since: known) { changed.append($0) })
    #expect(changed == [7])
    #expect(!sums.changes.forEach(since: Stamp()) { _ in })
  }

  @Test("copies of a history that went apart each get their own")
  func copies() {
    var random = SeededRandom(seed: 7)
    var history = TargetHistory()
    var state = GatewayState()
    for second in 1...20 as ClosedRange<Int64> {
      Self.happen(&state, &random)
      history.record(state, at: second * 1_000_000)
    }
    var other = history
    Self.happen(&state, &random)
    history.record(state, at: 21_000_000)
    for _ in 0..<5 { Self.happen(&state, &random) }
    other.record(state, at: 21_000_000)
    for history in [history, other, history] {
      history.sums(endingAt: 21, length: 60) { sums in
        for (number, expected) in Self.anew(history, endingAt: 21, length: 60).enumerated() {
          #expect(sums.counts(of: number).started == expected.started)
        }
      }
    }
  }
}

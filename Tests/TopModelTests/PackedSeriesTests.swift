import TestRandom
import Testing

@testable import TopModel

@Suite("What functions did in a second, packed")
struct PackedSeriesTests {
  private static func random(_ random: inout SeededRandom, number: Int32) -> SeriesDelta {
    func count() -> Int32 {
      [0, 0, 1, 7, 130, 70_000, .max].randomElement(using: &random)!
    }
    let buckets = Set(
      (0..<Int.random(in: 0...20, using: &random)).map { _ in
        UInt32.random(in: 0..<1_400, using: &random)
      })
    let latencies = buckets.sorted().flatMap { bucket in
      (0..<Int.random(in: 1...2, using: &random)).map { _ in
        bucket << 21 | ([1, 2, 200, (1 << 21) - 1] as [UInt32]).randomElement(using: &random)!
      }
    }
    let notOk = (0..<Int.random(in: 0...2, using: &random)).map { SeriesDelta.pack($0 + 1, Int64(count())) }
    return SeriesDelta(
      series: number, started: count(), ok: count(), failed: count(), rejected: count(), unavailable: count(),
      retries: count(), inFlight: count(), latencies: latencies, notOk: notOk)
  }

  private static func isSame(_ one: SeriesDelta, _ other: SeriesDelta) -> Bool {
    one.series == other.series && one.started == other.started && one.ok == other.ok
      && one.failed == other.failed && one.rejected == other.rejected
      && one.unavailable == other.unavailable && one.retries == other.retries
      && one.inFlight == other.inFlight && one.latencies == other.latencies && one.notOk == other.notOk
  }

  @Test("it gives back what it was made of, one after the other and by number", arguments: 1...5)
  func same(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for count in [0, 1, 15, 16, 17, 32, 300] {
      var number: Int32 = -1
      let deltas = (0..<count).map { _ in
        number += Int32.random(in: 1...300, using: &random)
        return Self.random(&random, number: number)
      }
      let packed = PackedSeries(deltas)
      #expect(packed.count == count && packed.isEmpty == deltas.isEmpty && packed.greatest == number)
      var seen = 0
      packed.forEach { delta in
        if !Self.isSame(delta, deltas[seen]) { Issue.record("\(seen) of \(count)") }
        seen += 1
      }
      #expect(seen == count)
      #expect(zip(packed, deltas).allSatisfy { Self.isSame($0, $1) } && Array(packed).count == count)
      // Each that is there, and those beside it.
      for delta in deltas {
        for wanted in [delta.series - 1, delta.series, delta.series + 1] {
          let expected = deltas.first { $0.series == wanted }
          let found = packed.delta(of: Int(wanted))
          let isRight =
            found.map { found in expected.map { Self.isSame(found, $0) } ?? false } ?? (expected == nil)
          let requests = packed.requests(of: Int(wanted))
          if !isRight || requests?.started != expected?.started || requests?.inFlight != expected?.inFlight {
            Issue.record("\(wanted) of \(count)")
          }
        }
      }
      #expect(packed.delta(of: Int(number) + 2) == nil && packed.delta(of: -1) == nil)
    }
  }

  @Test("a function that answers takes some twenty bytes, with a dozen latencies")
  func size() {
    let deltas = (0..<1_000).map { number in
      SeriesDelta(
        series: Int32(number), started: 12, ok: 12, failed: 0, rejected: 0, unavailable: 0, retries: 0,
        inFlight: 0, latencies: (1...12).map { UInt32($0 * 40) << 21 | 1 })
    }
    #expect(PackedSeries(deltas).storedBytes < 20 * 1_000)
  }
}

import GenAPITelemetry
import TestRandom
import Testing

@Suite("Latency histogram")
struct LatencyHistogramTests {
  @Test("every value is within 1 % of what stands for its bucket")
  func precision() {
    var random = SeededRandom(seed: 1)
    for _ in 0..<100_000 {
      let value =
        Int64.random(in: 0...LatencyHistogram.maximum, using: &random)
        >> Int64.random(in: 0...35, using: &random)
      let bucket = LatencyHistogram.bucket(of: value)
      let representative = LatencyHistogram.representative(of: bucket)
      #expect(abs(Double(representative - value)) <= Double(value) * 0.01, "\(value) in bucket \(bucket)")
    }
  }

  @Test("buckets follow each other without gap or overlap")
  func contiguous() {
    for bucket in 1..<LatencyHistogram.bucketCount {
      let lower = LatencyHistogram.lowerBound(of: bucket)
      #expect(LatencyHistogram.bucket(of: lower) == bucket)
      #expect(LatencyHistogram.bucket(of: lower - 1) == bucket - 1)
    }
    #expect(LatencyHistogram.bucket(of: LatencyHistogram.maximum) == LatencyHistogram.bucketCount - 1)
  }

  @Test("values out of range count as the nearest in range")
  func clamps() {
    var histogram = LatencyHistogram()
    histogram.record(-5)
    histogram.record(.max)
    #expect(histogram.count == 2)
    #expect(histogram.sum == LatencyHistogram.maximum)
    #expect(histogram.quantile(0) == 0)
  }

  @Test("quantiles are those of the recorded values, within 1 %", arguments: [0.0, 0.5, 0.9, 0.99, 1.0])
  func quantiles(fraction: Double) {
    var random = SeededRandom(seed: 2)
    var histogram = LatencyHistogram()
    let values = (0..<5_000).map { _ in Int64.random(in: 1...2_000_000, using: &random) }.sorted()
    for value in values { histogram.record(value) }
    let exact = values[max(1, Int((fraction * 5_000).rounded(.up))) - 1]
    let found = histogram.quantile(fraction)!
    #expect(abs(Double(found - exact)) <= Double(exact) * 0.01)
  }

  @Test("an empty histogram has no quantile and no mean")
  func empty() {
    #expect(LatencyHistogram().quantile(0.5) == nil)
    #expect(LatencyHistogram().mean == nil)
    #expect(LatencyHistogram().highest == nil)
  }

  @Test("the difference of two looks is what was recorded in between")
  func subtraction() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<50 {
      var before = LatencyHistogram()
      var between = LatencyHistogram()
      for _ in 0..<200 { before.record(Int64.random(in: 0...1_000_000, using: &random)) }
      var after = before
      for _ in 0..<Int.random(in: 0...200, using: &random) {
        let value = Int64.random(in: 0...1_000_000, using: &random)
        after.record(value)
        between.record(value)
      }
      #expect(after - before == between)
      #expect(after - after == LatencyHistogram())
    }
  }

  @Test("adding two gives the counts of both")
  func addition() {
    var a = LatencyHistogram()
    var b = LatencyHistogram()
    a.record(10)
    b.record(10)
    b.record(100_000)
    a += b
    #expect(a.count == 3)
    #expect(a.sum == 100_020)
    #expect(a - b == LatencyHistogram(buckets: CollectionOfOne((10, 1)), sum: 10))
  }

  @Test("buckets and sum are enough to build it again")
  func rebuild() {
    var random = SeededRandom(seed: 4)
    var histogram = LatencyHistogram()
    for _ in 0..<1_000 { histogram.record(Int64.random(in: 0...10_000_000, using: &random)) }
    let copy = LatencyHistogram(
      buckets: histogram.buckets.map { ($0.bucket, $0.count) }, sum: histogram.sum)
    #expect(copy == histogram)
    #expect(copy.count == 1_000)
  }

  @Test("buckets out of range and counts below 1 are ignored")
  func badBuckets() {
    let buckets: [(Int, Int64)] = [(-1, 5), (LatencyHistogram.bucketCount, 5), (3, 0), (4, -2), (5, 1)]
    let histogram = LatencyHistogram(buckets: buckets, sum: 5)
    #expect(histogram.count == 1)
    #expect(histogram.buckets.map { $0.bucket } == [5])
  }

  /// As many values of few kinds, or of many.
  private static func recorded(_ random: inout SeededRandom) -> LatencyHistogram {
    var histogram = LatencyHistogram()
    let kinds = (0..<Int.random(in: 0...150, using: &random)).map { _ in
      Int64.random(in: 0...LatencyHistogram.maximum, using: &random)
        >> Int64.random(in: 0...36, using: &random)
    }
    for kind in kinds { for _ in 0..<Int.random(in: 1...3, using: &random) { histogram.record(kind) } }
    return histogram
  }

  private static func read(_ histogram: LatencyHistogram) -> LatencyHistogram {
    LatencyHistogram(buckets: histogram.buckets.map { ($0.bucket, $0.count) }, sum: histogram.sum)
  }

  @Test("one that was read is as the one that was recorded, whatever is done with either", arguments: 1...200)
  func readAndRecorded(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let recorded = [Self.recorded(&random), Self.recorded(&random)]
    let read = recorded.map(Self.read)
    for (a, b) in zip(recorded, read) {
      #expect(a == b)
      #expect(b == a)
      #expect(a.buckets.elementsEqual(b.buckets) { $0 == $1 })
      for fraction in [0, 0.1, 0.5, 0.95, 0.99, 1] { #expect(a.quantile(fraction) == b.quantile(fraction)) }
      #expect(b.storedBytes <= a.storedBytes + 32)
      var (more, moreOfRead) = (a, b)
      more.record(77)
      moreOfRead.record(77)
      #expect(more == moreOfRead)
      #expect(more != b)
      #expect(moreOfRead - b == more - a)
    }
    for (first, second) in [(recorded[0], read[1]), (read[0], recorded[1]), (read[0], read[1])] {
      #expect(first - second == recorded[0] - recorded[1])
      var (sum, other) = (first, recorded[0])
      sum += second
      other += recorded[1]
      #expect(sum == other)
      #expect((first == second) == (recorded[0] == recorded[1]))
    }
  }

  @Test("a histogram of few kinds that was read takes a word for each")
  func small() {
    var histogram = LatencyHistogram()
    for value in [500, 20_000, 1_000_000] as [Int64] { histogram.record(value) }
    #expect(histogram.storedBytes > 1_600)
    #expect(Self.read(histogram).storedBytes == 56)
  }

  @Test("counts too large for a word, and pairs that do not rise, are taken all the same")
  func odd() {
    let most: Int64 = 1 << 53
    #expect(LatencyHistogram(buckets: [(5, most)], sum: 0).count == most)
    #expect(LatencyHistogram(buckets: [(5, most - 1), (6, 1), (7, 1)], sum: 0).count == most)
    let odd = LatencyHistogram(buckets: [(9, 1), (5, 2), (9, 3)], sum: 0)
    #expect(odd.buckets.elementsEqual([(bucket: 5, count: 2), (bucket: 9, count: 4)]) { $0 == $1 })
  }
}

import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("Latency bands")
struct LatencyBandTests {
  @Test("bounds rise, begin at zero and hold round numbers", arguments: LatencyBands.allCases)
  func bounds(_ bands: LatencyBands) {
    let bounds = bands.bounds
    #expect(bounds.first == 0 && bounds.last == 100_000_000)
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
    #expect(bounds.contains(1_000) && bounds.contains(200_000) && bounds.contains(5_000_000))
  }

  @Test("bands are as fine as the rows allow")
  func fitting() {
    var histogram = LatencyHistogram()
    for value in [1_000, 2_000, 9_000] as [Int64] { histogram.record(value) }
    #expect(LatencyBands.fitting(BucketCounts(histogram), rows: 40) == .fine)
    #expect(LatencyBands.fitting(BucketCounts(histogram), rows: 6) == .medium)
    #expect(LatencyBands.fitting(BucketCounts(histogram), rows: 3) == .coarse)
    #expect(LatencyBands.fitting(BucketCounts(histogram), rows: 1) == .coarse)
    #expect(LatencyBands.fitting(BucketCounts(), rows: 10) == .fine)
  }

  @Test("every latency is counted in one band, however fast or slow", arguments: LatencyBands.allCases)
  func counts(_ bands: LatencyBands) {
    var histogram = LatencyHistogram()
    for value in [0, 1, 10, 999, 100_000, 99_000_000, 3_000_000_000] as [Int64] { histogram.record(value) }
    let counts = bands.counts(of: BucketCounts(histogram))
    #expect(counts.count == bands.bounds.count)
    #expect(counts.reduce(0, +) == histogram.count)
    #expect(counts[0] == 2 && (counts.last ?? 0) == 1)
  }
}

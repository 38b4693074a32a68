import GenAPITelemetry

/// How many values fell into each bucket of a latency histogram; empty buckets take nothing. Values of a function are alike, so
/// that this takes a tenth of what a histogram does, and its quantiles go through a dozen numbers.
struct BucketCounts: Sendable, Equatable {
  /// By rising bucket, which has the upper 16 bits; none of them counts 0.
  private var entries: [UInt64] = []
  private(set) var count: Int64 = 0

  /// More than all that the history holds, 30 million in each of 900 seconds.
  private static let countMask: UInt64 = (1 << 48) - 1

  /// Counts what a second had.
  ///
  /// - Parameter packed: as `SeriesDelta` keeps latencies, by rising bucket.
  mutating func add(_ packed: ArraySlice<UInt32>) {
    var index = 0
    for entry in packed {
      let (bucket, number) = (UInt64(entry >> 21), UInt64(entry & SeriesDelta.bucketCountMask))
      while index < entries.count, entries[index] >> 48 < bucket { index += 1 }
      if index < entries.count, entries[index] >> 48 == bucket {
        entries[index] += number
      } else {
        entries.insert(bucket << 48 | number, at: index)
      }
      count += Int64(number)
    }
  }

  /// Takes back what was added.
  mutating func subtract(_ packed: ArraySlice<UInt32>) {
    var index = 0
    var isEmptied = false
    for entry in packed {
      let (bucket, number) = (UInt64(entry >> 21), UInt64(entry & SeriesDelta.bucketCountMask))
      while index < entries.count, entries[index] >> 48 < bucket { index += 1 }
      guard index < entries.count, entries[index] >> 48 == bucket else { continue }
      entries[index] -= number
      isEmptied = isEmptied || entries[index] & Self.countMask == 0
      count -= Int64(number)
    }
    if isEmptied { entries.removeAll { $0 & Self.countMask == 0 } }
  }

  static func += (a: inout BucketCounts, b: BucketCounts) {
    if a.entries.isEmpty { return a = b }
    var index = 0
    for entry in b.entries {
      let bucket = entry >> 48
      while index < a.entries.count, a.entries[index] >> 48 < bucket { index += 1 }
      if index < a.entries.count, a.entries[index] >> 48 == bucket {
        a.entries[index] += entry & countMask
      } else {
        a.entries.insert(entry, at: index)
      }
    }
    a.count += b.count
  }

  static func -= (a: inout BucketCounts, b: BucketCounts) {
    var index = 0
    var isEmptied = false
    for entry in b.entries {
      let bucket = entry >> 48
      while index < a.entries.count, a.entries[index] >> 48 < bucket { index += 1 }
      guard index < a.entries.count, a.entries[index] >> 48 == bucket else { continue }
      a.entries[index] -= entry & countMask
      isEmptied = isEmptied || a.entries[index] & countMask == 0
    }
    a.count -= b.count
    if isEmptied { a.entries.removeAll { $0 & countMask == 0 } }
  }

  func unpack(into histogram: inout LatencyHistogram) {
    for entry in entries { histogram.record(bucket: Int(entry >> 48), count: Int64(entry & Self.countMask)) }
  }

  /// As `LatencyHistogram.quantile`.
  func quantile(_ fraction: Double) -> Int64? {
    guard count > 0 else { return nil }
    let rank = Self.rank(fraction, of: count)
    var seen: Int64 = 0
    for entry in entries {
      seen += Int64(entry & Self.countMask)
      if seen >= rank { return LatencyHistogram.representative(of: Int(entry >> 48)) }
    }
    return nil
  }

  /// Which of so many values, from the least on, is the quantile.
  static func rank(_ fraction: Double, of count: Int64) -> Int64 {
    max(1, Int64((min(max(fraction, 0), 1) * Double(count)).rounded(.up)))
  }

  /// The first bucket that is told as `RequestRow.slowUs` or longer.
  private static let firstSlow: UInt64 = {
    let bucket = LatencyHistogram.bucket(of: RequestRow.slowUs)
    return UInt64(LatencyHistogram.representative(of: bucket) >= RequestRow.slowUs ? bucket : bucket + 1)
  }()

  /// How many took as long as makes a function slow.
  var slow: Int64 {
    var found: Int64 = 0
    var index = entries.count - 1
    while index >= 0, entries[index] >> 48 >= Self.firstSlow {
      found += Int64(entries[index] & Self.countMask)
      index -= 1
    }
    return found
  }

  /// As `LatencyHistogram.highest`.
  var highest: Int64? { entries.last.map { LatencyHistogram.representative(of: Int($0 >> 48)) } }
}

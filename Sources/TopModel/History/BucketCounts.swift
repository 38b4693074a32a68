import GenAPITelemetry

/// How many values fell into each bucket of a latency histogram; empty buckets take nothing. Values of a function are alike, so
/// that this takes a tenth of what a histogram does, and its quantiles go through a dozen numbers.
struct BucketCounts: Sendable, Equatable {
  /// By rising bucket, which has the upper 16 bits; none of them counts 0.
  private var entries: [UInt64] = []
  private(set) var count: Int64 = 0
  /// How many took as long as makes a function slow.
  private(set) var slow: Int64 = 0

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
      if bucket >= Self.firstSlow { slow += Int64(number) }
    }
  }

  init() {}

  /// Whether one of packed latencies, by rising bucket, is as long as makes a function slow.
  static func hasSlow(_ packed: ArraySlice<UInt32>) -> Bool {
    packed.last.map { $0 >> 21 >= firstSlow } ?? false
  }

  /// What all functions of a second had together.
  init(addingUp series: PackedSeries) {
    // Of a few a list is quicker than all buckets there are.
    guard series.count > 8 else {
      var sum = BucketCounts()
      series.forEach { sum.add($0.packedLatencies) }
      self = sum
      return
    }
    // A packed bucket has 11 bits.
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 1 << 11) { counts in
      counts.initialize(repeating: 0)
      series.forEach { delta in
        for entry in delta.packedLatencies {
          counts[Int(entry >> 21)] += Int64(entry & SeriesDelta.bucketCountMask)
        }
      }
      for bucket in counts.indices where counts[bucket] > 0 {
        entries.append(UInt64(bucket) << 48 | UInt64(counts[bucket]))
        count += counts[bucket]
        if bucket >= Self.firstSlow { slow += counts[bucket] }
      }
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
      if bucket >= Self.firstSlow { slow -= Int64(number) }
    }
    if isEmptied { entries.removeAll { $0 & Self.countMask == 0 } }
  }

  static func += (a: inout BucketCounts, b: BucketCounts) {
    a.count += b.count
    a.slow += b.slow
    if a.entries.isEmpty { return a.entries = b.entries }
    var index = 0
    for place in b.entries.indices {
      let bucket = b.entries[place] >> 48
      while index < a.entries.count, a.entries[index] >> 48 < bucket { index += 1 }
      if index < a.entries.count, a.entries[index] >> 48 == bucket {
        a.entries[index] += b.entries[place] & countMask
      } else {
        // Others may be missing too: each by itself would move all behind it.
        return a.entries = merged(a.entries, b.entries, from: place)
      }
    }
  }

  /// Both together, of the second what stands from a place on.
  private static func merged(_ one: [UInt64], _ other: [UInt64], from start: Int) -> [UInt64] {
    var sum: [UInt64] = []
    sum.reserveCapacity(one.count + other.count - start)
    var place = start
    for entry in one {
      while place < other.count, other[place] >> 48 < entry >> 48 {
        sum.append(other[place])
        place += 1
      }
      if place < other.count, other[place] >> 48 == entry >> 48 {
        sum.append(entry + (other[place] & countMask))
        place += 1
      } else {
        sum.append(entry)
      }
    }
    sum += other[place...]
    return sum
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
    a.slow -= b.slow
    if isEmptied { a.entries.removeAll { $0 & countMask == 0 } }
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
  private static let firstSlow: Int = {
    let bucket = LatencyHistogram.bucket(of: RequestRow.slowUs)
    return LatencyHistogram.representative(of: bucket) >= RequestRow.slowUs ? bucket : bucket + 1
  }()

  /// So many times each.
  func times(_ factor: Int) -> BucketCounts {
    var product = self
    let factor = Int64(factor)
    for index in product.entries.indices {
      let entry = product.entries[index]
      product.entries[index] = entry & ~Self.countMask | UInt64(Int64(entry & Self.countMask) * factor)
    }
    (product.count, product.slow) = (count * factor, slow * factor)
    return product
  }

  /// A part of what happened in so many seconds, from one of them to another, as evenly as whole numbers go: each is in one part. What
  /// happened seldom is not all in the last one, or that would stand out.
  func share(from begin: Int, to end: Int, of seconds: Int) -> BucketCounts {
    var share = BucketCounts()
    let (begin, end, seconds) = (Int64(begin), Int64(end), Int64(max(1, seconds)))
    for entry in entries {
      let count = Int64(entry & Self.countMask)
      // 48 bits by the 60 s of a window's part: no overflow.
      let offset = Int64(entry >> 48) &* 7 % seconds
      let part = (count * end + offset) / seconds - (count * begin + offset) / seconds
      guard part > 0 else { continue }
      share.entries.append(entry & ~Self.countMask | UInt64(part))
      share.count += part
      if entry >> 48 >= Self.firstSlow { share.slow += part }
    }
    return share
  }

  /// By rising bucket.
  func forEachBucket(_ body: (_ bucket: Int, _ count: Int64) -> Void) {
    for entry in entries { body(Int(entry >> 48), Int64(entry & Self.countMask)) }
  }

  /// As `LatencyHistogram.highest`.
  var highest: Int64? { entries.last.map { LatencyHistogram.representative(of: Int($0 >> 48)) } }
}

import GenAPITelemetry

/// What one function did in one second, or in the ten of a coarse step; its latencies share one array with the endings. The history
/// keeps it packed (`PackedSeries`).
struct SeriesDelta: Sendable {
  /// The function's number in `TargetHistory.series`.
  var series: Int32
  var started: Int32
  var ok: Int32
  var failed: Int32
  var rejected: Int32
  /// The part of `rejected` that a pool refused.
  var unavailable: Int32
  var retries: Int32
  /// At the end of the second.
  var inFlight: Int32
  /// So many endings in front, then the latencies.
  private var endingCount: Int32
  private var packed: [UInt32]

  init(
    series: Int32, started: Int32, ok: Int32, failed: Int32, rejected: Int32, unavailable: Int32,
    retries: Int32, inFlight: Int32, latencies: [UInt32], notOk: [UInt32] = []
  ) {
    self.series = series
    self.started = started
    self.ok = ok
    self.failed = failed
    self.rejected = rejected
    self.unavailable = unavailable
    self.retries = retries
    self.inFlight = inFlight
    endingCount = Int32(notOk.count)
    // Nearly always there is one of the two.
    packed = notOk.isEmpty ? latencies : notOk + latencies
  }

  /// Nothing yet.
  init(series: Int32) {
    self.init(
      series: series, started: 0, ok: 0, failed: 0, rejected: 0, unavailable: 0, retries: 0, inFlight: 0,
      latencies: [])
  }

  /// Takes out endings and latencies; the memory stays.
  mutating func removeParts() {
    packed.removeAll(keepingCapacity: true)
    endingCount = 0
  }

  /// Behind the other endings, before there are latencies.
  mutating func append(ending: UInt32) {
    packed.append(ending)
    endingCount += 1
  }

  mutating func append(latency: UInt32) { packed.append(latency) }

  /// Bucket and count of finished requests' latencies, 11 and 21 bits; a larger count takes several entries.
  var latencies: [UInt32] {
    get { Array(packed[Int(endingCount)...]) }
    set { packed = notOk + newValue }
  }

  /// The same without a copy.
  var packedLatencies: ArraySlice<UInt32> { packed[Int(endingCount)...] }

  static let bucketCountMask: UInt32 = (1 << 21) - 1

  /// Every ending but ok: the outcome's place in `RequestOutcome.allCases` and the count, 5 and 27 bits. Empty
  /// for a function that answers.
  var notOk: [UInt32] {
    get { Array(packed[..<Int(endingCount)]) }
    set {
      packed = newValue + latencies
      endingCount = Int32(newValue.count)
    }
  }

  /// Whether one ended in another way than ok.
  var endsOtherwise: Bool { endingCount > 0 }

  var endings: [(RequestOutcome, Int64)] {
    notOk.compactMap { packed in
      let place = Int(packed >> 27)
      guard RequestOutcome.allCases.indices.contains(place) else { return nil }
      return (RequestOutcome.allCases[place], Int64(packed & Self.mostEndings))
    }
  }

  /// 134 million in one second: what is more is cut off.
  private static let mostEndings: UInt32 = (1 << 27) - 1

  static func pack(_ place: Int, _ count: Int64) -> UInt32 {
    UInt32(place) << 27 | UInt32(clamping: min(max(0, count), Int64(mostEndings)))
  }

  static func mergeEndings(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    if a.isEmpty { return b }
    var sum = a
    for entry in b {
      if let index = sum.firstIndex(where: { $0 >> 27 == entry >> 27 }) {
        sum[index] = pack(Int(entry >> 27), Int64(sum[index] & mostEndings) + Int64(entry & mostEndings))
      } else {
        sum.append(entry)
      }
    }
    return sum
  }

  var finished: Int64 { Int64(ok) + Int64(failed) + Int64(rejected) }

  /// More in one bucket and second than this, 30 million, is cut off: no gateway does that much.
  private static let mostInBucket: Int64 = 15 * ((1 << 21) - 1)

  static func pack(_ histogram: LatencyHistogram) -> [UInt32] {
    pack(histogram, since: LatencyHistogram())
  }

  /// What `histogram` has more than it had.
  static func pack(_ histogram: LatencyHistogram, since before: LatencyHistogram) -> [UInt32] {
    var packed: [UInt32] = []
    histogram.forEachBucket(beyond: before) { bucket, count in
      if packed.isEmpty { packed.reserveCapacity(12) }
      append(count, of: UInt32(bucket), to: &packed)
    }
    return packed
  }

  /// Both by rising bucket.
  static func merge(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    if a.isEmpty { return b }
    if b.isEmpty { return a }
    var sum: [UInt32] = []
    sum.reserveCapacity(a.count + b.count)
    var (one, other) = (0, 0)
    while one < a.count || other < b.count {
      let bucket = min(one < a.count ? a[one] >> 21 : .max, other < b.count ? b[other] >> 21 : .max)
      var count: Int64 = 0
      while one < a.count, a[one] >> 21 == bucket {
        count += Int64(a[one] & bucketCountMask)
        one += 1
      }
      while other < b.count, b[other] >> 21 == bucket {
        count += Int64(b[other] & bucketCountMask)
        other += 1
      }
      append(count, of: bucket, to: &sum)
    }
    return sum
  }

  private static func append(_ count: Int64, of bucket: UInt32, to packed: inout [UInt32]) {
    var rest = min(count, mostInBucket)
    while rest > 0 {
      let part = min(rest, Int64(bucketCountMask))
      packed.append(bucket << 21 | UInt32(part))
      rest -= part
    }
  }
}

extension LatencyHistogram {
  /// An entry as `SeriesDelta` keeps it.
  mutating func record(_ packed: UInt32) {
    record(bucket: Int(packed >> 21), count: Int64(packed & ((1 << 21) - 1)))
  }
}

import GenAPITelemetry

/// For each series of a `KeptState`, by its place, since which state each bucket of its latencies is as it is.
///
/// It costs, for each series that changed, a look at the blocks of buckets in which something was counted, and 8 bytes for each
/// bucket that changed since somebody asked for it.
struct BucketNumbers {
  struct Series {
    /// Who knows only states before this one is told all buckets.
    var since: Int
    /// The buckets that changed since then, rising: 16 bits of the bucket, 48 of the number of the state in which it did last.
    private var changed: [UInt64] = []

    init(since: Int) { self.since = since }

    private static let numberBits = 48

    /// A state's latencies are others than the one's before.
    mutating func note(_ new: LatencyHistogram, after old: LatencyHistogram, in number: Int) {
      var grown: Int64 = 0
      var place = 0
      new.forEachBucket(beyond: old) { bucket, more in
        grown += more
        let key = UInt64(bucket) << Self.numberBits
        while place < changed.count, changed[place] >> Self.numberBits < UInt64(bucket) { place += 1 }
        let word = key | UInt64(number)
        if place < changed.count, changed[place] >> Self.numberBits == UInt64(bucket) {
          changed[place] = word
        } else {
          changed.insert(word, at: place)
        }
      }
      // Some bucket has become smaller: it began anew, and who knows it as it was has to forget it.
      if grown != new.count - old.count { self = Series(since: number) }
    }

    /// The buckets that changed since a state, with what they hold now; nil when all of them have to be told.
    func changes(of latency: LatencyHistogram, since number: Int) -> ChangedBuckets? {
      guard number >= since else { return nil }
      var pairs: ChangedBuckets = []
      for word in changed where Int(word & (1 << Self.numberBits - 1)) > number {
        let bucket = Int(word >> Self.numberBits)
        pairs.append((bucket, latency.count(in: bucket)))
      }
      return pairs
    }
  }

  var series: [Series]

  /// From a state of this number on.
  init(series count: Int, since number: Int) {
    series = Array(repeating: Series(since: number), count: count)
  }

  /// What changed between two states of which neither has a number.
  static func changes(of new: LatencyHistogram, since old: LatencyHistogram) -> ChangedBuckets? {
    var series = Series(since: 0)
    series.note(new, after: old, in: 1)
    return series.changes(of: new, since: 0)
  }
}

/// Buckets of a histogram that changed, rising, each with how many values it holds now.
typealias ChangedBuckets = [(bucket: Int, count: Int64)]

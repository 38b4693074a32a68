/// Counts of latencies in log-linear buckets with a relative error of at most 1 %.
///
/// Values are whole microseconds from 0 to `maximum`; larger ones count as `maximum`. Values below 128 have a
/// bucket each; above, every power of two is split into 64 equal buckets, so a bucket's middle is at most
/// 1/128 (0.8 %) away from any value in it. Only powers of two that were hit take memory (512 bytes each); one that is read from
/// a state, and has few kinds of values, takes 8 bytes for each.
///
/// Two histograms of the same source taken at different times can be subtracted: the difference is the
/// histogram of what happened in between.
public struct LatencyHistogram: Sendable, Equatable {
  /// 2^36 − 1 µs, about 19 hours.
  public static let maximum: Int64 = (1 << 36) - 1
  /// How many buckets there are.
  public static let bucketCount = 128 + (36 - 7) * 64

  /// How many values were recorded.
  public private(set) var count: Int64 = 0
  /// The sum of all values, in microseconds.
  public private(set) var sum: Int64 = 0
  /// Blocks of 64 buckets; an untouched block is empty, and none of those stands at the end: what holds the same is equal.
  private var blocks: [[Int64]] = []
  /// Instead of blocks, of one that is only looked at: a word for each bucket that is not empty, by rising bucket, which has the
  /// upper 11 bits.
  private var words: [UInt64] = []

  public init() {}

  private static let wordCount: UInt64 = (1 << 53) - 1
  /// With more buckets than this, blocks are no longer than words, and sooner gone through.
  private static let mostWords = 100

  /// The bucket a value falls into, 0 ..< `bucketCount`.
  public static func bucket(of microseconds: Int64) -> Int {
    let value = min(max(microseconds, 0), maximum)
    if value < 128 { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    return 128 + (exponent - 7) * 64 + Int((value >> Int64(exponent - 6)) & 63)
  }

  /// The smallest value of a bucket, in microseconds.
  public static func lowerBound(of bucket: Int) -> Int64 {
    if bucket < 128 { return Int64(bucket) }
    let exponent = (bucket - 128) / 64 + 7
    return (64 + Int64((bucket - 128) % 64)) << Int64(exponent - 6)
  }

  /// The value that stands for a bucket: its middle, in microseconds.
  public static func representative(of bucket: Int) -> Int64 {
    if bucket < 128 { return Int64(bucket) }
    let exponent = (bucket - 128) / 64 + 7
    return lowerBound(of: bucket) + (Int64(1) << Int64(exponent - 6)) / 2
  }

  /// Counts one value, in microseconds; below 0 it is 0, above `maximum` it is that.
  public mutating func record(_ microseconds: Int64) {
    let value = min(max(microseconds, 0), Self.maximum)
    add(1, to: Self.bucket(of: value))
    sum += value
  }

  /// Counts `n` values in a bucket; the sum does not change. A bucket out of range is ignored.
  public mutating func record(bucket: Int, count n: Int64) {
    guard (0..<Self.bucketCount).contains(bucket), n > 0 else { return }
    add(n, to: bucket)
  }

  private mutating func add(_ n: Int64, to bucket: Int) {
    if !words.isEmpty { spread() }
    let block = bucket >> 6
    while blocks.count <= block { blocks.append([]) }
    if blocks[block].isEmpty { blocks[block] = [Int64](repeating: 0, count: 64) }
    blocks[block][bucket & 63] += n
    count += n
  }

  /// Blocks instead of words.
  private mutating func spread() {
    let held = words
    words = []
    count = 0
    for word in held { add(Int64(word & Self.wordCount), to: Int(word >> 53)) }
  }

  /// The buckets that hold something, as (bucket, count), by rising bucket.
  public var buckets: [(bucket: Int, count: Int64)] {
    var result: [(bucket: Int, count: Int64)] = []
    result.reserveCapacity(words.count)
    forEachBucket { result.append(($0, $1)) }
    return result
  }

  /// Goes through the buckets that hold something, by rising bucket, without making a list of them.
  @inline(__always)
  package func forEachBucket(_ body: (_ bucket: Int, _ count: Int64) -> Void) {
    for word in words { body(Int(word >> 53), Int64(word & Self.wordCount)) }
    for (index, block) in blocks.enumerated() {
      for (offset, n) in block.enumerated() where n != 0 { body(index << 6 | offset, n) }
    }
  }

  /// What it takes in memory beside itself.
  public var storedBytes: Int {
    blocks.reduce(words.isEmpty ? 0 : 32 + 8 * words.count) { $0 + 8 + ($1.isEmpty ? 0 : 544) }
  }

  /// The value below or at which `fraction` (0 … 1) of all values lie, in microseconds; nil when empty.
  public func quantile(_ fraction: Double) -> Int64? {
    guard count > 0 else { return nil }
    let rank = max(1, Int64((min(max(fraction, 0), 1) * Double(count)).rounded(.up)))
    var seen: Int64 = 0
    for word in words {
      seen += Int64(word & Self.wordCount)
      if seen >= rank { return Self.representative(of: Int(word >> 53)) }
    }
    for (index, block) in blocks.enumerated() {
      for (offset, n) in block.enumerated() where n != 0 {
        seen += n
        if seen >= rank { return Self.representative(of: index << 6 | offset) }
      }
    }
    return nil
  }

  /// The highest recorded value, to the precision of a bucket; nil when empty.
  public var highest: Int64? { quantile(1) }

  /// The mean of all values, in microseconds; nil when there is none.
  public var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }

  /// Adds all values of another histogram.
  public static func += (a: inout LatencyHistogram, b: LatencyHistogram) {
    b.forEachBucket { a.add($1, to: $0) }
    a.sum = a.sum.saturatingAdd(b.sum)
  }

  /// What was recorded in `a` after it looked like `b`. A bucket that shrank (the source restarted) counts
  /// as empty.
  public static func - (a: LatencyHistogram, b: LatencyHistogram) -> LatencyHistogram {
    var result = LatencyHistogram()
    a.forEachBucket(beyond: b) { result.add($1, to: $0) }
    result.sum = max(0, a.sum - b.sum)
    return result
  }

  /// Goes through the buckets that hold more here than there, by rising bucket, with how much more.
  @inline(__always)
  package func forEachBucket(beyond other: LatencyHistogram, _ body: (_ bucket: Int, _ more: Int64) -> Void) {
    if words.isEmpty, other.words.isEmpty { return forEachBucket(beyondBlocksOf: other, body) }
    var place = 0
    forEachBucket { bucket, n in
      let before: Int64
      if other.words.isEmpty {
        before = other.inBlocks(bucket)
      } else {
        while place < other.words.count, other.words[place] >> 53 < UInt64(bucket) { place += 1 }
        let isThere = place < other.words.count && other.words[place] >> 53 == UInt64(bucket)
        before = isThere ? Int64(other.words[place] & Self.wordCount) : 0
      }
      if n > before { body(bucket, n - before) }
    }
  }

  /// Of two histograms of one source most blocks are the same memory, and not looked at.
  @inline(__always)
  private func forEachBucket(beyondBlocksOf other: LatencyHistogram, _ body: (Int, Int64) -> Void) {
    for (index, block) in blocks.enumerated() {
      let others = index < other.blocks.count ? other.blocks[index] : []
      if block.shares(others) { continue }
      for (offset, n) in block.enumerated() where n != 0 {
        let before = others.isEmpty ? 0 : others[offset]
        if n > before { body(index << 6 | offset, n - before) }
      }
    }
  }

  /// How many values a bucket holds.
  package func count(in bucket: Int) -> Int64 {
    if words.isEmpty { return inBlocks(bucket) }
    let word = words.first { $0 >> 53 >= UInt64(bucket) }
    return word.map { $0 >> 53 == UInt64(bucket) ? Int64($0 & Self.wordCount) : 0 } ?? 0
  }

  private func inBlocks(_ bucket: Int) -> Int64 {
    guard bucket >> 6 < blocks.count, !blocks[bucket >> 6].isEmpty else { return 0 }
    return blocks[bucket >> 6][bucket & 63]
  }

  public static func == (a: LatencyHistogram, b: LatencyHistogram) -> Bool {
    guard a.count == b.count, a.sum == b.sum else { return false }
    if a.words.isEmpty == b.words.isEmpty { return a.words == b.words && a.blocks == b.blocks }
    return a.buckets.elementsEqual(b.buckets) { $0 == $1 }
  }

  /// The most values that a histogram made from pairs can hold, so that adding several up stays in its type.
  static let mostValues: Int64 = 1 << 53

  /// From (bucket, count) pairs, as `buckets` gives them. Pairs out of range, not positive, or that would take
  /// the count above 2^53 are ignored, and a sum below 0 is 0.
  public init(buckets: some Sequence<(Int, Int64)>, sum: Int64) {
    self.init(pairs: Array(buckets), sum: sum)
  }

  /// The same, compiled for a list.
  package init(pairs: [(Int, Int64)], sum: Int64) {
    self.sum = max(0, sum)
    if takeAsWords(pairs) { return }
    for (bucket, n) in pairs where (0..<Self.bucketCount).contains(bucket) && n > 0 {
      if n <= Self.mostValues - count { add(n, to: bucket) }
    }
  }

  /// Takes over how many values some buckets hold now; the others stay as they are. Pairs out of range, not positive, or that would
  /// take the count above 2^53 are ignored, and a sum below 0 is 0.
  package mutating func update(_ pairs: [(Int, Int64)], sum: Int64) {
    self.sum = max(0, sum)
    if blocks.isEmpty, updateWords(pairs) { return }
    if !words.isEmpty { spread() }
    for (bucket, n) in pairs where (0..<Self.bucketCount).contains(bucket) && n > 0 {
      let before = inBlocks(bucket)
      if n <= Self.mostValues - (count - before) { add(n - before, to: bucket) }
    }
  }

  /// False, with nothing changed, for pairs that do not rise or of which one is to be ignored, and where there would be many.
  private mutating func updateWords(_ pairs: [(Int, Int64)]) -> Bool {
    var merged: [UInt64] = []
    merged.reserveCapacity(words.count + pairs.count)
    var place = 0
    var last = -1
    var total = count
    for (bucket, n) in pairs {
      guard bucket > last, bucket < Self.bucketCount, n > 0, n <= Int64(Self.wordCount) else { return false }
      last = bucket
      while place < words.count, words[place] >> 53 < UInt64(bucket) {
        merged.append(words[place])
        place += 1
      }
      if place < words.count, words[place] >> 53 == UInt64(bucket) {
        total -= Int64(words[place] & Self.wordCount)
        place += 1
      }
      guard n <= Self.mostValues - total else { return false }
      total += n
      merged.append(UInt64(bucket) << 53 | UInt64(n))
    }
    merged += words[place...]
    guard merged.count <= Self.mostWords else { return false }
    words = merged
    count = total
    return true
  }

  /// False, with nothing taken, for pairs that do not rise or of which one is to be ignored, and for many.
  private mutating func takeAsWords(_ pairs: [(Int, Int64)]) -> Bool {
    guard pairs.count <= Self.mostWords else { return false }
    var last = -1
    var total: Int64 = 0
    for (bucket, n) in pairs {
      guard bucket > last, bucket < Self.bucketCount, n > 0, n <= Int64(Self.wordCount),
        total + n <= Self.mostValues
      else { return false }
      last = bucket
      total += n
    }
    words = pairs.map { UInt64($0.0) << 53 | UInt64($0.1) }
    count = total
    return true
  }
}

/// On the wire: `{"sum": µs, "buckets": [[bucket, count], …]}`.
extension LatencyHistogram: Codable {
  private enum CodingKeys: String, CodingKey {
    case sum, buckets
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let pairs = try container.decode([[Int64]].self, forKey: .buckets)
    self.init(
      buckets: pairs.lazy.filter { $0.count == 2 }.map { (Int(clamping: $0[0]), $0[1]) },
      sum: try container.decode(Int64.self, forKey: .sum))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sum, forKey: .sum)
    try container.encode(buckets.map { [Int64($0.bucket), $0.count] }, forKey: .buckets)
  }
}

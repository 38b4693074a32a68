/// The requests of one key value in the window that ends now.
///
/// Requests are counted in batches of `ceil(maxRequests / 128)`, in the order they came; a batch is known by
/// the time of its newest request and leaves the window when that one does. So
/// - with up to 128 requests allowed, a batch is one request and the count is exact, to the millisecond;
/// - above, the count is never too low, and too high by less than one batch, the oldest, that is by less than
///   1/128 (0.79 %) of `maxRequests`. No window ever lets through more than `maxRequests`.
///
/// It holds at most 128 stamps of 4 bytes, allocated as they are needed. Recording and asking cost the same
/// whatever `maxRequests` is: each drops what has expired, at most 128 stamps, and each stamp only once.
struct SlidingWindow {
  static let batches = 128

  /// A ring of the batches' newest times, in milliseconds, modulo 2^32. Its size is a power of two.
  private var stamps: ContiguousArray<UInt32> = []
  private var first: UInt16 = 0
  private var live: UInt16 = 0
  /// Requests in the newest batch; all others are full.
  private var newest: UInt32 = 0
  /// When the latest request was recorded, milliseconds.
  private(set) var lastAt: Int64 = 0

  static func batchSize(maxRequests: Int) -> Int { (maxRequests + batches - 1) / batches }

  /// Drops what has left the window.
  @inline(__always)
  mutating func expire(now: Int64, windowMs: Int64) {
    guard live > 0 else { return }
    if now - lastAt >= windowMs {
      live = 0
      newest = 0
      return
    }
    // All live stamps are younger than two windows, which fits 31 bits: the difference modulo 2^32 is the age.
    let window = UInt32(windowMs)
    let time = UInt32(truncatingIfNeeded: now)
    // Ends at the newest stamp at the latest: that one is inside the window.
    while live > 1, time &- stamps[Int(first)] >= window {
      first = UInt16((Int(first) + 1) & (stamps.count - 1))
      live -= 1
    }
  }

  /// How many are counted, after `expire`.
  func used(batch: Int) -> Int {
    live == 0 ? 0 : (Int(live) - 1) * batch + Int(newest)
  }

  /// Counts one request, after `expire`.
  @inline(__always)
  mutating func record(now: Int64, batch: Int) {
    lastAt = now
    let stamp = UInt32(truncatingIfNeeded: now)
    if live > 0, Int(newest) < batch {
      newest += 1
      stamps[(Int(first) + Int(live) - 1) & (stamps.count - 1)] = stamp
      return
    }
    if Int(live) == stamps.count { grow() }
    stamps[(Int(first) + Int(live)) & (stamps.count - 1)] = stamp
    live += 1
    newest = 1
  }

  /// Milliseconds until fewer than `most` requests are counted, when there are as many; until the oldest batch leaves the window,
  /// when there are fewer; 0 when nothing is counted. There are more than `most` after the maximum was lowered.
  func resetMs(now: Int64, windowMs: Int64, batch: Int, most: Int) -> Int64 {
    guard live > 0 else { return 0 }
    let tooMany = max(1, used(batch: batch) - most + 1)
    let last = min((tooMany - 1) / batch, Int(live) - 1)
    let stamp = stamps[(Int(first) + last) & (stamps.count - 1)]
    return max(0, windowMs - Int64(UInt32(truncatingIfNeeded: now) &- stamp))
  }

  /// The same requests in batches of another size, each known by its newest one. Of more than there is room for the newest
  /// stay: they are as many as the limit that has these batches allows.
  mutating func rebatch(from old: Int, to new: Int) {
    guard live > 0, old != new else { return }
    var times: [UInt32] = []
    var counts: [Int] = []
    for offset in 0..<Int(live) {
      times.append(stamps[(Int(first) + offset) & (stamps.count - 1)])
      counts.append(offset == Int(live) - 1 ? Int(newest) : old)
    }
    let total = min(counts.reduce(0, +), Self.batches * new)
    var skipped = counts.reduce(0, +) - total
    var made = ContiguousArray<UInt32>()
    var filled = 0
    for (time, count) in zip(times, counts) {
      let dropped = min(skipped, count)
      skipped -= dropped
      var rest = count - dropped
      while rest > 0 {
        if filled == 0 { made.append(time) }
        let part = min(rest, new - filled)
        made[made.count - 1] = time
        filled += part
        rest -= part
        newest = UInt32(filled)
        if filled == new { filled = 0 }
      }
    }
    live = UInt16(made.count)
    var size = 1
    while size < made.count { size *= 2 }
    made.append(contentsOf: repeatElement(0, count: size - made.count))
    stamps = made
    first = 0
  }

  private mutating func grow() {
    var larger = ContiguousArray<UInt32>()
    larger.reserveCapacity(max(1, stamps.count * 2))
    for offset in 0..<Int(live) { larger.append(stamps[(Int(first) + offset) & (stamps.count - 1)]) }
    larger.append(contentsOf: repeatElement(0, count: max(1, stamps.count * 2) - larger.count))
    stamps = larger
    first = 0
  }
}

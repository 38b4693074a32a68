/// Which slot a value's counters are in: open addressing over the values' hashes, with no gaps left by removals.
///
/// The hashes are keyed with the process's random key, so nobody outside can aim at one bucket.
struct KeyIndex {
  private struct Bucket {
    var hash: UInt32 = 0
    /// -1 when empty.
    var slot: Int32 = -1
  }

  /// Always a power of two, at most three quarters full.
  private var buckets = ContiguousArray<Bucket>(repeating: Bucket(), count: 8)
  private(set) var count = 0

  /// - Parameter isMatch: whether a slot whose hash agrees holds the value.
  @inline(__always)
  func slot(_ hash: UInt32, where isMatch: (Int32) -> Bool) -> Int32? {
    let mask = buckets.count - 1
    var position = Int(hash) & mask
    while buckets[position].slot >= 0 {
      if buckets[position].hash == hash, isMatch(buckets[position].slot) { return buckets[position].slot }
      position = (position + 1) & mask
    }
    return nil
  }

  /// Adds a slot that is not in here.
  mutating func insert(_ hash: UInt32, _ slot: Int32) {
    if (count + 1) * 4 > buckets.count * 3 { grow() }
    place(Bucket(hash: hash, slot: slot))
    count += 1
  }

  mutating func remove(_ hash: UInt32, _ slot: Int32) {
    let mask = buckets.count - 1
    var hole = Int(hash) & mask
    while buckets[hole].slot != slot {
      if buckets[hole].slot < 0 { return }
      hole = (hole + 1) & mask
    }
    count -= 1
    // What follows moves up, unless it would come before the place it belongs to.
    var position = hole
    while true {
      position = (position + 1) & mask
      let bucket = buckets[position]
      if bucket.slot < 0 { break }
      let distance = (position - Int(bucket.hash)) & mask
      if distance >= (position - hole) & mask {
        buckets[hole] = bucket
        hole = position
      }
    }
    buckets[hole] = Bucket()
  }

  private mutating func place(_ bucket: Bucket) {
    let mask = buckets.count - 1
    var position = Int(bucket.hash) & mask
    while buckets[position].slot >= 0 { position = (position + 1) & mask }
    buckets[position] = bucket
  }

  private mutating func grow() {
    let old = buckets
    buckets = ContiguousArray(repeating: Bucket(), count: old.count * 2)
    for bucket in old where bucket.slot >= 0 { place(bucket) }
  }
}

extension TargetHistory {
  /// A limit that refused nothing for longer than this, in seconds, stopped refusing.
  static let longestBreak: Int64 = 15

  /// Since when each of these limits, by its number, refuses; those that stopped are left out.
  ///
  /// Looks back second by second, at most through the whole history, and stops where the last of them began.
  func refusing(_ limits: Set<Int32>, endingAt second: Int64) -> [Int32: LimitRow.Refusing] {
    guard !limits.isEmpty else { return [:] }
    var first: [Int32: Int64] = [:]
    var refused: [Int32: Int64] = [:]
    var open = limits
    for sample in window(endingAt: second, length: Self.seconds).reversed() {
      if open.contains(where: { (first[$0] ?? second) - sample.second > Self.longestBreak }) {
        open = open.filter { (first[$0] ?? second) - sample.second <= Self.longestBreak }
      }
      if open.isEmpty { break }
      for count in sample.limits where count.second > 0 && open.contains(count.key) {
        first[count.key] = sample.first
        refused[count.key, default: 0] += Int64(count.second)
      }
    }
    let oldest = samples.first?.second ?? 0
    // What a state tells of a second may have been in the one before: it is not said to be later than it was.
    return first.reduce(into: [:]) { found, entry in
      found[entry.key] = LimitRow.Refusing(
        since: (entry.value - 1) * 1_000_000, isLonger: entry.value <= oldest + 1,
        refused: refused[entry.key] ?? 0, seconds: second - entry.value + 1)
    }
  }
}

/// Keeps strangers from filling the log: so many lines a second, then only how many there would have been.
struct LogPace {
  private let linesPerSecond: Int
  private var second: UInt64 = 0
  private var lines = 0
  private var kept: Int64 = 0

  init(linesPerSecond: Int) { self.linesPerSecond = linesPerSecond }

  /// How many lines were kept back before this one; nil keeps this one back too.
  mutating func admits(atNs now: UInt64) -> Int64? {
    let current = now / 1_000_000_000
    if current != second {
      second = current
      lines = 0
    }
    guard lines < linesPerSecond else {
      kept += 1
      return nil
    }
    lines += 1
    defer { kept = 0 }
    return kept
  }
}

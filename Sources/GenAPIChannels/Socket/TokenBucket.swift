/// How many messages a socket may still send: so many a second over time, twice as many at once.
struct TokenBucket {
  private let perSecond: Double
  private var left: Double
  private var lastNs: Int64

  init(perSecond: Int, now: Int64) {
    self.perSecond = Double(perSecond)
    left = 2 * self.perSecond
    lastNs = now
  }

  /// False when it is used up.
  mutating func take(now: Int64) -> Bool {
    left = min(2 * perSecond, left + Double(max(0, now - lastNs)) / 1e9 * perSecond)
    lastNs = now
    guard left >= 1 else { return false }
    left -= 1
    return true
  }
}

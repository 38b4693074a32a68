/// When requests are due at a fixed rate, in nanoseconds of a clock that does not jump.
struct LoadPacer {
  private let interval: Double
  private let first: Int64
  private var count = 0.0
  private(set) var next: Int64

  /// The first is due at a time within one interval, so that connections do not send all at once.
  init(interval: Double, now: Int64) {
    self.interval = interval
    // Added up as a fraction: a rounded interval would make another rate of it.
    first = now + Int64.random(in: 0...Int64(max(1, interval)))
    next = first
  }

  /// The next time that is not after `now`; nil when there is none.
  mutating func take(until now: Int64) -> Int64? {
    guard next <= now else { return nil }
    defer {
      count += 1
      next = first + Int64(count * interval)
    }
    return next
  }
}

/// How long to wait before the next try to connect: doubles from 0.25 s to 5 s, each time with a random part, so
/// that many subscribers of a restarted gateway do not all come at once.
struct Backoff: Sendable {
  static let minimumMs = 250
  static let maximumMs = 5_000

  private let minimumMs: Int
  private var failures = 0

  init(minimumMs: Int = Self.minimumMs) { self.minimumMs = minimumMs }

  /// Milliseconds to wait, its minimum … `maximumMs`, or the minimum where that is longer.
  mutating func next(using random: inout some RandomNumberGenerator) -> Int {
    let ceiling = max(minimumMs, min(Self.maximumMs, minimumMs << min(failures + 1, 10)))
    failures += 1
    return Int.random(in: max(minimumMs, ceiling / 2)...ceiling, using: &random)
  }

  /// A connection worked.
  mutating func reset() { failures = 0 }
}

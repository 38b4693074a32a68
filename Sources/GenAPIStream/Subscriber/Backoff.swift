/// How long to wait before the next try to connect: doubles from 0.25 s to 5 s, each time with a random part, so
/// that many subscribers of a restarted gateway do not all come at once.
struct Backoff: Sendable {
  static let minimumMs = 250
  static let maximumMs = 5_000

  private var failures = 0

  /// Milliseconds to wait, `minimumMs` … `maximumMs`.
  mutating func next(using random: inout some RandomNumberGenerator) -> Int {
    let ceiling = min(Self.maximumMs, Self.minimumMs << min(failures + 1, 10))
    failures += 1
    return Int.random(in: max(Self.minimumMs, ceiling / 2)...ceiling, using: &random)
  }

  /// A connection worked.
  mutating func reset() { failures = 0 }
}

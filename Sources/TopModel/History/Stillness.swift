/// Says since when nothing happened at a gateway, so that a window in which it rested is not gone through. Errs only to the side that it
/// did not rest.
struct Stillness: Sendable {
  /// The last second in which a function did something or had requests under way, and in which a limit was asked.
  private var lastActive = Int64.min
  private var lastLimited = Int64.min
  /// The second from which on no other is missing, and of each enough was watched for a rate.
  private var wholeSince = Int64.max

  /// Takes the next sample.
  ///
  /// - Parameter last: the last second before it that is kept; nil for the first.
  mutating func note(_ sample: SecondSample, after last: Int64?) {
    if !sample.series.isEmpty { lastActive = max(lastActive, sample.second) }
    if !sample.limits.isEmpty { lastLimited = max(lastLimited, sample.second) }
    if last.map({ sample.first > $0 + 1 }) ?? true { wholeSince = sample.first }
    if sample.rateSeconds == nil { wholeSince = sample.second + 1 }
  }

  /// Whether no function did anything since a second, which is known of each.
  func isStill(since first: Int64) -> Bool { wholeSince <= first && lastActive < Self.reach(first) }

  /// Whether no limit was asked since a second, as far as it is known.
  func isUnlimited(since first: Int64) -> Bool { lastLimited < Self.reach(first) }

  /// A coarse step may begin before a window that has it.
  private static func reach(_ first: Int64) -> Int64 { first.saturatingSubtract(TargetHistory.stepSeconds) }
}

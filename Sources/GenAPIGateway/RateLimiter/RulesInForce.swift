import GenAPITelemetry
import Synchronization

/// The limits in force, once a lane: threads that check at once neither wait for each other nor count their copies in
/// one place.
final class RulesInForce: Sendable {
  private struct Lane: ~Copyable, Sendable {
    let rules: Mutex<RateLimitRules>
  }

  private let lanes: Places<Lane>
  /// Held while a change is made.
  private let latest: Mutex<RateLimitRules>

  init(_ rules: RateLimitRules) {
    lanes = Places(ThreadLane.count) { _ in Lane(rules: Mutex(rules.copy())) }
    latest = Mutex(rules)
  }

  var current: RateLimitRules { lanes[ThreadLane.current].rules.withLock { $0 } }

  /// Replaces the limits; checks that begin after it see the new ones.
  ///
  /// - Returns: what was in force, and what is now.
  func change(_ body: (RateLimitRules) throws(RateLimitError) -> RateLimitRules) throws(RateLimitError)
    -> (old: RateLimitRules, new: RateLimitRules)
  {
    try latest.withLock { latest throws(RateLimitError) in
      let old = latest
      let new = try body(old)
      latest = new
      for index in 0..<lanes.count { lanes[index].rules.withLock { $0 = new.copy() } }
      return (old, new)
    }
  }
}

import GenAPITelemetry
import Synchronization

/// The limits in force, once a lane: a check holds a lane while it uses the copy there, and so neither counts
/// references to it nor meets a check on another thread.
final class RulesInForce: Sendable {
  private let thread = ThreadLane()
  private let lanes: Places<RulesLane>
  private let latest: Mutex<RateLimitRules>
  /// Of `latest`; who holds a lane with a copy of another one replaces it.
  private let version = Atomic<Int>(0)

  init(_ rules: RateLimitRules) {
    lanes = Places(ThreadLane.count) { _ in RulesLane(rules.copy(), version: 0) }
    latest = Mutex(rules)
  }

  var current: RateLimitRules { latest.withLock { $0 } }

  /// Calls `body` with the limits in force, and waits for no other caller. `body` may take long, check something
  /// itself or change the limits.
  @inline(__always)
  func withCurrent<Result>(_ body: (RateLimitRules) -> Result) -> Result {
    let lane = holdLane()
    // Its owner for as long as it is used, where no lane is.
    let kept = lane < 0 ? current : nil
    let rules = kept.map { Unmanaged.passUnretained($0) } ?? lanes[lane].rules
    defer { if lane >= 0 { lanes[lane].giveBack() } }
    return withExtendedLifetime(kept) { rules._withUnsafeGuaranteedRef { body($0) } }
  }

  /// This thread's lane, or the next that nobody holds; -1 when all are held.
  @inline(__always)
  private func holdLane() -> Int {
    var lane = thread.current
    if !lanes[lane].take() { lane = holdLane(after: lane) }
    if lane >= 0, lanes[lane].version != version.load(ordering: .acquiring) { refresh(lane) }
    return lane
  }

  @inline(never)
  private func holdLane(after first: Int) -> Int {
    for step in 1..<lanes.count {
      let lane = (first + step) % lanes.count
      if lanes[lane].take() { return lane }
    }
    return -1
  }

  @inline(never)
  private func refresh(_ lane: Int) {
    latest.withLock { lanes[lane].replace($0.copy(), version: version.load(ordering: .relaxed)) }
  }

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
      version.add(1, ordering: .releasing)
      return (old, new)
    }
  }
}

import Locking
import StripedSlots

/// The limits in force, once a lane: a check holds a lane while it uses the copy there, and so neither counts
/// references to it nor meets a check on another thread.
final class RulesInForce: Sendable {
  private struct Copy {
    var rules: RateLimitRules
    var version = 0
  }

  private let lanes: StripedValues<Copy>
  private let latest: Mutex<RateLimitRules>
  /// Of `latest`; who holds a lane with a copy of another one replaces it.
  private let version = Atomic<Int>(0)

  init(_ rules: RateLimitRules) {
    lanes = StripedValues { _ in Copy(rules: rules.copy()) }
    latest = Mutex(rules)
  }

  var current: RateLimitRules { latest.withLock { $0 } }

  /// Calls `body` with the limits in force, and waits for no other caller. `body` may take long, check something
  /// itself or change the limits.
  @inline(__always)
  func withCurrent<Result>(_ body: (RateLimitRules) -> Result) -> Result {
    let lane = takeLane()
    // Their owner for as long as they are used, where no lane is.
    let kept = lane == nil ? current : nil
    // Those of a lane live on without being counted: only who holds it replaces them.
    let rules = lane.map { Unmanaged.passUnretained(lanes.value($0).pointee.rules) } ?? .passUnretained(kept!)
    defer { if let lane { lanes.giveBack(lane) } }
    return withExtendedLifetime(kept) { rules._withUnsafeGuaranteedRef { body($0) } }
  }

  @inline(__always)
  private func takeLane() -> Int? {
    let lane = lanes.take()
    if let lane, lanes.value(lane).pointee.version != version.load(ordering: .acquiring) { refresh(lane) }
    return lane
  }

  @inline(never)
  private func refresh(_ lane: Int) {
    lanes.value(lane).pointee = latest.withLock { latest in
      Copy(rules: latest.copy(), version: version.load(ordering: .relaxed))
    }
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

import Locking
import StripedSlots

/// The limits in force, once a slot: a check holds a slot while it uses the copy there, and so neither counts
/// references to it nor meets a check on another thread.
final class RulesInForce: Sendable {
  private struct Copy {
    var rules: RateLimitRules
    var version = 0
  }

  private let slots: StripedValues<Copy>
  private let latest: Mutex<RateLimitRules>
  /// Of `latest`; who holds a slot with a copy of another one replaces it.
  private let version = Atomic<Int>(0)

  init(_ rules: RateLimitRules) {
    slots = StripedValues { _ in Copy(rules: rules.copy()) }
    latest = Mutex(rules)
  }

  var current: RateLimitRules { latest.withLock { $0 } }

  /// Calls `body` with the limits in force, and waits for no other caller. `body` may take long, check something
  /// itself or change the limits.
  @inline(__always)
  func withCurrent<Result>(_ body: (RateLimitRules) -> Result) -> Result {
    let slot = takeSlot()
    // Their owner for as long as they are used, where no slot is.
    let kept = slot == nil ? current : nil
    // Those of a slot live on without being counted: only who holds it replaces them.
    let rules = slot.map { Unmanaged.passUnretained(slots.value($0).pointee.rules) } ?? .passUnretained(kept!)
    defer { if let slot { slots.giveBack(slot) } }
    return withExtendedLifetime(kept) { rules._withUnsafeGuaranteedRef { body($0) } }
  }

  @inline(__always)
  private func takeSlot() -> Int? {
    let slot = slots.take()
    if let slot, slots.value(slot).pointee.version != version.load(ordering: .acquiring) { refresh(slot) }
    return slot
  }

  @inline(never)
  private func refresh(_ slot: Int) {
    slots.value(slot).pointee = latest.withLock { latest in
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

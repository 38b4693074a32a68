import Synchronization

/// A copy of the limits in force, for one check at a time.
struct RulesLane: ~Copyable, Sendable {
  private let isHeld = Atomic<Bool>(false)
  private let copy: Atomic<Unmanaged<RateLimitRules>>
  private let copied: Atomic<Int>

  init(_ rules: RateLimitRules, version: Int) {
    copy = Atomic(Unmanaged.passRetained(rules))
    copied = Atomic(version)
  }

  deinit { copy.load(ordering: .relaxed).release() }

  /// True when nobody held it; the caller does now.
  @inline(__always)
  func take() -> Bool { !isHeld.exchange(true, ordering: .acquiring) }

  /// For its holder, who must have done with the copy.
  @inline(__always)
  func giveBack() { isHeld.store(false, ordering: .releasing) }

  /// For its holder: lives on without being counted, since only who holds the lane replaces it.
  @inline(__always)
  var rules: Unmanaged<RateLimitRules> { copy.load(ordering: .relaxed) }

  /// Of what the copy was made.
  @inline(__always)
  var version: Int { copied.load(ordering: .relaxed) }

  /// For its holder.
  func replace(_ rules: RateLimitRules, version: Int) {
    copy.exchange(Unmanaged.passRetained(rules), ordering: .relaxed).release()
    copied.store(version, ordering: .relaxed)
  }
}

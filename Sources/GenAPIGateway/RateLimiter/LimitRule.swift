import GenAPIValue
import Locking

/// A limit in force. What it has counted is in the shards, with the keys.
final class LimitRule: Sendable {
  let limit: RateLimit
  let id: ByteText
  let scope: ByteText
  let terms: LimitTerms

  let trackedKeys = Atomic<Int>(0)
  /// Microseconds since the Unix epoch; 0 when it never refused.
  let lastRejectionAt = Atomic<Int64>(0)
  /// Set before its counters are thrown away, so that a check still under way does not make new ones.
  let retired = Atomic<Bool>(false)
  /// Set when it was told that requests come without its key.
  let isLackTold = Atomic<Bool>(false)

  /// The limit that `other` was, with another maximum or window: its counters go on here.
  init(_ limit: RateLimit, after other: LimitRule) {
    self.limit = limit
    self.id = limit.id
    scope = other.scope
    terms = LimitTerms(limit, after: other.terms)
    isLackTold.store(other.isLackTold.load(ordering: .relaxed), ordering: .relaxed)
    lastRejectionAt.store(other.lastRejectionAt.load(ordering: .relaxed), ordering: .relaxed)
  }

  init(_ limit: RateLimit, index: Int) {
    self.limit = limit
    self.id = limit.id
    self.scope = ByteText(limit.scope.description)
    terms = LimitTerms(limit, index: index)
  }
}

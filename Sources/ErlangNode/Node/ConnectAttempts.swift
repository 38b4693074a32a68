import OutsideText

/// The connections that are being made, and who waits for them: knows neither clock nor socket.
///
/// All that want a node wait for the same attempt. Who comes right after one that took long and failed is told soon: a node that
/// takes connections and says nothing would hold up everybody else anew. One that only takes long may be about to succeed.
struct ConnectAttempts<Waiter> {
  /// From here on an attempt took long.
  static var slowNs: UInt64 { 1_000_000_000 }
  /// How long one that failed slowly is remembered.
  static var memoryNs: UInt64 { 5_000_000_000 }
  /// How long may wait who comes then: a node that is well again answers within it.
  static var briefNs: UInt64 { 100_000_000 }
  /// Nodes whose failure is remembered.
  static var mostFailures: Int { 1_000 }

  private struct Attempt {
    var startedNs: UInt64
    /// It follows one that failed slowly.
    var isSuspect: Bool
    /// The node is connected meanwhile, the other way.
    var isMoot = false
    var waiters: [UInt64: Waiter] = [:]
  }

  private struct Failure {
    var atNs: UInt64
    var reason: ByteText
  }

  struct Place: Equatable {
    /// Nobody connects yet: whoever is told this begins.
    var begins: Bool
    /// It is to be told soon.
    var isBrief: Bool
    /// Why the last attempt failed, as far as that is remembered.
    var lastFailure: ByteText?
  }

  private var attempts: [ByteText: Attempt] = [:]
  private var failures: [ByteText: Failure] = [:]
  /// Those that wait now, of all nodes.
  private(set) var waiting = 0

  /// Begins an attempt, or joins the one that is under way.
  mutating func join(_ node: ByteText, _ number: UInt64, _ waiter: Waiter, at nowNs: UInt64) -> Place {
    let failure = failures[node].flatMap { nowNs < $0.atNs + Self.memoryNs ? $0 : nil }
    let begins = attempts[node] == nil
    var attempt = attempts[node] ?? Attempt(startedNs: nowNs, isSuspect: failure != nil)
    attempt.waiters[number] = waiter
    waiting += 1
    attempts[node] = attempt
    return Place(begins: begins, isBrief: attempt.isSuspect, lastFailure: failures[node]?.reason)
  }

  /// One waits no longer; the attempt goes on for the others, and for those who come.
  mutating func leave(_ node: ByteText, _ number: UInt64) -> Waiter? {
    guard let waiter = attempts[node]?.waiters.removeValue(forKey: number) else { return nil }
    waiting -= 1
    return waiter
  }

  /// The node is connected, whoever connected to whom.
  ///
  /// - Returns: those that waited for it.
  mutating func connected(_ node: ByteText) -> [Waiter] {
    failures[node] = nil
    guard let waiters = attempts[node]?.waiters else { return [] }
    attempts[node]?.waiters = [:]
    attempts[node]?.isMoot = true
    waiting -= waiters.count
    return Array(waiters.values)
  }

  /// The attempt is over; nil when it succeeded.
  ///
  /// - Returns: those that still wait for it.
  mutating func ended(_ node: ByteText, failed reason: ByteText?, at nowNs: UInt64) -> [Waiter] {
    guard let attempt = attempts.removeValue(forKey: node) else { return [] }
    waiting -= attempt.waiters.count
    if let reason, !attempt.isMoot, nowNs >= attempt.startedNs + Self.slowNs {
      remember(node, Failure(atNs: nowNs, reason: reason))
    } else {
      // It is there, or said at once that it is not: then each may ask for itself.
      failures[node] = nil
    }
    return Array(attempt.waiters.values)
  }

  private mutating func remember(_ node: ByteText, _ failure: Failure) {
    failures[node] = failure
    guard failures.count > Self.mostFailures else { return }
    failures = failures.filter { failure.atNs < $0.value.atNs + Self.memoryNs }
    guard failures.count > Self.mostFailures else { return }
    if let oldest = failures.min(by: { $0.value.atNs < $1.value.atNs }) { failures[oldest.key] = nil }
  }
}

import GenAPITelemetry
import GenAPIValue

/// A pool's circuit breakers by service and node. Only what has failed has one.
///
/// Services and nodes are those of the configs, so clients cannot make more of them; beyond `most` that fail at one
/// time the others run without a breaker.
struct ServiceBreakers {
  static let most = 10_000
  /// Closed ones that are kept for how often they opened.
  static let mostClosed = 1_000

  private let threshold: Int
  private let cooldown: Duration
  private var breakers: [BreakerKey: CircuitBreaker] = [:]

  init(threshold: Int, cooldown: Duration) {
    self.threshold = threshold
    self.cooldown = cooldown
  }

  var count: Int { breakers.count }

  /// Those that are not closed, by name.
  func notClosed(at now: Int64) -> [(key: BreakerKey, breaker: CircuitBreaker)] {
    breakers.filter { $0.value.state(at: now) != .closed }.sorted { $0.key < $1.key }
      .map { (key: $0.key, breaker: $0.value) }
  }

  func count(of state: CircuitState, at now: Int64) -> Int {
    breakers.values.count { $0.state(at: now) == state }
  }

  func admits(_ key: BreakerKey, at now: Int64) -> Bool { breakers[key]?.admits(at: now) ?? true }

  /// Whether what was let through may go on.
  func lets(_ key: BreakerKey, _ permit: CircuitBreaker.Permit) -> Bool {
    breakers[key]?.lets(permit) ?? false
  }

  func isHalfOpen(_ key: BreakerKey, at now: Int64) -> Bool { breakers[key]?.state(at: now) == .halfOpen }

  mutating func admit(_ key: BreakerKey, at now: Int64) -> CircuitBreaker.Permit? {
    guard breakers[key] != nil else { return .first }
    return breakers[key]!.admit(at: now)
  }

  mutating func refused(_ key: BreakerKey) { breakers[key]?.refused() }

  /// Those that opened once, closed ones that are kept too, by name, with what each refused.
  var thatOpened: [(key: BreakerKey, refused: Int64)] {
    breakers.filter { $0.value.openedCount > 0 }.sorted { $0.key < $1.key }
      .map { (key: $0.key, refused: $0.value.refusedCount) }
  }

  mutating func succeeded(_ key: BreakerKey, _ permit: CircuitBreaker.Permit, at now: Int64)
    -> CircuitBreaker.Change?
  {
    guard breakers[key] != nil else { return nil }
    let change = breakers[key]!.succeeded(permit, at: now)
    let breaker = breakers[key]!
    let isOver = breaker.state(at: now) == .closed && breaker.consecutiveFailures == 0
    if isOver, breaker.openedCount == 0 || breakers.count > Self.mostClosed { breakers[key] = nil }
    return change
  }

  mutating func failed(
    _ key: BreakerKey, _ permit: CircuitBreaker.Permit, reason: ByteText, at now: Int64
  ) -> CircuitBreaker.Change? {
    guard breakers[key] != nil || breakers.count < Self.most else { return nil }
    return breakers[
      key,
      default: CircuitBreaker(threshold: threshold, cooldown: cooldown, now: now)
    ].failed(permit, reason: reason, at: now)
  }

  mutating func abandoned(_ key: BreakerKey, _ permit: CircuitBreaker.Permit) {
    breakers[key]?.abandoned(permit)
  }
}

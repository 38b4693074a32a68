import GenAPITelemetry
import GenAPIValue

/// A circuit breaker: after too many failures in a row it refuses work, then tries one probe.
///
/// A value without a clock or a timer: every question brings its time, and an open breaker whose cooldown is
/// over simply is half-open from then on. Closed → open after `threshold` consecutive failures; half-open →
/// closed when the probe succeeds, → open again when it fails. Outcomes of work that was let through before
/// the breaker last opened or closed change nothing.
public struct CircuitBreaker: Sendable, Equatable {
  /// Leave to run one task; its outcome is reported with it.
  public struct Permit: Sendable, Equatable {
    let generation: UInt64
    /// Whether it is the one task that a half-open breaker lets through.
    public let isProbe: Bool

    /// Of a breaker that never opened.
    static let first = Permit(generation: 0, isProbe: false)
  }

  /// What an outcome did to the breaker.
  public enum Change: Sendable, Equatable {
    /// The breaker opened, after so many failures in a row.
    case opened(consecutiveFailures: Int)
    /// How long it had not been closed, failed probes included.
    case closed(after: Duration)
  }

  private enum Phase: Equatable {
    case closed
    case open
    case probing
  }

  /// Consecutive failures that open it: 1 or more.
  public let threshold: Int
  /// How long it stays open before a probe.
  public var cooldown: Duration { .nanoseconds(cooldownNs) }
  private let cooldownNs: Int64
  /// The failures in a row that are counted now.
  public private(set) var consecutiveFailures = 0
  /// How often it opened.
  public private(set) var openedCount: Int64 = 0
  /// How many tasks it refused, while it was open or its probe was under way.
  public private(set) var refusedCount: Int64 = 0
  /// The failure that opened it last.
  public private(set) var lastReason: ByteText?
  private var phase = Phase.closed
  private var generation: UInt64 = 0
  /// When it last opened, or closed.
  private var changedAt: Int64
  private var leftClosedAt: Int64 = 0
  /// When the last probe was let through.
  private var probedAt: Int64 = 0
  /// How long the outcome of a probe is waited for before another is let through: one that hangs shuts nobody out.
  private var probeNs: Int64 { max(cooldownNs, 1_000_000_000) }

  /// Makes a closed breaker; `now` is nanoseconds of the clock that all its times are of.
  public init(threshold: Int, cooldown: Duration, now: Int64) {
    self.threshold = max(1, threshold)
    cooldownNs = max(0, cooldown.wholeNanoseconds)
    changedAt = now
  }

  // MARK: Asking

  /// What it does with the next task.
  public func state(at now: Int64) -> CircuitState {
    switch phase {
    case .closed: .closed
    case .open: now >= probeAt ? .halfOpen : .open
    case .probing: .halfOpen
    }
  }

  /// True when `admit` would let a task through.
  public func admits(at now: Int64) -> Bool {
    switch phase {
    case .closed: true
    case .open: now >= probeAt
    case .probing: now >= probedAt.saturatingAdd(probeNs)
    }
  }

  /// Whether a probe is under way, and the others wait for what comes of it; false when the next task would be a probe.
  func isProbing(at now: Int64) -> Bool { phase == .probing && !admits(at: now) }

  /// Whether what was let through may go on: the breaker neither opened nor closed since.
  func lets(_ permit: Permit) -> Bool { permit.generation == generation && phase != .open }

  /// When it entered the state it is in.
  public func since(at now: Int64) -> Int64 {
    state(at: now) == .halfOpen ? probeAt : changedAt
  }

  /// When it first opened and was not closed since; nil while it is closed.
  public var openedAt: Int64? { phase == .closed ? nil : leftClosedAt }

  /// When an open breaker becomes half-open.
  public var probeAt: Int64 { changedAt.saturatingAdd(cooldownNs) }

  // MARK: Telling

  /// Lets a task through, or not. A half-open breaker lets one through and waits for its outcome; when that has not come within
  /// the cooldown, and a second at least, it lets another through, and the first outcome of them counts.
  public mutating func admit(at now: Int64) -> Permit? {
    guard admits(at: now) else { return nil }
    if phase == .closed { return Permit(generation: generation, isProbe: false) }
    probedAt = now
    if phase == .open { generation += 1 }
    phase = .probing
    return Permit(generation: generation, isProbe: true)
  }

  /// A task that was let through succeeded; the answer tells whether the breaker closed by it.
  public mutating func succeeded(_ permit: Permit, at now: Int64) -> Change? {
    guard permit.generation == generation else { return nil }
    switch phase {
    case .closed:
      consecutiveFailures = 0
      return nil
    case .open:
      return nil
    case .probing:
      phase = .closed
      generation += 1
      consecutiveFailures = 0
      changedAt = now
      return .closed(after: .nanoseconds(now - leftClosedAt))
    }
  }

  /// A task that was let through failed; the answer tells whether the breaker opened by it.
  public mutating func failed(_ permit: Permit, reason: ByteText, at now: Int64) -> Change? {
    guard permit.generation == generation, phase != .open else { return nil }
    consecutiveFailures += 1
    if phase == .closed, consecutiveFailures < threshold { return nil }
    if phase == .closed { leftClosedAt = now }
    phase = .open
    generation += 1
    changedAt = now
    openedCount += 1
    lastReason = reason.cut(bytes: TextLimit.text)
    return .opened(consecutiveFailures: consecutiveFailures)
  }

  /// Counts a task that it refused.
  public mutating func refused() { refusedCount += 1 }

  /// The task ended without telling anything about what it called: a cancelled probe makes room for another.
  public mutating func abandoned(_ permit: Permit) {
    guard permit.generation == generation, phase == .probing else { return }
    phase = .open
    generation += 1
  }
}

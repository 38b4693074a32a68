/// How often an exporter wakes up: waking up is nearly all that a quiet gateway's stream costs.
///
/// Times are milliseconds on any clock that does not jump. Ticks lie on whole multiples of their distance: where the clock tells the
/// second of the day, gateways tell their states at the same moments, and who watches a hundred of them wakes up once a second for those
/// that are quiet.
struct TurnPace {
  /// How often sessions are told the time, and how soon the gateway may be asked for its state again.
  static let tickMs: Int64 = 50
  /// After how long without an event, and without anybody new, turns come with the ticks only.
  static let restsAfterMs: Int64 = 1_000
  /// A smaller queue may be full before a tick.
  static let leastQueue = 65_536

  private let drainMs: Int64
  private let mayRest: Bool
  /// When a connection or an event came last.
  private var busyAt: Int64 = 0
  private var lastTickAt: Int64 = 0

  /// - Parameters:
  ///   - drainMs: between two turns while events come.
  ///   - queue: how many events may wait.
  init(drainMs: Int64, queue: Int) {
    self.drainMs = drainMs
    mayRest = queue >= Self.leastQueue
  }

  /// An event came, or somebody new.
  mutating func isBusy(at now: Int64) { busyAt = now }

  /// How long to wait for the next turn.
  func wait(at now: Int64) -> Int64 {
    guard mayRest, now - busyAt >= Self.restsAfterMs else { return drainMs }
    return max(drainMs, Self.nextTick(after: now) - now)
  }

  /// Whether sessions are to be told the time in this turn.
  mutating func takesTick(at now: Int64) -> Bool {
    guard now - lastTickAt >= Self.tickMs else { return false }
    lastTickAt = Self.nextTick(after: now) - Self.tickMs
    return true
  }

  /// The first moment of a tick that is later.
  static func nextTick(after now: Int64) -> Int64 { now < .max - tickMs ? (now / tickMs + 1) * tickMs : .max }
}

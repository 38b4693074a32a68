import DequeModule
import GenAPITelemetry
import GenAPIValue

/// What is known of one gateway.
struct TargetModel: Sendable {
  @HeldApart private var names: GatewayNames
  @HeldApart private var past = Past()
  var address: ByteText { names.address }
  var node: ByteText? {
    get { names.node }
    set { names.node = newValue }
  }
  /// The node's name, or the address until it is known; `gw1#2` for the second that calls itself `gw1`.
  var name: ByteText { names.name }
  var software: ByteText? {
    get { names.software }
    set { names.software = newValue }
  }
  /// Beside the node's name, when another gateway calls itself the same: 2 for the second.
  var number: Int {
    get { names.number }
    set { if newValue != names.number { names.number = newValue } }
  }
  var startedAt: Int64 = 0
  var connection = TargetView.Connection.connecting
  /// Why it tells nothing, since it last did; nil while that is not known to be so.
  var absence: Absence?
  /// The second that is shown live: the last whole one it told of.
  func liveSecond(at now: Int64) -> Int64 { history.lastWholeSecond ?? now / 1_000_000 }
  /// When the last frame came, by our clock, microseconds since the Unix epoch.
  var lastFrameAt: Int64?
  /// Our clock minus the gateway's, in microseconds: the smallest difference of the last 15 minutes, because the way and
  /// what waits on it only ever add to it, a flood of events for minutes.
  var skewUs: Int64? { past.skews.lazy.map { $0.least }.min() }
  private static let mostSkews = 15
  /// By the gateway's clock, of the last state.
  private var lastSentAt: Int64?
  private(set) var clockShift = ClockShift()
  /// The target that is the same gateway by another address: it is counted there.
  var twin: Int?
  /// When its connection broke and when it was back, the latest last; at most `mostConnections`.
  var connections: Deque<(at: Int64, isBack: Bool)> { past.connections }
  private static let mostConnections = 50
  @HeldApart var state = GatewayState()
  private(set) var budgetRoom = BudgetRoom()
  @HeldApart var history = TargetHistory()
  /// Events that were meant for this program and are not shown: what the gateway had no room for (the sum of its `dropped`
  /// frames), and what came here faster than it was taken. No event is in both, since what a gateway drops never comes.
  private(set) var lost: Int64 = 0
  /// The part that came here.
  private(set) var lostHere: Int64 = 0
  /// Names, texts and entries that were too long or too many to be kept.
  private(set) var cut: Int64 = 0
  /// Another one whenever anything but its process is other.
  var facts = Stamp()
  /// What was asked for.
  private let intervalUs: Int64
  private var lastStateAt: Int64?
  /// By the gateway's clock, the last state is of a later moment than the one before.
  private var isLater = false
  /// Until then come states that waited.
  private var catchesUpUntil = Int64.min
  /// The last state was on its way for longer than others.
  private var wasLate = false
  /// When it said hello, on a connection that has told no numbers yet.
  private var greetedAt: Int64?
  /// How many functions its numbers are of, as far as that is known before they are here.
  var functionsToRead: Int?
  /// It has sent its numbers, on this connection or one before.
  var hasTold: Bool { lastStateAt != nil }
  /// The gateway's time of the last snapshot: states of the same time are the rest of it.
  private var snapshotAt: Int64?

  /// What only few look at, held apart: a gateway is copied for each look at it.
  private struct Past {
    /// The smallest difference of the clocks in each minute; at most `mostSkews`.
    var skews: Deque<(minute: Int64, least: Int64)> = []
    var connections: Deque<(at: Int64, isBack: Bool)> = []
    /// Events lost by second, of the last 15 minutes: at most 900 entries.
    var lostBySecond: Deque<(second: Int64, count: Int64)> = []
    /// Between the last states, at most 4: of a recording, or a gateway that sends more slowly than asked for.
    var gaps: [Int64] = []
  }

  init(address: ByteText, intervalMs: Int) {
    names = GatewayNames(address: address)
    intervalUs = min(max(Int64(intervalMs), 100), 60_000) * 1_000
    silentAfterUs = Self.silentAfter([], intervalUs)
  }

  /// No frame for longer than this: the numbers are old. Three intervals, and at least 2 seconds. The second
  /// longest of the last gaps, so that one that was too long does not make the next silence go unseen.
  private(set) var silentAfterUs: Int64

  private static func silentAfter(_ gaps: [Int64], _ intervalUs: Int64) -> Int64 {
    let usual = gaps.count > 1 ? gaps.sorted()[gaps.count - 2] : 0
    return max(2_000_000, 3 * max(intervalUs, min(usual, 60_000_000)))
  }

  var silentAfterSeconds: Int64 { (silentAfterUs + 999_999) / 1_000_000 }

  /// It is gone, or back after it was.
  mutating func noteConnection(isBack: Bool, at now: Int64) {
    guard isBack ? connections.last?.isBack == false : hasTold && connections.last?.isBack != false else {
      return
    }
    past.connections.append((now, isBack))
    if past.connections.count > Self.mostConnections { past.connections.removeFirst() }
  }

  /// Whether its connection was broken at a moment, as far as that is remembered.
  func wasGone(at moment: Int64) -> Bool { connections.last { $0.at <= moment }?.isBack == false }

  func isStale(at now: Int64) -> Bool {
    guard connection == .live, let lastFrameAt else { return true }
    return now - lastFrameAt > silentAfterUs
  }

  /// Numbers that are usual come within this time, in microseconds; those of many functions take longer.
  private static let usualReading: Int64 = 1_000_000
  /// With so many functions that is known before.
  private static let manyFunctions = 1_000
  /// What takes longer than this is no reading, but silence.
  private static let longestReading: Int64 = 30_000_000

  /// It said hello on a connection that has told nothing yet.
  mutating func greeted(at now: Int64) { greetedAt = now }

  /// It is connected, and its first numbers take longer than usual: there are many.
  func isReading(at now: Int64) -> Bool {
    guard connection == .live, let greetedAt else { return false }
    let isLong = (functionsToRead ?? 0) >= Self.manyFunctions
    return ((isLong ? 0 : Self.usualReading)...Self.longestReading).contains(now - greetedAt)
  }

  /// Why it tells nothing at a moment; nil while it does, or that is not known.
  func absence(at now: Int64) -> Absence? {
    if isReading(at: now) { return absence }
    return connection == .live && lastFrameAt != nil && isStale(at: now) ? .silent : absence
  }

  /// Those it has configs or functions of.
  var services: Set<ByteText> { Set(state.services.map(\.service)).union(state.functions.map(\.service)) }

  func view(at now: Int64) -> TargetView {
    var view = TargetView(
      address: address, node: node.map { _ in name }, connection: connection, lastFrameAt: lastFrameAt,
      absence: absence(at: now))
    view.isReading = isReading(at: now)
    view.hasTold = hasTold
    // That it said hello is nothing to show.
    if view.isReading, !hasTold { view.lastFrameAt = nil }
    view.functionsToRead = functionsToRead
    return view
  }

  /// What is wrong with its connection, in words; nil when nothing is.
  func trouble(at now: Int64) -> ByteText? {
    if absence(at: now) == .silent { return "silent" }
    guard case .down(let reason, _) = connection else { return nil }
    switch absence {
    case .stopped:
      return reason == Self.usualGoodbye ? "stopped (it said so)" : "stopped (it said: \(reason))"
    case .tokenRefused: return "token refused"
    case .down, .silent, nil: return reason
    }
  }

  /// Whether a failure only says that nothing came, of one that was heard before: it is as silent as it was.
  func isSilence(_ reason: ByteText, at now: Int64) -> Bool {
    guard hasTold, absence(at: now) == .silent else { return false }
    return Self.silences.contains { reason.string.hasPrefix($0) }
  }

  /// How a subscriber begins to say that it has heard nothing.
  private static let silences = ["nothing came for ", "no hello came within "]

  /// What a gateway says when it is told to end.
  private static let usualGoodbye: ByteText = "the gateway shuts down"

  /// Learns how far apart the clocks are; before the times of a state are moved to this one.
  ///
  /// - Parameter now: when the state came over the network, however long it waited here.
  mutating func noteClock(sentAt: Int64, now: Int64) {
    let sentAt = Bounds.count(sentAt)
    // Its clock was set back: what was learned is of another clock. Set forward the differences become smaller by themselves.
    if let lastSentAt, sentAt < lastSentAt - 1_000_000 { past.skews = [] }
    isLater = lastSentAt.map { sentAt > $0 } ?? false
    lastSentAt = sentAt
    let minute = now / 60_000_000
    if let last = past.skews.last, last.minute >= minute {
      past.skews[past.skews.count - 1].least = min(last.least, now - sentAt)
    } else {
      past.skews.append((minute, now - sentAt))
      if past.skews.count > Self.mostSkews { past.skews.removeFirst() }
    }
    if let skewUs { clockShift.follow(skewUs) }
  }

  /// Takes how its process is: nothing happened since the state before.
  mutating func take(_ process: ProcessState, sentAt: Int64, now: Int64) {
    state.process = process
    record(sentAt: Bounds.count(sentAt), now: now, isQuiet: true)
  }

  /// Takes what changed since the state before.
  mutating func take(_ change: GatewayStateChange, sentAt: Int64, now: Int64) {
    history.recycleNames(state, at: now / 1_000_000)
    let earlier =
      change.removed?["series"] == nil ? history.earlier(change.series, in: state.series) : nil
    var next = state
    if earlier != nil {
      // Thousands of functions are held once: those that changed are changed where they are.
      state.series = []
      history.releaseSeries()
    }
    next.apply(change)
    take(next, sentAt: sentAt, now: now, isSnapshot: false, earlier: earlier)
  }

  /// - Parameter earlier: as `TargetHistory.record`.
  mutating func take(
    _ state: GatewayState, sentAt: Int64, now: Int64, isSnapshot: Bool, earlier: [Int: SeriesCounts]? = nil
  ) {
    let sentAt = Bounds.count(sentAt)
    if isSnapshot { snapshotAt = sentAt }
    var state = state
    noteCut(state.keepToBudget(beside: self.state, &budgetRoom))
    self.state = state
    record(sentAt: sentAt, now: now, earlier: earlier)
  }

  /// Takes the state as it is now to what is remembered.
  ///
  /// - Parameters: as `TargetHistory.record`.
  private mutating func record(
    sentAt: Int64, now: Int64, earlier: [Int: SeriesCounts]? = nil, isQuiet: Bool = false
  ) {
    if let lastStateAt {
      past.gaps.append(now - lastStateAt)
      if past.gaps.count > 4 { past.gaps.removeFirst() }
      silentAfterUs = Self.silentAfter(past.gaps, intervalUs)
    }
    lastStateAt = now
    greetedAt = nil
    connection = .live
    absence = nil
    lastFrameAt = now
    guard twin == nil else { return }
    let leftOut = history.leftOut
    history.record(
      state, at: heard(sentAt: sentAt, now), isWhole: sentAt == snapshotAt, silentAfter: silentAfterSeconds,
      countedUntil: clockShift.moved(sentAt), sentAt: sentAt, earlier: earlier, isQuiet: isQuiet)
    noteCut(Int64(max(0, history.leftOut - leftOut)))
  }

  /// Brings what a gateway told into the bounds of what is believed and shown, and its times to this clock.
  mutating func mend(_ told: inout some StateFields) {
    var numbers = NumberBound()
    told.edit(&numbers)
    var texts = TextBound()
    told.edit(&texts)
    noteCut(texts.cuts)
    budgetRoom.note(told: texts.bytes)
    guard clockShift.us != 0 else { return }
    var clock = clockShift
    told.edit(&clock)
  }

  /// Whoever looks was away: the gateway was not silent for that.
  mutating func noteOwnPause(of pause: Int64) { lastFrameAt = lastFrameAt?.saturatingAdd(pause) }

  /// A state that is on its way for longer than others by this, in microseconds, waited somewhere, and others behind it.
  private static let leastWait: Int64 = 1_000_000
  /// What waited is read within this time, in microseconds: what goes on coming late was told by a clock that was set.
  private static let longestCatchUp: Int64 = 2_000_000

  /// When a state would have come that waited, as while this program was stopped, whether it knows that yet or not: many that come together
  /// are of a second each.
  private mutating func heard(sentAt: Int64, _ now: Int64) -> Int64 {
    // Pieces of a snapshot are of one moment, and so is all of a gateway whose clock stands still.
    guard isLater, let skewUs else { return now }
    let due = min(now, max(0, sentAt.saturatingAdd(skewUs)))
    let isLate = now.saturatingSubtract(due) > Self.leastWait
    if isLate, !wasLate { catchesUpUntil = now.saturatingAdd(Self.longestCatchUp) }
    wasLate = isLate
    return now <= catchesUpUntil ? due : now
  }

  mutating func noteCut(_ count: Int64) { cut = Bounds.count(cut + count) }

  mutating func lose(_ count: Int64, here: Bool, at now: Int64) {
    let count = Bounds.count(count)
    lost = Bounds.count(lost + count)
    if here { lostHere = Bounds.count(lostHere + count) }
    lastFrameAt = now
    guard count > 0 else { return }
    let second = now / 1_000_000
    if let last = past.lostBySecond.last, last.second >= second {
      past.lostBySecond[past.lostBySecond.count - 1].count = Bounds.count(last.count + count)
    } else {
      past.lostBySecond.append((second, count))
    }
    while let first = past.lostBySecond.first, first.second <= second - Int64(TargetHistory.seconds) {
      past.lostBySecond.removeFirst()
    }
  }

  /// Events lost after a second.
  func lost(since second: Int64) -> Int64 {
    past.lostBySecond.reversed().prefix { $0.second > second }.reduce(0) { Bounds.count($0 + $1.count) }
  }

  /// The clock was set back.
  mutating func rewind(to now: Int64) {
    lastFrameAt = lastFrameAt.map { min($0, now) }
    lastStateAt = nil
    greetedAt = nil
    past.gaps = []
    silentAfterUs = Self.silentAfter([], intervalUs)
    past.skews = []
    lastSentAt = nil
    past.lostBySecond = []
    history.rewind(to: now)
  }
}

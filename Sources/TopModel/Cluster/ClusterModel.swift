import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// What the dashboard knows: folded from what subscribers tell, asked by views.
///
/// Pure: it has no clock, no socket and no screen. Every view can be asked for any moment of the last 15
/// minutes.
package struct ClusterModel {
  var targets: [TargetModel] { didSet { stamp = Stamp() } }
  /// Another one whenever anything of a gateway is other.
  private(set) var stamp = Stamp()
  var events = EventHistory()
  var alerts = AlertBoard()
  /// The time of the last message, microseconds since the Unix epoch.
  private(set) var now: Int64 = 0
  /// Changes with everything but events; what views computed for one revision stays true for it.
  private(set) var revision: Int64 = 0
  /// Changes with all that is worth a look at once: that a gateway which is heard tells of nothing but its process can wait for the next
  /// second.
  package private(set) var news: Int64 = 0

  /// What all gateways together may take for what they did and for how they were, in bytes: 36 MB and 24 MB, and 0.4 and half a MB more for
  /// each gateway. Ten thousand functions that all work in each second take 44 MB in 11 minutes, and more in 15.
  var sampleBudget: Int
  var slowBudget: Int

  let keptFunctions = KeptFunctions()
  let keptConfigs = KeptConfigs()
  let keptTotals = KeptTotals()
  let keptFindings = KeptFindings()
  let limitsMade = MadeOfModel<ViewSettings, [LimitFacts], [LimitRow]>()
  let gatewayNumbersMade = MadeOfModel<StatisticsWindow, Never, [GatewayNumbers]>()
  let restingMade = MadeOfModel<StatisticsWindow, Never, Resting?>()
  let sourcesMade = MadeOfModel<StatisticsWindow, Never, [RequestSource]>()

  /// How far back it goes, in seconds.
  package static let keptSeconds = Int64(TargetHistory.seconds)

  /// A clock that is further back than this was set back.
  static let mostJitterUs: Int64 = 5_000_000

  /// - Parameters:
  ///   - targets: the addresses to watch, as the user wrote them.
  ///   - intervalMs: how often gateways were asked for their state; a recording's pace is learned from its
  ///     frames.
  package init(targets: [ByteText], intervalMs: Int = 1_000) {
    self.targets = targets.map { TargetModel(address: $0, intervalMs: intervalMs) }
    sampleBudget = 36_000_000 + 400_000 * targets.count
    slowBudget = 24_000_000 + 500_000 * targets.count
  }

  /// Learns one thing of a gateway.
  ///
  /// - Parameters:
  ///   - index: the place of the gateway's address in the list the model was made with.
  ///   - now: microseconds since the Unix epoch.
  package mutating func fold(_ news: SubscriberEvent, of index: Int, at now: Int64) {
    switch news {
    case .frame(let frame): fold(frame, of: index, at: now)
    case .connecting:
      update(index, at: now) { target, _ in
        // A target that is down keeps its reason until it is back.
        if target.connection == .live { target.connection = .connecting }
      }
    case .connected(let hello): greet(hello, of: index, at: now)
    case .overrun(let dropped):
      update(index, at: now) { target, now in target.lose(dropped.count, here: true, at: now) }
    case .failed(let reason): disconnect(reason, .down, of: index, at: now)
    case .refused(let code, let reason): disconnect(reason, Self.absence(code), of: index, at: now)
    case .closed(let reason): disconnect(reason, .stopped, of: index, at: now)
    // What it leaves out for now is told as what is left out for good.
    case .partialState: update(index, at: now) { target, _ in target.noteCut(1) }
    case .retrying(let milliseconds):
      update(index, at: now) { target, _ in
        let retryInMs = Int64(milliseconds)
        if case .down(let reason, _) = target.connection {
          target.connection = .down(reason: reason, retryInMs: retryInMs)
        } else {
          target.connection = .down(reason: "not connected", retryInMs: retryInMs)
        }
      }
    }
  }

  private mutating func fold(_ frame: Frame, of index: Int, at now: Int64) {
    switch frame {
    case .event(let record): take(record, of: index, at: now)
    case .hello(let hello): greet(hello, of: index, at: now)
    case .snapshot(let at, _, let state):
      update(index, at: now) { target, now in
        target.noteClock(sentAt: at, now: now)
        var state = state
        target.mend(&state)
        target.take(state, sentAt: at, now: now, isSnapshot: true)
      }
      keepToBudget()
    case .state(let at, _, let change):
      var isNews = true
      update(index, at: now, isNews: false) { target, now in
        let wasStale = target.isStale(at: now)
        target.noteClock(sentAt: at, now: now)
        if var process = change.processAlone {
          target.mend(&process)
          target.take(process, sentAt: at, now: now)
          isNews = wasStale
        } else {
          var change = change
          target.mend(&change)
          target.take(change, sentAt: at, now: now)
        }
      }
      guard isNews else { return }
      noteNews(of: index)
      keepToBudget()
    case .dropped(_, let dropped):
      update(index, at: now) { target, now in target.lose(dropped.count, here: false, at: now) }
    case .bye(let reason): disconnect(reason, .stopped, of: index, at: now)
    case .error(let code, let reason): disconnect(reason, Self.absence(code), of: index, at: now)
    // These tell nothing of the gateway.
    case .subscribe, .ping, .pong, .recording, .unknown: break
    }
  }

  /// Learns how many functions the numbers are of that a gateway is to tell; nil where that is not known.
  package mutating func expect(functions count: Int?, of index: Int) {
    guard targets.indices.contains(index), targets[index].functionsToRead != count else { return }
    targets[index].functionsToRead = count
    revision += 1
  }

  /// Whoever looks was away for so many microseconds: what came meanwhile is still to be read, so that no gateway was silent for that.
  package mutating func noteOwnPause(of pause: Int64) {
    for index in targets.indices { targets[index].noteOwnPause(of: max(0, pause)) }
  }

  /// A second passed.
  package mutating func tick(at now: Int64) {
    _ = advance(to: now)
    revision += 1
    if hasSilentAddress { tellApart() }
    // States that tell of the process alone add little, and are not looked at one by one.
    keepToBudget()
    evaluateAlerts()
  }

  private mutating func take(_ record: EventRecord, of index: Int, at now: Int64) {
    let now = advance(to: now)
    news += 1
    guard targets.indices.contains(index) else { return }
    targets[index].lastFrameAt = now
    guard targets[index].twin == nil else { return }
    var row = EventRow(node: targets[index].name, record: record)
    if targets[index].clockShift.us != 0 { row.record.at = targets[index].clockShift.moved(record.at) }
    events.append(row)
  }

  private mutating func greet(_ hello: Hello, of index: Int, at now: Int64) {
    update(index, at: now) { target, now in
      if target.startedAt != hello.startedAt || target.node != hello.node { target.history.restart() }
      target.node = hello.node
      target.software = hello.software
      target.startedAt = hello.startedAt
      // One that refuses the token says hello to everybody: it is not back before it sends its numbers.
      guard target.absence != .tokenRefused else { return }
      target.lastFrameAt = now
      target.greeted(at: now)
      target.noteConnection(isBack: true, at: now)
      target.connection = .live
      target.absence = nil
    }
    tellApart()
  }

  private static func absence(_ code: StreamErrorCode) -> Absence {
    code == .unauthorized ? .tokenRefused : .down
  }

  private mutating func disconnect(
    _ reason: ByteText, _ absence: Absence, of index: Int, at now: Int64
  ) {
    update(index, at: now) { target, now in
      // That one which said that it stops is not there then is no news.
      if absence == .down, target.absence == .stopped { return }
      let absence = absence == .down && target.isSilence(reason, at: now) ? .silent : absence
      target.noteConnection(isBack: false, at: now)
      target.connection = .down(reason: reason, retryInMs: 0)
      target.absence = absence
      if absence == .tokenRefused, !target.hasTold { target.lastFrameAt = nil }
    }
    tellApart()
  }

  /// - Returns: the time within bounds.
  private mutating func advance(to now: Int64) -> Int64 {
    let now = Bounds.count(now)
    if now < self.now - Self.mostJitterUs {
      // The clock was set back: the history goes on from there.
      for index in targets.indices { targets[index].rewind(to: now) }
      alerts.rewind(to: now)
      self.now = now
    }
    self.now = max(self.now, now)
    return now
  }

  private mutating func update(
    _ index: Int, at now: Int64, isNews: Bool = true, _ body: (inout TargetModel, Int64) -> Void
  ) {
    let now = advance(to: now)
    revision += 1
    guard targets.indices.contains(index) else { return }
    body(&targets[index], now)
    if isNews { noteNews(of: index) }
  }

  mutating func noteNews(of index: Int) {
    news += 1
    if targets.indices.contains(index) { targets[index].facts = Stamp() }
  }

  /// The gateways, each once, however many of its addresses are watched.
  var gateways: [TargetModel] {
    targets.contains { $0.twin != nil } ? targets.filter { $0.twin == nil } : targets
  }

  // MARK: Time

  /// The second the panes show, for one gateway: the last one it told of, or the moment chosen.
  func second(_ settings: ViewSettings, _ target: TargetModel) -> Int64 {
    switch settings.moment {
    case .at: return keptSecond(settings, target) ?? moment(settings) / 1_000_000
    case .live:
      return target.liveSecond(at: now)
    }
  }

  /// The moment shown, microseconds since the Unix epoch.
  func moment(_ settings: ViewSettings) -> Int64 {
    if case .at(let moment) = settings.moment { Bounds.count(moment) } else { now }
  }

  /// Where the window shown begins, microseconds since the Unix epoch.
  package func windowBegin(_ settings: ViewSettings) -> Int64 {
    moment(settings).saturatingSubtract(Int64(settings.window.seconds) * 1_000_000)
  }

  /// Whether the numbers of a gateway are old, at the moment shown.
  func isStale(_ target: TargetModel, _ settings: ViewSettings) -> Bool {
    switch settings.moment {
    case .live: return target.isStale(at: now)
    case .at:
      // That it was gone was known at once; that it is silent takes its time.
      if target.wasGone(at: moment(settings)) { return true }
      let second = second(settings, target)
      guard let heard = target.history.lastHeard(at: second) else { return true }
      return second - heard > target.silentAfterSeconds
    }
  }

  /// Whether anything was kept of a gateway at the moment shown: a second of which nothing came is not one in which nothing
  /// happened. Always so live.
  func isKept(_ target: TargetModel, _ settings: ViewSettings) -> Bool {
    settings.moment == .live || keptSecond(settings, target) != nil
  }

  private func keptSecond(_ settings: ViewSettings, _ target: TargetModel) -> Int64? {
    target.history.lastKept(at: moment(settings) / 1_000_000, within: target.silentAfterSeconds)
  }

  /// Those of gateways that are heard first, in their order, then the others: what a gateway told last that tells nothing now counts
  /// only where no other tells of the same.
  func liveFirst<Part>(_ parts: [Part], _ settings: ViewSettings, _ target: (Part) -> TargetModel) -> [Part] {
    let stale = parts.map { isStale(target($0), settings) }
    guard stale.contains(true) else { return parts }
    return parts.indices.filter { !stale[$0] }.map { parts[$0] }
      + parts.indices.filter { stale[$0] }.map { parts[$0] }
  }

  /// How a gateway was at the end of the second shown; nil before anything was known.
  func slowState(_ target: TargetModel, _ settings: ViewSettings) -> SlowState? {
    // Worked out first: of a history that is looked at already all would be copied meanwhile.
    let second = second(settings, target)
    return target.history.slowState(at: second)
  }

  /// The gateways that the filter's node terms let through as a whole, with how each was at the moment.
  func shown(_ settings: ViewSettings) -> [(target: TargetModel, slow: SlowState)] {
    gateways.compactMap { target in
      guard settings.filter.matchesNode(target.name), let slow = slowState(target, settings) else {
        return nil
      }
      return (target, slow)
    }
  }
}

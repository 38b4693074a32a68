import Foundation
import GenAPIValue
import TopModel

/// Watches gateways, or a recording of them, until a check's verdict falls.
struct RunningCheck {
  /// How long targets may take to answer or to fail at first, in milliseconds: a try takes up to 5 s.
  static let patienceForTargets: Int64 = 7_000
  /// How long one that was there may be away, in milliseconds, unless more is asked for: it restarts.
  static let patienceForRestarts: Int64 = 30_000
  /// Between two looks, in milliseconds: as often as gateways send.
  static let interval: Int64 = 1_000
  /// How much longer than it should the watching may take before it can be told, in milliseconds.
  private static let delay: Int64 = 30_000
  /// How long is taken of what came before the clock is looked at again, in milliseconds.
  private static let mostTaking: Int64 = 300
  /// How old what is known may be, in microseconds.
  private static let mostBehind: Int64 = 10_000_000
  /// When the expression says nothing.
  static let window = StatisticsWindow.tenSeconds

  private static func patience(for feed: any Feed) -> Int64 {
    FramePrinter.patience(for: feed.targets, patienceForTargets)
  }

  let rule: AlertExpression
  /// How long it must hold, in milliseconds; nil for once, or to the end of a recording.
  let hold: Int64?
  /// How long it may take to begin to hold, and before that for gateways to be there, in milliseconds; nil for not at all,
  /// or as long as a recording lasts when there is a time to hold.
  let patience: Int64?

  /// How long one that was there may be away, in milliseconds.
  var patienceForRestarts: Int64 { max(Self.patienceForRestarts, patience ?? 0) }

  // MARK: Gateways

  /// - Throws: an exit code of 2, after having told why nothing can be said.
  func run(_ feed: any Feed, _ wake: WakePipe) throws -> CheckVerdict {
    var targetStates = TargetStates()
    var model = ClusterModel(targets: feed.targets, intervalMs: feed.intervalMs)
    // Nobody sees its alerts.
    model.watch([])
    let places = Self.places(feed.targets)
    // What waits to be taken is not what never came: nobody is silent for that.
    func now() -> Int64 { feed.clock ?? Int64(Date().timeIntervalSince1970 * 1_000_000) }
    var pauses = OwnPauses()
    func pump(for limit: Int64, until isDone: () -> Bool) {
      let deadline = Monotonic.milliseconds() + limit
      while !isDone() {
        let left = deadline - Monotonic.milliseconds()
        guard left > 0 else { return }
        wake.wait(atMost: min(left, feed.wait() ?? 1_000))
        pauses.look(for: &model)
        feed.take(until: Monotonic.milliseconds() + min(left, Self.mostTaking)) { message in
          targetStates.note(message)
          if let index = places[message.target] {
            model.fold(message.event, of: index, at: message.at ?? now())
          }
        }
      }
    }
    let begun = Monotonic.milliseconds()
    feed.start()
    defer { feed.stop() }
    func areAllThere() -> Bool { targetStates.live.count == feed.targets.count }
    pump(for: Self.patience(for: feed)) { targetStates.isSettled(feed.targets) }
    if let patience, !rule.isAboutNodes {
      // Whoever refuses the token will go on doing so.
      pump(for: begun + patience - Monotonic.milliseconds()) {
        areAllThere() || !targetStates.refused.isEmpty
      }
    }
    for target in feed.targets where !targetStates.isSettled([target]) {
      // One that takes the connection and says nothing is as down as one that takes none.
      guard rule.isAboutNodes, let place = places[target] else { throw unreachable(feed, targetStates, []) }
      model.fold(.failed(ByteText(Self.noAnswer(of: feed))), of: place, at: now())
    }
    var wereAllThere = false
    var awaySince: Int64?
    var progress = CheckProgress(rule: rule, hold: hold ?? 0, patience: patience ?? 0)
    let window = Int64((rule.window ?? Self.window).seconds) * 1_000
    var latest = Monotonic.milliseconds() + window + Self.delay
    var wasEarly = true
    while true {
      guard feed.behind <= Self.mostBehind else {
        throw UsageError.end(
          "more comes than can be read: what is known is \(feed.behind / 1_000_000) s old, and it cannot be told",
          code: 2)
      }
      pauses.look(for: &model)
      model.tick(at: now())
      let silent = model.silentGateways
      // What is not so on one gateway is not so, whatever is not known of the others.
      if !model.refusingGateways.isEmpty || !silent.isEmpty,
        let answer = model.knownFalse(rule, window: Self.window)
      {
        if let verdict = progress.note(answer, at: Monotonic.milliseconds()) { return verdict }
        pump(for: Self.interval) { false }
        continue
      }
      // Of one that lets nobody in it is not known either whether it is well.
      guard model.refusingGateways.isEmpty else { throw unreachable(feed, targetStates, []) }
      guard rule.isAboutNodes || (areAllThere() && silent.isEmpty) else {
        let moment = Monotonic.milliseconds()
        let since = awaySince ?? moment
        guard wereAllThere, moment - since < patienceForRestarts else {
          throw unreachable(feed, targetStates, silent)
        }
        if awaySince == nil { tell(absent: feed, targetStates, silent) }
        awaySince = since
        progress.away("not every gateway is there", at: moment)
        pump(for: Self.interval) { false }
        continue
      }
      wereAllThere = true
      if let since = awaySince { latest += Monotonic.milliseconds() - since }
      awaySince = nil
      let answer = model.answer(rule, window: Self.window)
      if let verdict = progress.note(answer, at: Monotonic.milliseconds()) { return verdict }
      if case .early = answer {
        if wasEarly, Monotonic.milliseconds() > latest { return progress.end() }
      } else {
        wasEarly = false
      }
      pump(for: Self.interval) { false }
    }
  }

  /// Whoever waits for the verdict knows why it takes longer.
  private func tell(absent feed: any Feed, _ targetStates: TargetStates, _ silent: [ByteText]) {
    for target in feed.targets where !targetStates.live.contains(target) || silent.contains(target) {
      UsageError.say("\(target): \(targetStates.problems[target] ?? "silent"); waiting for it")
    }
  }

  private func unreachable(_ feed: any Feed, _ targetStates: TargetStates, _ silent: [ByteText]) -> any Error
  {
    for target in feed.targets where !targetStates.live.contains(target) {
      let problem = targetStates.problems[target] ?? ByteText(Self.noAnswer(of: feed))
      UsageError.say("\(target): \(targetStates.refused.contains(target) ? "token refused: " : "")\(problem)")
    }
    for target in silent where targetStates.live.contains(target) { UsageError.say("\(target): silent") }
    let isRefused = !targetStates.refused.isEmpty
    return UsageError.end(
      isRefused ? "cannot ask: token refused" : "it cannot be told without every gateway", code: 2)
  }

  private static func noAnswer(of feed: any Feed) -> String {
    "no answer within \(patience(for: feed) / 1_000) s"
  }

  // MARK: A recording

  /// Without a time to hold, it must hold from the first moment that can be told to the end.
  func run(_ recording: RecordedFeed) -> CheckVerdict {
    var recorded = RecordedCheck(self, recording)
    return recorded.run(recording)
  }

  static func places(_ targets: [ByteText]) -> [ByteText: Int] {
    Dictionary(targets.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

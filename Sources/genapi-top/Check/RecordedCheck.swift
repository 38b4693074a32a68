import GenAPIValue
import OutsideText
import TopModel
import TopScreen

/// Looks every second of a recording's time, as fast as it can be read, as a check of gateways does: one that is away as it
/// restarts is waited for, for so long by the recording's time.
struct RecordedCheck {
  let check: RunningCheck
  private let targets: [ByteText]
  private var model: ClusterModel
  private var progress: CheckProgress
  private var states = TargetStates()
  /// Of whom a snapshot came, and of whom anything did.
  private var heard: Set<ByteText> = []
  private var met: Set<ByteText> = []
  /// The targets had their time to be there.
  private var hasWaited = false
  private var wereAllThere = false
  /// In milliseconds of the recording's time.
  private var awaySince: Int64?
  private var outages = RecordedOutages()
  private let clock: ClockOffset?

  /// - Parameter clock: of the wall, for the times that are told; nil for the system's.
  init(_ check: RunningCheck, _ recording: RecordedFeed, clock: ClockOffset? = nil) {
    self.check = check
    self.clock = clock
    targets = recording.targets
    model = ClusterModel(targets: recording.targets, intervalMs: recording.intervalMs)
    // Nobody sees its alerts, which cost as much as all else of a look.
    model.watch([])
    progress = CheckProgress(
      rule: check.rule, hold: check.hold, patience: check.patience ?? (check.hold == nil ? 0 : .max))
  }

  mutating func run(_ recording: RecordedFeed) -> CheckVerdict {
    let places = RunningCheck.places(targets)
    let second = RunningCheck.interval * 1_000
    var next: Int64?
    var last: Int64?
    var begun: Int64?
    while !recording.isOver {
      let messages = recording.take()
      for (place, message) in messages.enumerated() {
        guard let at = message.at else { continue }
        let beginning = begun ?? at
        begun = beginning
        if !hasWaited, at.saturatingSubtract(beginning) > RunningCheck.patienceForTargets * 1_000 {
          missAbsent(places, at: at)
        }
        var tick = next ?? at + second
        while tick <= at {
          if let verdict = look(at: tick) {
            return explained(verdict, at: tick, rest: messages[place...], recording)
          }
          // Where nothing was recorded for long, there is nothing to look at.
          tick = max(tick + second, at - 60 * second)
        }
        next = tick
        if let index = places[message.target] {
          if case .frame(.snapshot) = message.event { heard.insert(message.target) }
          met.insert(message.target)
          states.note(message)
          outages.note(message, at: at)
          last = at
          model.fold(message.event, of: index, at: at)
        }
      }
    }
    if let last, met.count < targets.count {
      // It is over before they were waited for.
      missAbsent(places, at: last)
      if let verdict = look(at: max(next ?? last, last)) { return verdict }
    }
    let verdict = explained(progress.end(), at: last ?? 0, rest: [], recording)
    // What could not be read may be what did not hold.
    guard verdict.outcome == .held, recording.damages > 0 else { return verdict }
    var unsure = verdict
    unsure.outcome = .unknown("\(recording.damages) lines or parts of the recording could not be read")
    return unsure
  }

  /// Of a gateway that was away the recording knows until when, and whether it was started again: it is read on to there.
  private mutating func explained(
    _ verdict: CheckVerdict, at tick: Int64, rest: ArraySlice<FeedMessage>, _ recording: RecordedFeed
  ) -> CheckVerdict {
    guard case .unknown(let reason) = verdict.outcome else { return verdict }
    let silent = model.silences.filter { met.contains($0.address) }
    let clock = clock ?? LocalTime.offsets(until: min(max(tick, 0), 1 << 53))
    var explained = verdict
    guard !silent.isEmpty else {
      // What was watched before it was away is forgotten: why so little is left.
      let watched = Int64((check.rule.window ?? RunningCheck.window).seconds + 1) * 1_000_000
      let away = outages.words(since: tick.saturatingSubtract(watched), clock)
      if !away.isEmpty { explained.outcome = .unknown(([reason] + away).joined(separator: "; ")) }
      return explained
    }
    func areBack() -> Bool { silent.allSatisfy { outages.isHeard($0.address, after: tick) } }
    func read(_ messages: some Sequence<FeedMessage>) {
      for message in messages {
        if let at = message.at, silent.contains(where: { $0.address == message.target }) {
          outages.note(message, at: at)
        }
      }
    }
    read(rest)
    while !areBack(), !recording.isOver { read(recording.take()) }
    var text = reason
    for (address, why) in silent {
      text = text.replacing(
        "\(address) \(why)", with: "\(address) " + outages.words(address, "\(why)", at: tick, clock))
    }
    explained.outcome = .unknown(text)
    return explained
  }

  /// A gateway of which nothing came was not there: whoever recorded it waited for it as a check does.
  private mutating func missAbsent(_ places: [ByteText: Int], at now: Int64) {
    hasWaited = true
    for target in targets where !met.contains(target) {
      if let index = places[target] {
        model.fold(.failed("nothing of it was recorded"), of: index, at: now)
      }
    }
  }

  private mutating func look(at tick: Int64) -> CheckVerdict? {
    model.tick(at: tick)
    let now = tick / 1_000
    let silences = silences
    guard !silences.isEmpty, !check.rule.isAboutNodes else {
      wereAllThere = true
      awaySince = nil
      return progress.note(model.answer(check.rule, window: RunningCheck.window), at: now)
    }
    // What is not so on one gateway is not so, whatever is not known of the others.
    if hasWaited || heard.count == targets.count,
      let answer = model.knownFalse(check.rule, window: RunningCheck.window)
    {
      return progress.note(answer, at: now)
    }
    let reason = silences.joined(separator: ", ")
    let since = awaySince ?? now
    if wereAllThere, now.saturatingSubtract(since) < check.patienceForRestarts {
      awaySince = since
      progress.away(reason, at: now)
      return nil
    }
    return progress.note(answer(reason), at: now)
  }

  private func answer(_ silences: String) -> AlertAnswer {
    // At its beginning a recording tells of one gateway after the other.
    let absent = targets.filter { !met.contains($0) }
    if hasWaited, !absent.isEmpty {
      return .nothing("nothing of \(absent.joined(separator: ", ")) was recorded")
    }
    guard heard.count == targets.count else {
      return .early(seconds: (check.rule.window ?? RunningCheck.window).seconds)
    }
    return .nothing(silences)
  }

  /// Each gateway that tells nothing, and why; also one that is back and has not told its numbers yet.
  private var silences: [String] {
    let silent = model.silences
    return silent.map { "\($0.address) \($0.reason)" }
      + targets.filter { target in
        states.problems[target] != nil && !silent.contains { $0.address == target }
      }
      .map { "\($0) is back, and has not told its numbers" }
  }
}

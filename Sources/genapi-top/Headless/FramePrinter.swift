import ArgumentParser
import Foundation
import GenAPITelemetry
import GenAPIValue
import ProgramOutput
import TopScreen

/// Prints frames or summaries without a screen: `--once`, `--batch`, `--screenshot`.
struct FramePrinter {
  enum Form {
    case text
    case json
    case toon
    case file(path: String)
  }

  /// How long targets may take to answer at first, in milliseconds.
  static let patience: Int64 = 5_000
  /// The same where a gateway of the Elixir library is to be attached first: on a busy machine it compiles for seconds.
  static let patienceForAttached: Int64 = 30_000
  /// How long the demo may take to show every event, in milliseconds.
  private static let allEventsPatience: Int64 = 10_000

  var form: Form
  var frames: Int
  /// Between frames, and between the first numbers and the first frame, in milliseconds.
  var interval: Int
  /// The demo shows all it has before it is printed.
  var waitsForAllEvents = false
  /// Before the first frame, in milliseconds; beside what the first numbers need. Whatever else is waited for meanwhile counts.
  var after: Int64 = 0
  /// How long targets may take to answer, and those that did to tell rates, in milliseconds.
  var patience: Int64 = FramePrinter.patience
  /// Pressed one after the other before the first frame, as in the screen.
  var keys: [Key] = []

  /// - Throws: an exit code, after having told on standard error why; also when something was printed that lacks a
  ///   gateway, or has numbers of one that are old.
  func run(_ dashboard: Dashboard, wake: WakePipe) throws {
    dashboard.start()
    defer { dashboard.stop() }
    // However long a recording is read to where it is to begin: nothing of before is printed.
    while dashboard.isReading { pump(dashboard, wake, for: patience) { !dashboard.isReading } }
    if let short = dashboard.fellShort { throw UsageError.end("\(short)", code: UsageError.usage) }
    // Watching begins with the first numbers, however long others take to tell theirs.
    var beganAt: Int64?
    pump(dashboard, wake, for: Self.patience(for: dashboard.feed.targets, patience)) {
      if beganAt == nil, !dashboard.targetStates.live.isEmpty { beganAt = Monotonic.milliseconds() }
      return dashboard.targetStates.isSettled(dashboard.feed.targets) || dashboard.isAtEnd
    }
    let begun = beganAt ?? Monotonic.milliseconds()
    func left(until end: Int64) -> Int64 { begun + end - Monotonic.milliseconds() }
    guard !dashboard.targetStates.live.isEmpty else { throw unreachable(dashboard) }
    let silent = missing(dashboard)
    tell(silent, dashboard)
    if waitsForAllEvents {
      pump(dashboard, wake, for: Self.allEventsPatience) { dashboard.targetStates.hasSeenAllEvents }
    }
    // Rates need two sets of numbers: one interval, and a little for the way.
    let needed = Int64(interval) + 200
    pump(dashboard, wake, for: max(left(until: needed + after), after == 0 ? needed : 0)) {
      dashboard.isAtEnd
    }
    // That second must be over, and a busy machine or a gateway that is slow to count may need longer: that long was waited for one that
    // tells nothing more, where the watching took as long.
    let isRecorded = dashboard.feed is ReplayFeed
    pump(dashboard, wake, for: left(until: needed + max(after, patience + Int64(interval)))) {
      isRecorded || dashboard.targetStates.hasRates(at: SystemTime().wallMicroseconds())
    }
    for key in keys {
      dashboard.tick()
      // As if each was pressed after a look at the screen.
      _ = dashboard.currentContent()
      for action in dashboard.handle(key) { dashboard.perform(action) }
    }
    for number in 1...frames {
      if number > 1 { pump(dashboard, wake, for: Int64(interval)) { false } }
      try print(dashboard, isFirst: number == 1)
    }
    let behind = dashboard.feed.behind
    if behind > Self.mostBehind {
      UsageError.say("more comes than can be read: the numbers are \(behind / 1_000_000) s old")
    }
    let missing = missing(dashboard)
    tell(missing.filter { !silent.contains($0) }, dashboard)
    // Nor are sums with numbers of a gateway that tells nothing any more, in a recording at the moment that is printed.
    let old = dashboard.model.silences.filter { !missing.contains($0.address) }
    for (address, reason) in old { UsageError.say("\(address): \(reason)") }
    let count = dashboard.feed.targets.count
    // Sums without a gateway are no sums: whoever reads them by a program looks at this first.
    guard missing.isEmpty else { throw UsageError.end(Self.lacking(missing.count, count)) }
    guard old.isEmpty else {
      throw UsageError.end("the numbers of \(old.count) of \(count) gateways are old")
    }
  }

  /// Gateways whose numbers are not in what is printed: those that told none. What one told that is gone now is old.
  private func missing(_ dashboard: Dashboard) -> [ByteText] {
    dashboard.feed.targets.filter { !dashboard.targetStates.met.contains($0) }
  }

  private func tell(_ targets: [ByteText], _ dashboard: Dashboard) {
    let seconds = Self.patience(for: targets, patience) / 1_000
    let noAnswer: ByteText =
      dashboard.isReplay ? "nothing of it is recorded up to then" : "no answer within \(seconds) s"
    for target in targets {
      UsageError.say("\(target): \(dashboard.targetStates.problems[target] ?? noAnswer)")
    }
  }

  /// How long these targets may take to answer, in milliseconds.
  static func patience(for targets: [ByteText], _ usual: Int64) -> Int64 {
    targets.contains { $0.string.hasPrefix("erlang:") } ? patienceForAttached : usual
  }

  static func lacking(_ count: Int, _ all: Int) -> String {
    "the numbers of \(count) of \(all) gateways are missing"
  }

  private func print(_ dashboard: Dashboard, isFirst: Bool) throws {
    dashboard.tick()
    switch form {
    case .json: try UsageError.print(try dashboard.summary() + [UInt8(ascii: "\n")])
    case .toon:
      try UsageError.print(
        (isFirst ? [] : [UInt8(ascii: "\n")]) + (try TOONText.document(dashboard.summary())))
    case .text:
      try UsageError.print(((isFirst ? "" : "\n") + TextWriter.write(dashboard.frame())).utf8)
    case .file(let path):
      do throws(OutputError) {
        try PrivateFile.write(drawing(dashboard, for: path).utf8, to: path)
      } catch {
        throw UsageError.end("\(error)")
      }
    }
  }

  /// In the form the file's name asks for.
  private func drawing(_ dashboard: Dashboard, for path: String) -> String {
    dashboard.drawing((path as NSString).pathExtension.lowercased())
  }

  /// How long what came while this process stood still may take to be read, in milliseconds: longer than between two states.
  private static let awakening: Int64 = 1_500
  /// How often one wait is made longer by that: on a machine that stands still all the time it would have no end.
  private static let mostAwakenings = 2

  /// How long is taken of what came before the clock is looked at again, in milliseconds.
  private static let mostTaking: Int64 = 300
  /// How old what is printed may be without a word, in microseconds.
  private static let mostBehind: Int64 = 2_000_000

  /// Whether a wait took so much longer than it was to that the process, or the machine, was stopped meanwhile; both in milliseconds.
  static func stoodStill(_ passed: Int64, of wait: Int64) -> Bool { passed - wait > 1_000 }

  private func pump(_ dashboard: Dashboard, _ wake: WakePipe, for limit: Int64, until isDone: () -> Bool) {
    var deadline = Monotonic.milliseconds() + limit
    var awakenings = 0
    // As on the screen: alerts are looked at every second, so that they know since when they fire.
    var nextTick = Monotonic.milliseconds() + 1_000
    while !isDone() {
      let now = Monotonic.milliseconds()
      guard now < deadline else { return }
      if now >= nextTick {
        dashboard.tick()
        nextTick = now + 1_000
      }
      let left = min(deadline, nextTick) - now
      let wait = max(1, min(left, dashboard.wait() ?? left))
      let before = (Monotonic.milliseconds(), SystemTime().wallMicroseconds() / 1_000)
      wake.wait(atMost: wait)
      let passed = max(
        Monotonic.milliseconds() - before.0, SystemTime().wallMicroseconds() / 1_000 - before.1)
      // However much there is to take, the end of the wait is seen, and what takes long to take is no time that nothing passed in.
      _ = dashboard.receive(until: Monotonic.milliseconds() + Self.mostTaking)
      guard Self.stoodStill(passed, of: wait) else { continue }
      // What came meanwhile was not looked at yet: no gateway is silent for that.
      let again = Monotonic.milliseconds()
      awakenings += 1
      if awakenings <= Self.mostAwakenings { deadline = max(deadline, again + Self.awakening) }
      nextTick = again + Self.awakening
    }
  }

  private func unreachable(_ dashboard: Dashboard) -> any Error {
    if let replay = dashboard.feed as? ReplayFeed {
      for problem in replay.problems.prefix(5) { UsageError.say(problem) }
      return UsageError.end("the recording has no numbers to show")
    }
    tell(dashboard.feed.targets, dashboard)
    // What a gateway answered is no reason to look for one.
    if !dashboard.targetStates.refused.isEmpty { return ExitCode(UsageError.failure) }
    // What is wrong with a node is said above: starting one of ours is no answer to it.
    if dashboard.feed.targets.allSatisfy({ $0.string.hasPrefix("erlang:") }) {
      return ExitCode(UsageError.failure)
    }
    return UsageError.end("no gateway can be reached; start one, or try --demo")
  }
}

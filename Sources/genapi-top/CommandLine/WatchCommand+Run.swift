import ArgumentParser
import Foundation
import GenAPIDemo
import GenAPIStream
import TopModel
import TopScreen

extension WatchCommand {
  func run() throws {
    let configuration = try Configuration.effective(gateways, look, interval: interval, filter: filter)
    let setup = try DashboardSetup(configuration)
    if json || toon { try setup.refuseFilterOfEvents() }
    let targets = try gateways.resolved(configuration)
    let wake = try WakePipe()
    let isPrinting = once || batch != nil || screenshot != nil
    if gateways.attach.dryRun { _ = try gateways.attach.settings(for: demo ? [] : targets) }
    if !isPrinting, replay == nil {
      // Before gateways are started or called: without a terminal there is only a hint to give.
      guard isatty(STDOUT_FILENO) == 1 else { throw UsageError.end("\(TerminalError.outputIsNoTerminal)") }
      guard isatty(STDIN_FILENO) == 1 else { throw UsageError.end("\(TerminalError.inputIsNoTerminal)") }
    }
    if isPrinting {
      try printing(setup, targets, wake)
    } else {
      try watching(setup, targets, wake)
    }
  }

  private func printing(_ setup: DashboardSetup, _ targets: [StreamTarget], _ wake: WakePipe) throws {
    let (feed, cluster) = try makeFeed(targets, wake, setup.configuration.intervalMs)
    defer { cluster?.stop() }
    // What is printed is of now: where more comes than can be read it goes on with the newest.
    (feed as? LiveFeed)?.mostBehind = 10_000_000
    let dashboard = Dashboard(feed: feed, setup: setup)
    dashboard.resize(to: look.size ?? .ofTerminal ?? .standard)
    let form: FramePrinter.Form = screenshot.map { .file(path: $0) } ?? (json ? .json : toon ? .toon : .text)
    let printer = FramePrinter(
      form: form, frames: batch ?? 1, interval: setup.configuration.intervalMs,
      waitsForAllEvents: demo && once && (json || toon),
      after: Int64(after?.milliseconds ?? 0), keys: press?.keys ?? [])
    do {
      try printer.run(dashboard, wake: wake)
    } catch {
      // It may be why.
      tellSkipped(feed)
      throw error
    }
    dashboard.stop()
    tellSkipped(feed)
    try tellRecording(dashboard)
    // What was printed is of a part.
    if let replay = feed as? ReplayFeed, replay.damages > 0 { throw ExitCode(UsageError.failure) }
  }

  /// What of a recording was left out, also without a screen.
  private func tellSkipped(_ feed: any Feed) {
    guard let replay = feed as? ReplayFeed else { return }
    for problem in replay.problems.prefix(5) { UsageError.say(problem) }
    if replay.problemCount > 5 {
      UsageError.say("\(replay.problemCount) parts of the recording were left out")
    }
  }

  private func tellRecording(_ dashboard: Dashboard) throws {
    for failure in dashboard.recordingFailures { UsageError.say("the recording is not whole: \(failure)") }
    if !dashboard.recordingFailures.isEmpty { throw ExitCode(UsageError.failure) }
  }

  private func watching(_ setup: DashboardSetup, _ targets: [StreamTarget], _ wake: WakePipe) throws {
    // Whatever is wrong with it is told before the screen is taken.
    let (feed, cluster) = try makeFeed(targets, wake, setup.configuration.intervalMs)
    defer { cluster?.stop() }
    let terminal: Terminal
    do {
      terminal = try Terminal(
        options: .init(isColorless: setup.isColorless, hasMouse: setup.configuration.hasMouse))
    } catch {
      throw UsageError.end("\(error)")
    }
    // On a screen the newest counts.
    (feed as? LiveFeed)?.mostBehind = 10_000_000
    let dashboard = Dashboard(feed: feed, setup: setup)
    // Who has settled in has a configuration; who has not is told where to begin.
    if setup.configuration.origins.isEmpty, dashboard.screen.message == nil {
      dashboard.screen.message = .init(ScreenState.firstWords(setup.configuration.keyMap))
    }
    let code = ScreenLoop(
      terminal: terminal, dashboard: dashboard, wake: wake, firstKeys: press?.keys ?? []
    ).run()
    // Given back before connections are closed, which may take a moment.
    terminal.stop()
    dashboard.stop()
    tellSkipped(feed)
    if code != 0 { throw ExitCode(code) }
    if let short = dashboard.fellShort { throw UsageError.end("\(short)", code: UsageError.usage) }
    try tellRecording(dashboard)
  }

  private func makeFeed(_ targets: [StreamTarget], _ wake: WakePipe, _ intervalMs: Int) throws -> (
    any Feed, RunningDemo?
  ) {
    if let replay {
      do {
        return (try ReplayFeed(path: replay, speed: speed ?? 1, from: Int64(from?.milliseconds ?? 0)), nil)
      } catch {
        throw UsageError.end("\(error)", code: UsageError.usage)
      }
    }
    let attach = try gateways.attach.settings(for: demo ? [] : targets, intervalMs: intervalMs)
    let cluster = demo ? try RunningDemo() : nil
    // Of a filter that goes again, numbers of what it left out must not be missing in the past.
    let subscription = Subscription(intervalMs: intervalMs, narrowsState: false, changedBuckets: true)
    let feed = LiveFeed(
      targets: cluster?.targets ?? targets, subscription: subscription, wake: wake, attach: attach)
    if let record {
      do {
        try feed.record(to: record)
      } catch {
        throw UsageError.end("--record: \(error)", code: UsageError.usage)
      }
    }
    return (feed, cluster)
  }
}

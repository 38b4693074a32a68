import ArgumentParser
import Foundation
import GenAPIStream
import TopModel
import TopScreen

/// Whether something holds, for scripts.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell whether something holds: ends with 0 when it does, 1 when not, 2 when it cannot be told.",
    usage: "genapi-top check <expression> [<target> ...] [<options>]",
    discussion: """
      'p99 < 250ms', 'error%(order_service) < 1', 'rejects < 5/s', 'rps(svc/type) > 1', 'no breaker open', \
      'no node down', 'no config mismatch', 'no name unresolved', 'no gateway draining', 'no gateway unready'. A metric must hold for everything it is about: without a name all \
      together, (service), (service/type), or with * each that fits. It is measured over 10 s unless the expression \
      says over 1m, 5m or 15m, and nothing is told before that time was watched.

      A gateway that cannot be reached, or refuses the token, makes it 2; 'no node down' it makes 1. --within waits for those that are not up yet, for \
      that long. One that is away while it is watched, as it restarts, is waited for: 30 s, or as long as --within says if \
      that is more. Meanwhile nothing is told, and that time counts for neither --for nor --within. Only 'no node down' \
      fails by a restart. An expression that is none ends with 64, as other \
      faults of the command line do.

      With --replay it looks at every second of a recording: it must hold to the end from the first moment that can \
      be told, or once for as long as --for says. A gateway of which nothing was recorded was not there.
      """)

  @Argument(help: ArgumentHelp("What must hold.", valueName: "expression"))
  var expression: String

  @OptionGroup var gateways: TargetOptions

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "How long it must hold without a break, restarts of gateways apart, up to 15m. Default: once.",
      valueName: "time"),
    transform: { try Interval(parsing: $0, allowed: 0...900_000) })
  var hold: Interval?

  @Option(
    help: ArgumentHelp(
      "How long to wait for it to begin to hold, and before that for gateways that are not up yet, up to 1h. Default: not at all.",
      valueName: "time"),
    transform: { try Interval(parsing: $0, allowed: 0...3_600_000) })
  var within: Interval?

  @Option(help: ArgumentHelp("Check a recording instead of gateways.", valueName: "file"))
  var replay: String?

  @Flag(help: "Check a cluster that runs in this program.")
  var demo = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if let replay, demo || !gateways.targets.isEmpty {
      throw ValidationError("--replay checks \(replay); leave out --demo and targets")
    }
    if demo, !gateways.targets.isEmpty {
      throw ValidationError("--demo brings its own gateways; leave out \(gateways.targets[0])")
    }
  }

  func run() throws {
    let rule: AlertExpression
    do {
      rule = try AlertExpression(parsing: expression)
    } catch {
      // As the parser of the command line: 2 says that it cannot be told.
      throw UsageError.end("'\(expression)': \(error)", code: ExitCode.validationFailure.rawValue)
    }
    let check = RunningCheck(
      rule: rule,
      hold: (hold?.milliseconds).map(Int64.init)
        ?? (rule.holdSeconds > 0 ? Int64(rule.holdSeconds) * 1_000 : nil),
      patience: (within?.milliseconds).map(Int64.init))
    let verdict = try verdict(of: check)
    // What cannot be told is not what does not hold.
    try UsageError.print(((json ? verdict.json : verdict.text) + "\n").utf8, code: 2)
    if verdict.exitCode != 0 { throw ExitCode(verdict.exitCode) }
  }

  private func verdict(of check: RunningCheck) throws -> CheckVerdict {
    if let replay { return check.run(try RecordedFeed(opening: replay)) }
    let configuration = try ConfigurationFile.load(
      gateways.config, environment: ProcessInfo.processInfo.environment)
    let targets = try gateways.resolved(configuration)
    let wake = try WakePipe()
    let cluster = demo ? try RunningDemo() : nil
    defer { cluster?.stop() }
    // Events tell a check nothing that the counters do not.
    let feed = LiveFeed(
      targets: cluster?.targets ?? targets, subscription: Subscription(events: false, changedBuckets: true),
      wake: wake,
      attach: try gateways.attach.settings(for: cluster == nil ? targets : []))
    return try check.run(feed, wake)
  }
}

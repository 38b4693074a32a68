import ArgumentParser
import Foundation
import GenAPIStream
import OutsideText

/// The dashboard, and the same views printed once, again and again, or to a file.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch API gateways live in the terminal.",
    usage: """
      genapi-top [<target> ...] [<options>]
      genapi-top events [<target> ...] [--json]
      genapi-top check <expression> [<target> ...]
      genapi-top bridge erlang:<name@host> [--listen <address>]
      genapi-top config
      """,
    discussion: """
      In the screen: ? shows every key, q quits.

      Without a terminal: --once prints one frame, --once --json one JSON object, --batch N several, \
      `genapi-top events` the events as they come, --screenshot a picture. `genapi-top check 'p99 < 250ms'` tells a script \
      by its exit code whether something holds, `genapi-top config` prints the configuration; both have a --help of their own.
      """)

  @OptionGroup var gateways: TargetOptions
  @OptionGroup var look: LookOptions

  @Flag(help: "Watch a cluster that runs in this program: three gateways with changing traffic.")
  var demo = false

  @Flag(help: "Print one frame after one interval, and end.")
  var once = false

  @Flag(help: "With --once or --batch: one JSON object instead of a frame.")
  var json = false

  @Flag(help: "With --once or --batch: the numbers of --json as TOON, which language models read best.")
  var toon = false

  @Option(help: ArgumentHelp("Print that many frames, one each interval, and end.", valueName: "n"))
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "How often gateways send their numbers, 100ms to 60s. Default: 1s.", valueName: "time"),
    transform: { try Interval(parsing: $0, allowed: StreamProtocol.intervalRange) })
  var interval: Interval?

  @Option(
    help: ArgumentHelp(
      "Only what this filter lets through, as typed after / in the screen.", valueName: "filter"))
  var filter: String?

  @Option(
    help: ArgumentHelp("Write all that is received to a file, for --replay.", valueName: "file"),
    completion: .file())
  var record: String?

  @Option(
    help: ArgumentHelp("Show a recording instead of gateways.", valueName: "file"),
    completion: .file())
  var replay: String?

  @Option(
    help: ArgumentHelp("With --replay: how much faster than it was, 0.1 to 100.", valueName: "factor"),
    transform: { text in
      guard let factor = PlainNumber.decimal(text) else {
        throw ValidationError("write a number such as 0.5 or 10")
      }
      return factor
    })
  var speed: Double?

  @Option(
    help: ArgumentHelp(
      "With --replay: how long after its beginning to start, such as 90s, 12m30s, 1h.", valueName: "time"),
    transform: { try Interval(parsing: $0, allowed: 0...604_800_000) })
  var from: Interval?

  @Option(help: ArgumentHelp("Draw what the screen shows to a file: .svg, .txt or .ansi.", valueName: "file"))
  var screenshot: String?

  @Option(
    help: ArgumentHelp(
      "With --once, --batch or --screenshot: watch that long before the first frame, up to 15m.",
      valueName: "time"),
    transform: { try Interval(parsing: $0, allowed: 0...900_000) })
  var after: Interval?

  @Option(
    help: ArgumentHelp(
      "Keys pressed as soon as there are numbers, by their names: 'c c 4 z'.",
      valueName: "keys"),
    transform: PressedKeys.init(parsing:))
  var press: PressedKeys?

  func validate() throws {
    if demo, !gateways.targets.isEmpty {
      throw ValidationError("--demo brings its own gateways; leave out \(gateways.targets[0])")
    }
    if let replay {
      if demo || !gateways.targets.isEmpty {
        throw ValidationError("--replay shows a recording; leave out --demo and targets")
      }
      if record != nil { throw ValidationError("--record with --replay would copy \(replay); leave one out") }
    }
    if let speed {
      if replay == nil { throw ValidationError("--speed goes with --replay") }
      guard (0.1...100).contains(speed) else {
        throw ValidationError("--speed \(speed): 0.1 to 100 is allowed")
      }
    }
    if from != nil, replay == nil { throw ValidationError("--from goes with --replay") }
    if once, batch != nil { throw ValidationError("--once and --batch exclude each other") }
    if json, toon { throw ValidationError("--json and --toon exclude each other") }
    if toon, !once, batch == nil { throw ValidationError("--toon goes with --once or --batch") }
    if json, !once, batch == nil { throw ValidationError("--json goes with --once or --batch") }
    if let batch, !(1...1_000_000).contains(batch) {
      throw ValidationError("--batch \(batch): 1 to 1000000 is allowed")
    }
    if after != nil, !once, batch == nil, screenshot == nil {
      throw ValidationError("--after goes with --once, --batch or --screenshot")
    }
    if let screenshot {
      if once || batch != nil { throw ValidationError("--screenshot excludes --once and --batch") }
      guard ["svg", "txt", "ansi"].contains((screenshot as NSString).pathExtension.lowercased()) else {
        throw ValidationError("--screenshot \(screenshot): the name must end in .svg, .txt or .ansi")
      }
    }
  }
}

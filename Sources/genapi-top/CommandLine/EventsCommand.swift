import ArgumentParser
import Foundation
import GenAPIStream
import TopModel

/// The events as they come, one a line.
struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Print events as they come, one a line, until interrupted.")

  @OptionGroup var gateways: TargetOptions

  @Flag(help: "One JSON object a line, as the gateway sends them.")
  var json = false

  @Flag(
    help: "Each event as a document of TOON, with an empty line behind it: what language models read best.")
  var toon = false

  @Option(help: ArgumentHelp("Only what this filter lets through.", valueName: "filter"))
  var filter: String?

  @Option(help: ArgumentHelp("End after so many events.", valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp("Print the events of a recording, as fast as it can be read.", valueName: "file"))
  var replay: String?

  func validate() throws {
    if json, toon { throw ValidationError("--json and --toon exclude each other") }
    if replay != nil, !gateways.targets.isEmpty {
      throw ValidationError("--replay prints a recording; leave out \(gateways.targets[0])")
    }
    if gateways.attach.noAgent {
      throw ValidationError("--no-agent excludes events: without the agent there are none")
    }
    if let count, count < 1 { throw ValidationError("--count \(count): at least 1") }
  }

  func run() throws {
    let configuration = try ConfigurationFile.load(
      gateways.config, environment: ProcessInfo.processInfo.environment)
    let targets = try gateways.resolved(configuration)
    let expression = try FilterExpression(option: filter)
    let wake = try WakePipe()
    let feed: any Feed
    if let replay {
      feed = try RecordedFeed(opening: replay)
    } else {
      let subscription = Subscription(filter: expression.pushdown)
      feed = LiveFeed(
        targets: targets, subscription: subscription, wake: wake,
        attach: try gateways.attach.settings(for: targets))
    }
    try EventTail(form: json ? .json : toon ? .toon : .text, count: count, filter: expression).run(
      feed, wake: wake)
  }
}

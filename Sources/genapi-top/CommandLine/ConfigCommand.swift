import ArgumentParser
import TopModel
import TopScreen

/// What is set, and by what.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Print the configuration in force, with where each value is from.",
    discussion: """
      The file is $XDG_CONFIG_HOME/genapi-top/config.toml; what is printed can be put there. Flags win over \
      variables of the environment, those over the file, the file over the defaults.
      """)

  @OptionGroup var gateways: TargetOptions
  @OptionGroup var look: LookOptions

  @Option(
    help: ArgumentHelp("As for watching.", valueName: "time"),
    transform: { try Interval(parsing: $0, allowed: 100...60_000) })
  var interval: Interval?

  @Option(help: ArgumentHelp("As for watching.", valueName: "filter"))
  var filter: String?

  func run() throws {
    let configuration = try Configuration.effective(gateways, look, interval: interval, filter: filter)
    try UsageError.print(configuration.text.utf8)
  }
}

import ArgumentParser

/// The program as a shell completes it: what it does by default needs no subcommand, so the options of `serve` stand at the top.
struct CompletedGateway: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genapi-gateway", subcommands: GatewayCommand.configuration.subcommands)

  @OptionGroup var serve: ServeCommand

  /// The script for a shell; nil when the arguments do not ask for one.
  static func script(_ arguments: [String]) -> String? {
    guard arguments.count == 2, arguments[0] == "--generate-completion-script",
      let shell = CompletionShell(rawValue: arguments[1])
    else { return nil }
    return completionScript(for: shell)
  }
}

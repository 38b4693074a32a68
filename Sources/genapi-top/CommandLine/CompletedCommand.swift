import ArgumentParser
import GenAPIStream

/// The program as a shell completes it: what it watches by default is asked for without the name of a subcommand, so its options
/// stand at the top.
struct CompletedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genapi-top", version: Software.version,
    subcommands: GenAPITop.configuration.subcommands.filter { $0 != WatchCommand.self })

  @OptionGroup var watch: WatchCommand

  /// The script for a shell; nil when the arguments do not ask for one.
  ///
  /// - Throws: what the parser says of a shell that it does not know.
  static func script(_ arguments: [String]) throws -> String? {
    guard arguments.count == 2, arguments[0] == "--generate-completion-script",
      let shell = CompletionShell(rawValue: arguments[1])
    else { return nil }
    return completionScript(for: shell)
  }
}

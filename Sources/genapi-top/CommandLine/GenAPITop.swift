import ArgumentParser
import Foundation
import GenAPIStream

/// The program: watches, unless a subcommand is named.
@main
struct GenAPITop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genapi-top",
    abstract: "Watch API gateways live in the terminal.",
    version: Software.version,
    subcommands: [WatchCommand.self, EventsCommand.self, CheckCommand.self, ConfigCommand.self],
    defaultSubcommand: WatchCommand.self)

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // The help of the program alone would show none of the options that everybody wants to see.
    if arguments == ["--help"] || arguments == ["-h"] || arguments == ["help"] {
      print(helpMessage(for: WatchCommand.self, columns: nil))
      return
    }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      exit(withError: error)
    }
  }
}

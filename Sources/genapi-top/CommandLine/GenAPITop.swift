import ArgumentParser
import Foundation
import GenAPIStream
import ProgramOutput

/// The program: watches, unless a subcommand is named.
@main
struct GenAPITop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genapi-top",
    abstract: "Watch API gateways live in the terminal.",
    version: Software.version,
    subcommands: [
      WatchCommand.self, EventsCommand.self, CheckCommand.self, BridgeCommand.self, ConfigCommand.self,
    ],
    defaultSubcommand: WatchCommand.self)

  static func main() {
    FirstProcess.endsBySignals()
    StandardDescriptors.ensure()
    signal(SIGPIPE, SIG_IGN)
    // A file as large as it may be is told as one that cannot be written.
    signal(SIGXFSZ, SIG_IGN)
    HelpWidth.ensure()
    let arguments = DashedValues.joined(Array(CommandLine.arguments.dropFirst()))
    do {
      // The help of the program alone would show none of the options that everybody wants to see.
      if arguments == ["--help"] || arguments == ["-h"] || arguments == ["help"] {
        try UsageError.print((helpMessage(for: WatchCommand.self, columns: nil) + "\n").utf8)
      } else if let script = try CompletedCommand.script(arguments) {
        try UsageError.print((script + "\n").utf8)
      } else {
        var command = try parseAsRoot(arguments)
        if let opener = command as? any OpensDescriptors { try DescriptorRoom.ensure(isDemo: opener.isDemo) }
        try command.run()
      }
    } catch {
      // As the parser's own, but that help that could not be written does not end with 0.
      ProgramEnd.say(
        fullMessage(for: error), code: exitCode(for: error).rawValue, program: "genapi-top")
    }
  }
}

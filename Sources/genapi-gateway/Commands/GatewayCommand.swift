import ArgumentParser
import Foundation
import GenAPIStream
import ProgramOutput

/// The gateway as a program.
@main
struct GatewayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genapi-gateway",
    abstract: "An API gateway for Phoenix Channels clients that exports its telemetry over TCP.",
    discussion: """
      genapi-gateway --config gateway.toml serves clients; genapi-gateway --demo runs three gateways with \
      service nodes, clients and faults in this process. Watch either with genapi-top.

      The options of serve, --config, --check-config, --print-config, --demo and others, need no subcommand; \
      genapi-gateway help serve explains them.
      """,
    version: Software.version,
    subcommands: [ServeCommand.self, CallCommand.self, CtlCommand.self, LoadCommand.self, TOONCommand.self],
    defaultSubcommand: ServeCommand.self
  )

  static func main() async {
    // Who no longer reads what this program says, standard error above all, does not end it.
    signal(SIGPIPE, SIG_IGN)
    // Where Swift's backtraces are on they take these for a crash, print for seconds, and then the program goes on; whoever sends
    // them, as a watchdog does, wants it to end.
    signal(SIGQUIT, SIG_DFL)
    signal(SIGABRT, SIG_DFL)
    FirstProcess.endsBySignals()
    StandardDescriptors.ensure()
    HelpWidth.ensure()
    if let script = CompletedGateway.script(Array(CommandLine.arguments.dropFirst())) {
      ProgramEnd.say(script, code: 0, program: "genapi-gateway")
    }
    // As the parser's own, but that help that could not be written does not end with 0.
    do {
      var command = try await asyncParseAsRoot()
      if var asyncCommand = command as? any AsyncParsableCommand {
        try await asyncCommand.run()
      } else {
        try command.run()
      }
    } catch {
      ProgramEnd.say(
        fullMessage(for: error), code: exitCode(for: error).rawValue, program: "genapi-gateway")
    }
  }
}

import ArgumentParser
import Foundation
import GenAPIServer
import Logging
import OutsideText
import ProgramOutput

/// Serves clients as a configuration says, or runs the demo cluster.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve clients; this is what happens without a subcommand.")

  @Option(
    name: [.short, .long], help: ArgumentHelp("The configuration, a TOML file.", valueName: "file"),
    completion: .file(extensions: ["toml"]))
  var config: String?

  @Flag(help: "Read the configuration, say what is wrong with it, and end.")
  var checkConfig = false

  @Flag(help: "Print every setting in force and where it is from, and end. Secrets are hidden.")
  var printConfig = false

  @Flag(help: "Run the demo cluster.")
  var demo = false

  @Option(
    help: ArgumentHelp(
      "With --demo: where the first gateway's telemetry stream listens; the others take the next ports.",
      valueName: "host:port"))
  var telemetry = ListenArgument(host: "127.0.0.1", port: 4_710)

  @Option(help: "With --demo: how much load it makes; 1 is about 500 requests a second.")
  var load = 1.0

  @Option(help: "What is logged: trace, debug, info, notice, warning, error or critical.")
  var logLevel: Logger.Level?

  private var demoRun: DemoRun { DemoRun(telemetry: telemetry, load: load, logLevel: logLevel ?? .notice) }

  func validate() throws {
    switch (demo, config) {
    case (true, .some): throw ValidationError("--demo takes no --config.")
    case (true, nil):
      if checkConfig || printConfig {
        throw ValidationError("--demo has no configuration to check or print.")
      }
      try demoRun.validate()
    // What to run is asked for in `run`: an option that is not known comes first.
    case (false, _): break
    }
  }

  func run() async throws {
    if demo { return try await demoRun.run() }
    guard let config else {
      throw ValidationError("Say what to run: --config FILE, or --demo. An example is examples/gateway.toml.")
    }
    let serves = !checkConfig && !printConfig
    // Before the configuration is read: what is told to read it again is not lost, and ends nothing.
    var signals: ServerSignals?
    if serves { OrphanReaping.begin() }
    if serves { signals = await ServerSignals() } else { EarlySignals.restore() }
    if serves, let fault = Output.standard.fault {
      StandardOutput.reportError(
        "the listening addresses could not be printed, so the gateway cannot start: \(fault)")
      throw ExitCode(1)
    }
    let file = ConfigurationSource(path: config, logLevel: logLevel)
    let configuration: ServerConfiguration
    do {
      configuration = try file.read()
      // Whatever only the parts themselves find wrong.
      if checkConfig {
        let server = try GatewayServer(configuration, log: ServerLog(.critical))
        let missing = server.gateway.unresolvedNames()
        for name in missing {
          StandardOutput.reportError("\(config.shown): a name resolves to nothing: \(name.shown)")
        }
        if !missing.isEmpty { throw ExitCode(1) }
        // As a start says them; what it says of this machine's limits, those of the service are others.
        var expiry = ExpiryWatch()
        let now = Int64(Date().timeIntervalSince1970)
        let expiring = expiry.warnings(configuration.certificates, at: now)
        for warning in configuration.warnings + expiring { StandardOutput.reportError("warning: \(warning)") }
        if let warning = configuration.warningOfNoFunctions {
          StandardOutput.reportError("\(config.shown): \(warning)")
        }
      }
    } catch let exit as ExitCode {
      throw exit
    } catch {
      StandardOutput.reportError("\(error)")
      throw ExitCode(1)
    }
    if printConfig {
      try StandardOutput.line(configuration.description)
    } else if checkConfig {
      try StandardOutput.line("\(config.shown): ok, \(configuration.functions.count) functions")
    } else if let signals {
      try await ServerRun(source: file, configuration: configuration, signals: signals).run()
    }
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

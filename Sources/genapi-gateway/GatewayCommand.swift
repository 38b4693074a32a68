import ArgumentParser
import GenAPIDemo
import GenAPIStream
import Logging
import ServiceLifecycle

/// The gateway as a program.
@main
struct GatewayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genapi-gateway",
    abstract: "An API gateway that exports its telemetry over TCP.",
    discussion: """
      With --demo it runs three gateways with service nodes, clients and faults in this process. Watch them \
      from another terminal: genapi-top 127.0.0.1:4710 127.0.0.1:4711 127.0.0.1:4712
      """)

  @Flag(help: "Run the demo cluster.")
  var demo = false

  @Option(
    help: ArgumentHelp(
      "Where the first gateway's telemetry stream listens; the others take the next ports.",
      valueName: "host:port"))
  var telemetry = ListenArgument(host: "127.0.0.1", port: 4_710)

  @Option(help: "How much load the demo makes; 1 is about 500 requests a second.")
  var load = 1.0

  @Option(help: "What is logged: trace, debug, info, notice, warning, error or critical.")
  var logLevel = Logger.Level.notice

  func validate() throws {
    guard demo else {
      throw ValidationError("Only the demo cluster can be run so far: pass --demo.")
    }
    guard telemetry.isLoopback else {
      throw ValidationError(
        "The demo's streams have no token, so --telemetry must be a loopback address, not \(telemetry.host).")
    }
    guard telemetry.port == 0 || telemetry.port <= 65_533 else {
      throw ValidationError("--telemetry needs three ports in a row, so the first is at most 65533.")
    }
    guard load > 0, load <= 100 else { throw ValidationError("--load must be above 0 and at most 100.") }
  }

  func run() async throws {
    var logger = Logger(label: "genapi-gateway") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = logLevel
    var settings = DemoConfiguration()
    settings.host = telemetry.host
    settings.firstPort = telemetry.port
    settings.load = load
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [DemoCluster(configuration: settings, logger: logger)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

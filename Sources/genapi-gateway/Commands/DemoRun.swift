import ArgumentParser
import GenAPIDemo
import GenAPIServer
import Logging
import ServiceLifecycle

/// Runs the demo cluster without a screen.
struct DemoRun {
  var telemetry: ListenArgument
  var load: Double
  var logLevel: Logger.Level

  func validate() throws {
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
    EarlySignals.restore()
    let log = ServerLog(logLevel)
    defer { log.finish() }
    let logger = log.logger(label: "genapi-gateway")
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

import ArgumentParser
import Foundation
import GenAPIChannels
import GenAPIServer
import Listening
import Logging
import OutsideText
import ProgramOutput
import ServiceLifecycle
import UnixSignals

/// A server from its start to its end: SIGHUP reads the configuration again, SIGTERM and SIGINT drain, and the second of
/// them ends it at once.
struct ServerRun {
  let source: ConfigurationSource
  let configuration: ServerConfiguration
  let signals: ServerSignals

  func run() async throws {
    let log = ServerLog(configuration.logLevel, format: configuration.logFormat)
    // Whatever was logged is written before the program ends, also when it ends with an error.
    defer { log.finish() }
    let logger = log.logger(label: "genapi.server")
    signals.log(to: log)
    let environment = ProcessInfo.processInfo.environment
    let manager = ServiceManager(environment: environment)
    let server: GatewayServer
    do {
      if let warning = try DescriptorLimit.raise(for: configuration) { logger.warning("\(warning)") }
      var configuration = configuration
      configuration.use(try PassedSockets(environment: environment))
      for warning in configuration.warnings { logger.warning("\(warning)") }
      let made = try GatewayServer(configuration, log: log)
      server = made
      let waiting = Task { [configuration] in await manager.wait(forStartOf: configuration) }
      defer { waiting.cancel() }
      // A signal ends a start that waits, for epmd.
      guard try await signals.unlessEnding({ try await made.start() }) else {
        logger.notice("stopped before it had started")
        return
      }
    } catch {
      // In the log's own form, since whoever reads the log reads nothing else. The error itself would be told once more.
      logger.critical("the gateway cannot start: \(error)")
      throw ExitCode(1)
    }
    for name in server.gateway.unresolvedNames() { logger.warning("a name resolves to nothing: \(name)") }
    do throws(OutputError) {
      try announce(server)
    } catch {
      logger.critical("the listening addresses cannot be printed, so it ends: \(error)")
      await server.stop()
      throw ExitCode(1)
    }
    manager.tell("READY=1")
    let reloader = Reloader(
      server: server, source: source, configuration: configuration, logger: logger, manager: manager)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          // They end in the opposite order, so that this one is heard until the server has drained.
          ServerPart("heartbeat", logger: logger, serve: Heartbeat(manager: manager).run).configuration,
          ServerPart("reloads", logger: logger) { [hangUps = signals.hangUps] in
            for await _ in hangUps.cancelOnGracefulShutdown() { await reloader.reload() }
          }.configuration,
          ServerPart(
            "files", logger: logger,
            serve: WatchingFiles(reloader: reloader, source: source, logger: logger).run
          ).configuration,
          .init(
            service: server, failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "server"),
          .init(
            service: UntilSignal(signals: signals, manager: manager),
            successTerminationBehavior: .gracefullyShutdownGroup, serviceName: "signals"),
        ], logger: logger))
    do {
      try await group.run()
    } catch {
      logger.critical("it ends: \(error)")
      throw ExitCode(1)
    }
    logger.notice("ended")
  }

  /// On standard output, for people and for scripts that chose port 0.
  ///
  /// - Throws: when nobody can be told.
  private func announce(_ server: GatewayServer) throws(OutputError) {
    let scheme = configuration.websocket.tls == nil ? "" : "s"
    let socket = server.channels.boundAddress?.addressText ?? ""
    let plain = server.health?.boundAddress.map { "http://\($0.addressText)" } ?? "http\(scheme)://\(socket)"
    let control = server.configuration.controlPath.map { ["control    unix:\($0.shown)"] } ?? []
    let toon = configuration.websocket.toonPath.map { ["toon       ws\(scheme)://\(socket)\($0)"] } ?? []
    let lines =
      [
        "node       \((server.node?.name ?? server.gateway.configuration.node).shown)",
        "websocket  ws\(scheme)://\(socket)\(configuration.websocket.path)",
      ] + toon + control
      + server.exporter.boundAddresses.map { "telemetry  \($0.addressText)" } + [
        "health     \(plain)/healthz", "metrics    \(plain)/metrics",
      ]
    try Output.standard.write(lines.map { $0 + "\n" }.joined(), withinMs: 5_000)
  }
}

/// Ends with the first signal, also one that came before it ran.
private struct UntilSignal: Service {
  let signals: ServerSignals
  let manager: ServiceManager

  func run() async throws {
    await signals.untilEnd()
    manager.tell("STOPPING=1", "STATUS=drains")
  }
}

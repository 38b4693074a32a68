import ArgumentParser
import Foundation
import GenAPIChannels
import GenAPIServer
import Logging
import NIOCore
import ProgramOutput
import ServiceLifecycle
import UnixSignals

/// A server from its start to its end: SIGHUP reads the configuration again, SIGTERM and SIGINT drain.
struct ServerRun {
  let source: ConfigurationSource
  let configuration: ServerConfiguration

  func run() async throws {
    let level = LiveLogLevel(configuration.logLevel)
    // Trapped before anybody is told that the server is there: an early signal would end it as it stands.
    let hangUps = await UnixSignalsSequence(trapping: .sighup)
    let ends = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let logger = level.logger(label: "genapi.server")
    for warning in configuration.warnings { logger.warning("\(warning)") }
    let environment = ProcessInfo.processInfo.environment
    let manager = ServiceManager(environment: environment)
    let server: GatewayServer
    do {
      var configuration = configuration
      configuration.use(try PassedSockets(environment: environment))
      server = try GatewayServer(configuration, logLevel: level)
      try await server.start()
    } catch {
      StandardOutput.complain("\(error)")
      // The error itself would be told once more.
      throw ExitCode(1)
    }
    for name in server.gateway.unresolvedNames() { logger.warning("a name resolves to nothing: \(name)") }
    announce(server)
    manager.tell("READY=1")
    let reloader = Reloader(
      server: server, source: source, configuration: configuration, logger: logger, manager: manager)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          // They end in the opposite order, so that this one is heard until the server has drained.
          .init(service: Heartbeat(manager: manager)),
          .init(service: HangUps(reloader: reloader, signals: hangUps)),
          .init(service: WatchingFiles(reloader: reloader, source: source, logger: logger)),
          .init(service: Serving(server: server), successTerminationBehavior: .gracefullyShutdownGroup),
          .init(
            service: UntilSignal(signals: ends, manager: manager),
            successTerminationBehavior: .gracefullyShutdownGroup),
        ], logger: logger))
    try await group.run()
  }

  /// On standard output, for people and for scripts that chose port 0.
  private func announce(_ server: GatewayServer) {
    let scheme = configuration.websocket.tls == nil ? "" : "s"
    let socket = server.channels.boundAddress.map(Self.text) ?? ""
    let plain = server.health?.boundAddress.map { "http://\(Self.text($0))" } ?? "http\(scheme)://\(socket)"
    let toon = configuration.websocket.toonPath.map { ["toon       ws\(scheme)://\(socket)\($0)"] } ?? []
    let lines =
      [
        "node       \(server.node?.name ?? server.gateway.configuration.node)",
        "websocket  ws\(scheme)://\(socket)\(configuration.websocket.path)",
      ] + toon + [
        "telemetry  \(server.exporter.boundAddress.map(Self.text) ?? "")", "health     \(plain)/healthz",
        "metrics    \(plain)/metrics",
      ]
    // A server whose standard output nobody reads, or which has none, serves all the same.
    try? Output.standard.write(lines.map { $0 + "\n" }.joined())
  }

  private static func text(_ address: SocketAddress) -> String {
    guard let host = address.ipAddress, let port = address.port else {
      return "unix:\(address.pathname ?? "")"
    }
    return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

/// The server as a service.
private struct Serving: Service {
  let server: GatewayServer

  func run() async throws { try await server.run() }
}

/// Waits for SIGHUP.
private struct HangUps: Service {
  let reloader: Reloader
  let signals: UnixSignalsSequence

  func run() async throws {
    for await _ in signals.cancelOnGracefulShutdown() { await reloader.reload() }
  }
}

/// Ends with the first signal, also one that came before it ran.
private struct UntilSignal: Service {
  let signals: UnixSignalsSequence
  let manager: ServiceManager

  func run() async throws {
    for await _ in signals.cancelOnGracefulShutdown() {
      manager.tell("STOPPING=1", "STATUS=drains")
      return
    }
  }
}

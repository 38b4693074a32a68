import Foundation
import Listening
import Locking
import Logging
import ProgramOutput
import ServiceLifecycle
import Testing

@testable import GenAPIServer

@Suite("The parts of a server")
struct ServerLifeTests {
  private func configuration(_ more: String = "") throws -> ServerConfiguration {
    try ServerConfiguration(
      toml: """
        [auth]
        mode = "anonymous"
        [websocket]
        listen = "127.0.0.1:0"
        [telemetry]
        listen = ["127.0.0.1:0"]
        [health]
        listen = "127.0.0.1:0"
        \(more)
        """, file: "g.toml", environment: [:])
  }

  /// Runs a server that logs to a file, and gives the lines of the log.
  private func run(
    _ body: (GatewayServer, ServiceGroup) async throws -> Void
  ) async throws -> (log: [String], failure: (any Error)?) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let descriptor = open(path, O_CREAT | O_RDWR, 0o600)
    defer { close(descriptor) }
    let log = ServerLog(.info, output: Output(descriptor: descriptor, name: "a file"))
    let server = try GatewayServer(configuration(), log: log)
    try await server.start()
    let group = ServiceGroup(services: [server], logger: log.logger(label: "test"))
    let running = Task { try await group.run() }
    try await body(server, group)
    var failure: (any Error)?
    do { try await running.value } catch { failure = error }
    log.finish()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return (text.split(separator: "\n").map(String.init), failure)
  }

  private func places(of words: [String], in log: [String]) -> [Int?] {
    words.map { word in log.firstIndex { $0.contains(word) } }
  }

  private static let orderly = [
    "no new clients are accepted listener=websocket", "the telemetry stream is closed",
    "no new clients are accepted listener=health",
  ]

  @Test("end one after the other when the server is told to: sockets, stream, health")
  func orderly() async throws {
    let (log, failure) = try await run { _, group in
      await group.triggerGracefulShutdown()
    }
    #expect(failure == nil)
    let found = places(of: Self.orderly, in: log).compactMap { $0 }
    #expect(found.count == Self.orderly.count && found == found.sorted(), "\(log)")
    #expect(!log.contains { $0.contains("ended before it was told") })
  }

  @Test("end together when one ends early, in their order, and its name is told")
  func early() async throws {
    let (log, failure) = try await run { server, _ in
      await server.exporter.stop(reason: "a fault")
    }
    #expect(failure is ListenerClosed)
    let told = log.filter { $0.contains("a part ended before it was told to") }
    #expect(
      told.count == 1 && told[0].contains("part=\"telemetry stream\"") && told[0].contains("critical"),
      "\(log)")
    let found = places(of: [Self.orderly[0], Self.orderly[2]], in: log).compactMap { $0 }
    #expect(found.count == 2 && found == found.sorted(), "\(log)")
  }

  @Test("end together when nobody can connect any more")
  func noSockets() async throws {
    let (log, failure) = try await run { server, _ in await server.channels.stop() }
    #expect(failure is ListenerClosed)
    #expect(
      log.contains { $0.contains("part=sockets") && $0.contains("its listening socket was closed") }, "\(log)"
    )
    #expect(log.contains { $0.contains("the telemetry stream is closed") })
  }

  @Test("are told by name when they just return")
  func returning() async throws {
    let order = Mutex<[String]>([])
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let stays = ServerPart("stays", logger: logger, stop: { order.withLock { $0.append("stays") } }) {
      try? await gracefulShutdown()
    }
    let returns = ServerPart("returns", logger: logger, stop: { order.withLock { $0.append("returns") } }) {}
    let group = ServiceGroup(
      configuration: .init(services: [stays.configuration, returns.configuration], logger: logger))
    await #expect(throws: PartEndedEarly(part: "returns")) { try await group.run() }
    #expect(order.withLock { $0 } == ["returns", "stays"])
  }

  @Test("that are open already are closed when a later one cannot begin")
  func failingStart() async throws {
    let first = try GatewayServer(configuration(), log: ServerLog(.critical))
    try await first.start()
    var taken = try configuration()
    taken.websocket.port = first.channels.boundAddress?.port ?? 0
    let second = try GatewayServer(taken, log: ServerLog(.critical))
    await #expect(throws: (any Error).self) { try await second.start() }
    #expect(second.exporter.boundAddress == nil && second.health?.boundAddress == nil)
    await first.stop()
  }
}

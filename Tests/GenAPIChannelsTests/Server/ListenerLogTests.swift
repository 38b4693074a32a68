import InMemoryLogging
import Logging
import Testing

@testable import GenAPIChannels

@Suite("What a listener says when it is open")
struct ListenerLogTests {
  private func said(_ change: (inout PhoenixServerConfiguration) -> Void) async throws -> (String, Int) {
    let log = InMemoryLogHandler()
    var logger = Logger(label: "test") { _ in log }
    logger.logLevel = .info
    var port = 0
    try await ServerFixture.with(change, logger: logger) { port = $0.port }
    let entry = try #require(log.entries.first { $0.metadata["listener"] != nil })
    let fields = entry.metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return (([entry.message.description] + fields).joined(separator: " "), port)
  }

  @Test(
    "it names its address as settings do, and what it is for: one without topics answers no sockets, and says so"
  )
  func listeners() async throws {
    let (sockets, port) = try await said { _ in }
    #expect(
      sockets
        == "listening for clients address=127.0.0.1:\(port) listener=websocket path=/socket/websocket")
    let (health, healthPort) = try await said {
      $0.channels.topics = []
      $0.listenerName = "health"
    }
    #expect(
      health
        == "listening for health alone: channels.topics is empty, so that no client can join address=127.0.0.1:\(healthPort) listener=health"
    )
  }
}

import InMemoryLogging
import Logging
import OutsideText
import TestWaiting
import Testing

@testable import ErlangNode

@Suite("Names of nodes", .serialized)
struct OneNameTests {
  @Test("a second node of one name takes the place of the first, and the log says so")
  func twice() async throws {
    let lines = InMemoryLogHandler()
    let pair = try await SwiftPair {
      $0.logger = Logger(label: "test") { _ in lines }
      $0.logger.logLevel = .warning
    }
    pair.second.register("test", "echo") { $0.first ?? .atom("none") }
    #expect(try await pair.first.call(pair.second.name, "test", "echo", [.integer(1)]) == .integer(1))
    var configuration = pair.first.configuration
    configuration.logger.logLevel = .critical
    let twin = try LocalNode(configuration)
    #expect(try await twin.call(pair.second.name, "test", "echo", [.integer(2)]) == .integer(2))
    try await eventually {
      lines.entries.contains { "\($0.message)".contains("two programs may have one name") }
    }
    await twin.stop()
    await pair.end()
  }

  @Test("a node that is called from itself is told that, and a cause is told once")
  func itself() async throws {
    let pair = try await SwiftPair()
    await #expect(throws: CallError.unreachable("first@127.0.0.1 is this node itself")) {
      try await pair.first.call("first@127.0.0.1", "test", "echo", [])
    }
    do throws(CallError) {
      _ = try await pair.first.call("nowhere@127.0.0.1", "test", "echo", [])
      Issue.record("it is there")
    } catch {
      #expect(error.description == "unreachable: nowhere@127.0.0.1 has no fixed port, and epmd is not asked")
    }
    await pair.end()
  }
}

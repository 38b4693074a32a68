import GenAPIGateway
import GenAPITesting
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIServer

@Suite("Telling that no function is known")
struct ReadinessLogTests {
  @Test("it is told once, again when the last function has gone, and when there are some")
  func once() async throws {
    let clock = VirtualClock()
    let handler = InMemoryLogHandler()
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw"), clock: clock)
    let log = ReadinessLog(gateway: gateway, logger: Logger(label: "test", factory: { _ in handler }))
    let telling = Task { await log.run() }
    defer { telling.cancel() }
    func told() -> [Logger.Level] { handler.entries.map(\.level) }
    func look(_ wanted: [Logger.Level]) async throws {
      for _ in 0..<3 {
        await clock.waitForSleepers(1)
        clock.advance(by: .milliseconds(1_000))
      }
      try await eventually { told().count >= wanted.count }
      #expect(told() == wanted)
    }
    try await look([.warning])
    try gateway.configs.add(
      FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f")))
    try await look([.warning, .notice])
    try gateway.configs.delete("s", "t")
    try await look([.warning, .notice, .warning])
    let first = try #require(handler.entries.first).message.description
    #expect(first.contains("/readyz stays 503"))
  }

  @Test("a gateway that serves nobody has nothing to tell")
  func client() throws {
    var configuration = GatewayConfiguration(node: "gw")
    configuration.isClient = true
    #expect(try !Gateway(configuration: configuration).lacksFunctions)
    configuration.isClient = false
    #expect(try Gateway(configuration: configuration).lacksFunctions)
    // Before they were asked it says nothing that there are none.
    configuration.pull.services = [
      PullSource(service: "s", nodes: .list(["a@test"]), function: FunctionReference("M", "f"))
    ]
    #expect(try !Gateway(configuration: configuration).lacksFunctions)
  }
}

import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("A gateway whose run is cancelled")
struct CancelledGatewayTests {
  @Test(
    "tells asynchronous calls and streams under way that they may have been done", .timeLimit(.minutes(1)))
  func cutOff() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    let gateway = fixture.gateway
    try gateway.register(
      ServiceEndpoints("test") {
        Endpoint("later") { () async throws -> Int in
          try await Task.sleep(for: .seconds(3_600))
          return 1
        }.asynchronous
        Endpoint(streaming: "parts") { stream in
          await stream.send(1)
          try await Task.sleep(for: .seconds(3_600))
        }
      })
    let run = Task { try await gateway.run() }
    try await eventually { gateway.isBegun }
    let connection = fixture.connect()
    await gateway.send("test", "later", from: connection)
    await gateway.send("test", "parts", from: connection)
    _ = await connection.received(3)
    run.cancel()
    try await run.value
    let last = await connection.received(5).suffix(2)
    #expect(
      last.map(\.error)
        == Array(repeating: "Service shut down before the answer; it may have been done", count: 2))
    #expect(last.allSatisfy { !$0.canRetry })
    try await eventually { gateway.currentState().totals.inFlight == 0 }
    #expect(gateway.currentState().series.compactMap { $0.outcomes["cut_off"] } == [1, 1])
    let told = lines.entries.filter { $0.level == .warning }
    #expect(told.map { $0.metadata["running"] } == ["2"])
  }
}

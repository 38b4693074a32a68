import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Long words of a function for its client")
struct LongReasonTests {
  private static let long = FunctionError(
    ByteText(String(repeating: "é\n", count: 50_000)), isForClient: true)

  @Test(
    "a client reads 4 096 bytes of them, whole characters, and the log says that they were cut",
    arguments: [ResponseType.sync, .async, .stream], [true, false])
  func cut(_ type: ResponseType, _ isByStream: Bool) async throws {
    guard type == .stream || !isByStream else { return }
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.add("echo", { $0.responseType = type }) { call in
      guard isByStream else { return .error(Self.long) }
      call.stream?.fail(Self.long)
      return .ok(.null)
    }
    let connection = fixture.connect()
    var response = await fixture.gateway.execute(fixture.request("echo"), on: connection)
    if type != .sync { response = await connection.received(1).last ?? response }
    let error = try #require(response?.error)
    #expect((4_000...4_096).contains(error.byteCount) && error.hasPrefix("é\né\n"), "\(error.byteCount)")
    #expect(error.hasSuffix("… (cut, 150000 bytes)"))
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 && !lines.entries.isEmpty }
    let messages = lines.entries.map { "\($0.message)" }
    #expect(messages == ["a function's error for its client was cut"], "\(messages)")
  }

  @Test("what has 4 096 bytes is told word for word, and nothing is said of it")
  func whole() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    let reason = ByteText(String(repeating: "x", count: 4_096))
    try fixture.add("echo") { _ in .error(FunctionError(reason, isForClient: true)) }
    #expect(await fixture.gateway.execute(fixture.request("echo"), on: nil)?.error == reason)
    #expect(lines.entries.isEmpty)
  }
}

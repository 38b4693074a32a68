import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("A retry whose pauses use up the time")
struct RetryPauseTests {
  private struct Failing: RemoteCaller {
    let error: RemoteCallError

    func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> FunctionResult
    { throw error }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    { throw error }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  @Test(
    "of a stream reads as its attempts do, and is counted as the timeout that it is",
    arguments: [
      (.raised("crash"), .error("r1", "all retry attempts exhausted")),
      (.unreachable("down"), .error("r1", "Service temporarily unavailable", canRetry: true)),
      (.lost("went"), .error("r1", "Service was lost before the answer; it may have been done")),
    ] as [(RemoteCallError, Response)])
  func reads(_ error: RemoteCallError, _ response: Response) async throws {
    let lines = InMemoryLogHandler()
    var settings = GatewayConfiguration(node: "test")
    settings.logger = Logger(label: "test") { _ in lines }
    let gateway = try Gateway(configuration: settings, remote: Failing(error: error))
    try gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]), timeout: .milliseconds(300),
        function: FunctionReference("Svc", "who"), responseType: .stream, retry: .sameNode(100)))
    let connection = gateway.connect(as: ClientIdentity(userID: "u1"))
    _ = await gateway.handle(
      ["service": "test", "request_type": "who", "request_id": "r1"], from: .anonymous, on: connection)
    #expect(await connection.received(2).last == response)
    try await eventually { gateway.currentState().series.first?.outcomes == ["timeout": 1] }
    try await eventually {
      lines.entries.contains {
        "\($0.message)" == "a function did not answer in time"
          && "\($0.metadata["error"] ?? "")".hasPrefix("no end in time, while it waited to be tried again: ")
      }
    }
  }
}

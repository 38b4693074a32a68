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
  @Test(
    "of a stream reads as its attempts do, and is counted as the timeout that it is",
    arguments: [
      (.raised("crash"), .error("r1", "all retry attempts exhausted")),
      (.unreachable("down"), .error("r1", "Service temporarily unavailable", canRetry: true)),
      (.lost("went"), .error("r1", "Service was lost before the answer; it may have been done")),
    ] as [(RemoteCallError, Response)])
  func reads(_ error: RemoteCallError, _ response: Response) async throws {
    let (gateway, lines) = try FailingCaller(error: error).gateway {
      $0.timeoutMs = 300
      $0.responseType = .stream
      $0.retry = .sameNode(100)
    }
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

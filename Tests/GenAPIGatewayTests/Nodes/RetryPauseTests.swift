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
    let (_, lines) = try await stream(failing: error, timeoutMs: 300, reads: response)
    try await eventually {
      lines.entries.contains {
        "\($0.message)" == "a function did not answer in time"
          && "\($0.metadata["error"] ?? "")".hasPrefix("no end in time, while it waited to be tried again: ")
      }
    }
  }

  /// Its time is an attempt's and the stream's; which of both clocks tells first decided what its client read.
  @Test("no other attempt of a stream is made after one that took its whole time, and its client reads that")
  func takesItsTime() async throws {
    let (gateway, _) = try await stream(
      failing: .timeout(.milliseconds(300)), timeoutMs: 60_000, reads: .error("r1", "Internal Server Error"))
    #expect(gateway.currentState().series.first?.retries == 0)
  }

  /// Asks for a stream each of whose attempts fails, and expects its last message, and that it is counted as a timeout.
  private func stream(
    failing error: RemoteCallError, timeoutMs: Int64, reads response: Response
  ) async throws -> (Gateway, InMemoryLogHandler) {
    let (gateway, lines) = try FailingCaller(error: error).gateway {
      $0.timeoutMs = timeoutMs
      $0.responseType = .stream
      $0.retry = .sameNode(100)
    }
    let connection = gateway.connect(as: ClientIdentity(userID: "u1"))
    _ = await gateway.handle(
      ["service": "test", "request_type": "who", "request_id": "r1"], from: .anonymous, on: connection)
    #expect(await connection.received(2).last == response)
    try await eventually { gateway.currentState().series.first?.outcomes == ["timeout": 1] }
    return (gateway, lines)
  }
}

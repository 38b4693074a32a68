import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIServer

@Suite("The access log")
struct AccessLogTests {
  private func line(_ event: TelemetryEvent) -> Logger.Metadata? {
    let kept = InMemoryLogHandler()
    let log = AccessLog(logger: Logger(label: "test") { _ in kept })
    log.handle(EmittedEvent(sequence: 1, wallMicroseconds: 1, monotonicNanoseconds: 1, event: event))
    return kept.entries.first?.metadata
  }

  @Test("a finished request is a line with service, type, user, duration, result and trace")
  func lines() throws {
    let trace = try #require(TraceContext(parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
    let request = RequestContext(
      requestID: "r1", function: FunctionIdentity(service: "s", requestType: "t", version: "1.0.0"),
      userID: "ann",
      trace: trace)
    let stop = RequestStop(
      request: request, durationUs: 412, outcome: .rateLimited, nodeCalled: "gw1", error: "secret")
    #expect(
      line(.requestStop(stop)) == [
        "request_id": "r1", "service": "s", "request_type": "t", "version": "1.0.0", "user_id": "ann",
        "duration_us": .stringConvertible(412), "result": "\(RequestOutcome.rateLimited.rawValue)",
        "node": "gw1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "parent_span_id": "00f067aa0ba902b7",
      ])
    let anonymous = RequestContext(
      requestID: "r2", function: FunctionIdentity(service: "s", requestType: "t"))
    let exception = RequestException(request: anonymous, durationUs: 1, failure: Failure(reason: "secret"))
    #expect(
      line(.requestException(exception)) == [
        "request_id": "r2", "service": "s", "request_type": "t", "duration_us": .stringConvertible(1),
        "result": "exception",
      ])
    #expect(line(.requestStart(request, systemTime: 1)) == nil)
  }
}

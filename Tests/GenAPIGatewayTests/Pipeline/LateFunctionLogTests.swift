import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("What does not end in time is in the log")
struct LateFunctionLogTests {
  fileprivate enum Late: String, CaseIterable, Sendable {
    case function, asynchronous, stream, before, after, permission

    var message: String {
      switch self {
      case .function, .asynchronous, .stream: "a function did not answer in time"
      case .before: "a before hook did not end in time; the request is refused"
      case .after: "an after hook did not end in time; the response goes out as it was"
      case .permission: "a permission callback did not answer in time; the request is refused"
      }
    }

    func endpoint(_ clock: VirtualClock) -> Endpoint {
      let hang: @Sendable () async throws -> Void = { try await clock.sleep(for: .seconds(3_600)) }
      switch self {
      case .function: return Endpoint(performing: "late", perform: hang)
      case .asynchronous: return Endpoint(performing: "late", perform: hang).asynchronous
      case .stream:
        return Endpoint(streaming: "late") { stream in
          await stream.send(1)
          try await hang()
        }
      case .before:
        return Endpoint("late") { 1 }.before { request in
          try await hang()
          return .proceed(request)
        }
      case .after:
        return Endpoint("late") { 1 }.after { _, response in
          try await hang()
          return response
        }
      case .permission:
        return Endpoint("late") { 1 }.permission { _ in
          try await hang()
          return true
        }
      }
    }
  }

  @Test("a timeout, also the 5 s that nobody stated, is a line as an error is", arguments: Late.allCases)
  fileprivate func told(_ late: Late) async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    let (gateway, connection) = (fixture.gateway, fixture.connect())
    try gateway.register(late.endpoint(fixture.clock), service: "test")
    let request = fixture.request("late")
    _ = await fixture.advancing {
      _ = await gateway.execute(request, on: connection)
      if late == .asynchronous { _ = await connection.next() }
      if late == .stream { _ = await connection.received(2) }
    }
    let told = lines.entries.filter { $0.level == .error }
    #expect(told.map { "\($0.message)" } == [late.message])
    guard let line = told.first else { return }
    #expect(line.metadata["service"] == "test" && line.metadata["request_type"] == "late")
    #expect("\(line.metadata["error"] ?? "")".contains("5000") || late == .asynchronous)
  }

  @Test("of many in a row one in ten seconds is written, and says how many there were in between")
  func bounded() {
    let (lines, clock) = (InMemoryLogHandler(), VirtualClock())
    let log = ThrownErrorLog(logger: Logger(label: "test") { _ in lines }, repeated: RepeatedLines(clock))
    func tell(_ type: ByteText = "f") {
      log.tell(.lateFunction, "no answer within 100 ms", id: "r", service: "s", requestType: type)
    }
    for _ in 0..<5 { tell() }
    tell("g")
    #expect(lines.entries.map { "\($0.metadata["request_type"] ?? "")" } == ["f", "g"])
    clock.advance(by: .seconds(10))
    tell()
    #expect(lines.entries.count == 3 && lines.entries.last?.metadata["more_before"] == "4")
    // Beyond the functions that are known at one time every line is written, and nothing is kept.
    for number in 0..<2_000 { tell("f\(number)") }
    #expect(lines.entries.count == 2_003)
  }
}

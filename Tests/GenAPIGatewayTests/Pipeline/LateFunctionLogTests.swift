import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
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

  @Test("a stream whose time is over is told once, whichever timer was first")
  func streams() async throws {
    for _ in 0..<20 {
      let lines = InMemoryLogHandler()
      let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
      let connection = fixture.connect()
      try fixture.gateway.register(Late.stream.endpoint(fixture.clock).timeout(.seconds(1)), service: "test")
      _ = await fixture.gateway.execute(fixture.request("late"), on: connection)
      // The pool's timer and the call's, where both come.
      await fixture.clock.waitForSleepers(of: .seconds(1), 2, within: .milliseconds(300))
      fixture.clock.advance(by: .seconds(1))
      _ = await connection.received(2)
      try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
      #expect(lines.entries.count { $0.level == .error } == 1)
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
      if late == .asynchronous { _ = try? await connection.next() }
      if late == .stream { _ = await connection.received(2) }
    }
    // The client may have its answer first.
    try await eventually { lines.entries.contains { $0.level == .error } }
    let told = lines.entries.filter { $0.level == .error }
    #expect(told.map { "\($0.message)" } == [late.message])
    guard let line = told.first else { return }
    #expect(line.metadata["service"] == "test" && line.metadata["request_type"] == "late")
    #expect("\(line.metadata["error"] ?? "")".contains("5000") || late == .asynchronous)
  }
}

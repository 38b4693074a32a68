import GenAPITesting
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Tasks whose clients went")
struct GivenUpTests {
  @Test("work that sees before its pool that its client went is cancelled, and tells the breakers nothing")
  func counted() async throws {
    let fixture = try PoolFixture(poolThreshold: 1, breakers: .service)
    try await fixture.run(1...3, .success(.givenUp), service: "a")
    var state = fixture.pool.poolState()
    #expect(state.cancelled == 3 && state.executed == 0 && state.failed == 0)
    try await fixture.run(4...4, .throwing, service: "a")
    fixture.clock.advance(by: .milliseconds(60_000))
    try await fixture.run(5...5, .success(.givenUp), service: "a")
    state = fixture.pool.poolState()
    #expect(state.halfOpenServices == 1)
  }

  @Test(
    "a stream whose client went or stopped it is a cancelled task, also when its function ends by that itself"
  )
  func streams() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { call in
      await withCheckedContinuation { continuation in call.stream!.whenOver { _ in continuation.resume() } }
      return .ok(.null)
    }
    func pool() -> PoolState { fixture.gateway.currentState().pools.first { $0.name == "stream_pool" }! }
    for round in 1...20 as ClosedRange<Int64> {
      let connection = fixture.connect()
      await fixture.gateway.send("test", "parts", from: connection)
      try await eventually { pool().busy == 1 }
      if round.isMultiple(of: 2) {
        let id = try #require(connection.responses.first?.requestID)
        #expect(fixture.gateway.stopStream(requestID: id, on: connection.connectionID))
      } else {
        fixture.gateway.disconnect(connection)
      }
      try await eventually { pool().busy == 0 && pool().cancelled == round }
      #expect(pool().executed == 0)
    }
  }
}

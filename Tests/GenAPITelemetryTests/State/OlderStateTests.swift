import GenAPIValue
import Testing

@testable import GenAPITelemetry

@Suite("States of older gateways")
struct OlderStateTests {
  @Test("a pool, a breaker and sockets without the newer fields are read, with 0 and nothing in their place")
  func older() throws {
    func without<State: Codable>(_ state: State, _ fields: ByteText...) throws -> State {
      var object = try #require(try ValueEncoder().encode(state).object)
      for field in fields { object[field] = nil }
      return try ValueDecoder().decode(State.self, from: .object(object))
    }
    let pool = PoolState(
      name: "p", workers: 4, openServices: 2, halfOpenServices: 1, executed: 7, cancelled: 2,
      shareRejected: 3,
      clientWorkers: 1)
    #expect(
      try without(
        pool, "open_services", "half_open_services", "cancelled", "share_rejected", "client_workers")
        == PoolState(name: "p", workers: 4, executed: 7))
    #expect(try without(pool) == pool)
    let breaker = BreakerState(pool: "p", service: "s", node: "n", state: .open)
    #expect(try without(breaker, "service", "node") == BreakerState(pool: "p", state: .open))
    #expect(breaker.entryKey == "p\u{1F}\u{1F}s\u{1F}n")
    let sockets = SocketsState(open: 1, refusedCalls: 5)
    #expect(try without(sockets, "refused_calls") == SocketsState(open: 1))
  }

  @Test("a gateway that tells nothing of its readiness is neither ready nor not")
  func readiness() {
    var state = GatewayState()
    state.apply(GatewayStateChange())
    #expect(state.readiness.isReady == nil && !state.readiness.isDraining)
    #expect(ReadinessState(fault: nil).isReady == true && ReadinessState(fault: "why").isReady == false)
    #expect(ReadinessState.draining(fault: "why").isDraining)
    #expect(state.limiter == LimiterState())
  }
}

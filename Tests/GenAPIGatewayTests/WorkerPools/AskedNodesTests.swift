import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Breakers of the nodes that were asked")
struct AskedNodesTests {
  /// A gateway whose service is on both nodes, `a@test` first, and whose breakers open at the first failure.
  private func fixture(_ type: ResponseType = .async, retry: RetryPolicy? = nil) throws -> GatewayFixture {
    let fixture = try GatewayFixture {
      for pool in [\GatewayConfiguration.asyncPool, \.streamPool] {
        $0[keyPath: pool].poolThreshold = 1
        $0[keyPath: pool].cooldown = .seconds(10)
      }
    }
    for (name, registry) in fixture.nodes { registry.register("Svc.f") { _ in .ok(.string(ByteText(name))) } }
    var config = FunctionConfig(service: "svc", requestType: "f", function: FunctionReference("Svc", "f"))
    config.responseType = type
    config.nodes = .list(["a@test", "b@test"])
    // The first of the list for this key, as long as its breaker lets through.
    config.chooseNode = .roundRobin
    config.retry = retry
    try fixture.gateway.configs.add(config)
    return fixture
  }

  private func call(_ fixture: GatewayFixture, _ id: ByteText) async throws {
    let request = Request(service: "svc", requestType: "f", requestID: id, userID: "u1")
    _ = await fixture.gateway.execute(request, on: fixture.connect())
    try await eventually {
      fixture.gateway.asyncPool.poolState().busy + fixture.gateway.streamPool.poolState().busy == 0
    }
  }

  private func circuits(_ fixture: GatewayFixture) -> [ByteText: CircuitState] {
    let states = fixture.gateway.currentState().breakers.filter { $0.service != nil }
    return Dictionary(states.map { ($0.node ?? "", $0.state) }, uniquingKeysWith: { $1 })
  }

  @Test(
    "a breaker does not close on the answer of another node, nor stay closed by it",
    arguments: [ResponseType.async, .stream])
  func anotherNodeAnswers(_ type: ResponseType) async throws {
    let fixture = try fixture(type)
    fixture.cluster.setUp("a@test", false)
    for number in 0..<2 { try await call(fixture, "r\(number)") }
    #expect(circuits(fixture) == ["a@test": .open])
    // The probe cannot reach its node, and the other one answers.
    fixture.clock.advance(by: .seconds(10))
    #expect(circuits(fixture) == ["a@test": .halfOpen])
    for number in 2..<4 { try await call(fixture, "r\(number)") }
    #expect(circuits(fixture) == ["a@test": .open])
    // It closes when its own node answers.
    fixture.cluster.setUp("a@test", true)
    fixture.clock.advance(by: .seconds(10))
    for number in 4..<6 { try await call(fixture, "r\(number)") }
    #expect(circuits(fixture).isEmpty)
  }

  @Test("a failure counts against the node that failed, not the one that could not be reached before it")
  func theSecondFails() async throws {
    let fixture = try fixture()
    fixture.cluster.setUp("a@test", false)
    fixture.nodes["b@test"]!.register("Svc.f") { _ in throw PoolFixture.Failed() }
    try await call(fixture, "r0")
    let open = fixture.gateway.currentState().breakers.filter { $0.state == .open && $0.service != nil }
    #expect(open.map(\.node) == ["a@test", "b@test"])
    #expect(open.last?.lastReason == "b@test: Failed()")
  }

  @Test("a call that is tried again elsewhere tells each node's breaker what came of it there")
  func retries() async throws {
    let fixture = try fixture(retry: .allNodes(2))
    fixture.nodes["a@test"]!.register("Svc.f") { _ in throw PoolFixture.Failed() }
    let request = Request(service: "svc", requestType: "f", requestID: "r0", userID: "u1")
    _ = await fixture.gateway.execute(request, on: fixture.connect())
    try await eventually {
      fixture.clock.advance(by: .milliseconds(200))
      return fixture.gateway.asyncPool.poolState().busy == 0
    }
    #expect(circuits(fixture)["a@test"] == .open && circuits(fixture)["b@test"] == nil)
  }

  @Test("what a task that was given up knows of nodes is told; the one it still asked is not blamed")
  func givenUp() {
    let asked = AskedNodes()
    asked.began("a")
    asked.ended("refused")
    asked.began("b")
    let results = asked.results(failure: nil, isTold: false)
    #expect(results.map(\.node) == ["a", "b"] && results.map(\.result) == [.failed("refused"), .untold])
    #expect(asked.results(failure: "no end in time", isTold: true).last?.result == .failed("no end in time"))
    asked.ended(nil)
    #expect(asked.results(failure: nil, isTold: true).last?.result == .answered)
    // Answered, and its stream broke off.
    #expect(asked.results(failure: "lost", isTold: true).last?.result == .failed("lost"))
    asked.began("a")
    #expect(asked.results(failure: nil, isTold: true).map(\.node) == ["b", "a"])
  }

  @Test("a probe for which no thread was free closes no breaker")
  func untold() async throws {
    let fixture = try PoolFixture(poolThreshold: 1, breakers: .service)
    try await fixture.run(1...1, .throwing, service: "a")
    fixture.clock.advance(by: .milliseconds(60_000))
    try await fixture.run(2...2, .success(.untold), service: "a")
    #expect(fixture.pool.poolState().halfOpenServices == 1)
    #expect(try CallOutcome.failed(.unavailable, reason: "", client: .unavailable).taskResult() == .untold)
    #expect(try CallOutcome.failed(.cancelled, reason: "", client: .cancelled).taskResult() == .givenUp)
  }
}

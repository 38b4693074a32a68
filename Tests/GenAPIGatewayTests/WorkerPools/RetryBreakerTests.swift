import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("A retry asks its circuit breaker, as a first attempt does")
struct RetryBreakerTests {
  private struct Failed: Error {}

  /// A gateway whose breakers open at the first failed task. `test/flaky` fails as often as told, and is tried three times more;
  /// `test/broken` fails, once.
  private final class Case: Sendable {
    let fixture: GatewayFixture
    let attempts = Mutex(0)
    let failures: Int

    init(
      _ type: ResponseType = .async, cooldown: Duration = .seconds(3_600), failures: Int = 100,
      breakers: WorkerPoolConfiguration.Breakers = .service
    ) throws {
      fixture = try GatewayFixture {
        for pool in [\GatewayConfiguration.asyncPool, \.streamPool] {
          $0[keyPath: pool].poolThreshold = 1
          $0[keyPath: pool].cooldown = cooldown
          $0[keyPath: pool].breakers = breakers
        }
      }
      self.failures = failures
      try fixture.add(
        "flaky",
        {
          $0.responseType = type
          $0.retry = .sameNode(3)
        }
      ) { [self] _ in
        let attempt = attempts.withLock { attempts in
          attempts += 1
          return attempts
        }
        if attempt <= failures { throw Failed() }
        return .ok("ran")
      }
      try fixture.add("broken", { $0.responseType = type }) { _ in throw Failed() }
    }

    /// Begins `flaky` and returns once it has failed for the first time.
    func begin(on connection: TestConnection) async throws {
      _ = await fixture.gateway.execute(fixture.request("flaky"), on: connection)
      try await eventually { self.attempts.withLock { $0 } >= 1 }
    }

    func openBreaker(on connection: TestConnection) async throws {
      var request = fixture.request("broken")
      request.requestID = "r2"
      _ = await fixture.gateway.execute(request, on: connection)
      try await eventually {
        self.fixture.gateway.currentState().breakers.contains { $0.state != .closed }
      }
    }

    /// Moves the time on until nothing runs.
    func end() async throws {
      try await eventually {
        self.fixture.clock.advance(by: .milliseconds(20))
        let gateway = self.fixture.gateway
        return gateway.asyncPool.poolState().busy + gateway.streamPool.poolState().busy == 0
      }
    }
  }

  private func last(_ connection: TestConnection, of id: ByteText) -> Response? {
    connection.responses.last { $0.requestID == id }
  }

  @Test(
    "one whose breaker opened in its pause is not made: the request ends with the refusal, and events and numbers add up",
    arguments: [ResponseType.async, .stream], [WorkerPoolConfiguration.Breakers.service, .pool])
  func refused(_ type: ResponseType, _ breakers: WorkerPoolConfiguration.Breakers) async throws {
    let one = try Case(type, breakers: breakers)
    let connection = one.fixture.connect()
    try await one.begin(on: connection)
    try await one.openBreaker(on: connection)
    try await one.end()
    try await eventually { self.last(connection, of: "r1")?.error != nil }
    // It ran, so nobody is told to ask again.
    #expect(last(connection, of: "r1")?.error == "Service temporarily unavailable")
    #expect(last(connection, of: "r1")?.canRetry == false)
    #expect(one.attempts.withLock { $0 } == 1)
    let pool = type == .async ? "async_pool" : "stream_pool"
    let whose = breakers == .service ? " for test" : ""
    let words: ByteText = "Failed(); then the circuit breaker of pool \(pool)\(whose) is open"
    let events = one.fixture.events()
    let stop = events.compactMap(\.stop).first { $0.request.requestID == "r1" }
    #expect(stop?.outcome == .unavailable && stop?.error == words)
    let names = events.map(\.name)
    #expect(names.count { $0 == .executorRetry } == 0 && names.count { $0 == .executorRetryExhausted } == 0)
    #expect(names.count { $0 == .workerPoolTaskStart } == 2)
    // Both tasks failed, neither was rejected, and the breaker opened once.
    #expect(names.count { $0 == .workerPoolTaskException } == 2)
    #expect(names.count { $0 == .workerPoolTaskRejected } == 0)
    let opened = events.compactMap { event -> BreakerOpen? in
      if case .breakerOpen(let open) = event, open.scope != .worker { open } else { nil }
    }
    #expect(opened.count == 1)
    let state = one.fixture.gateway.currentState()
    let series = state.series.first { $0.requestType == "flaky" }
    #expect(series?.outcomes == ["unavailable": 1] && series?.retries == 0)
    let counted = state.pools.first { $0.name == ByteText(pool) }
    #expect(counted?.executed == 2 && counted?.failed == 2 && counted?.rejected == 0)
  }

  @Test(
    "one whose breaker is half-open by then is its probe, and what comes of it counts", arguments: [1, 100])
  func probes(failures: Int) async throws {
    let one = try Case(cooldown: .milliseconds(1), failures: failures)
    let connection = one.fixture.connect()
    try await one.begin(on: connection)
    try await one.openBreaker(on: connection)
    try await one.end()
    let isWell = failures == 1
    try await eventually {
      self.last(connection, of: "r1").map { $0.result != nil || $0.error != nil } ?? false
    }
    #expect(last(connection, of: "r1")?.error == (isWell ? nil : "all retry attempts exhausted"))
    let events = one.fixture.events()
    let retries = events.compactMap { event -> Int? in
      if case .retry(let retry) = event { retry.attempt } else { nil }
    }
    #expect(retries == (isWell ? [1] : [1, 2, 3]) && one.attempts.withLock { $0 } == retries.count + 1)
    let names = events.map(\.name)
    #expect(names.count { $0 == .workerPoolCircuitBreakerClose } == (isWell ? 1 : 0))
    #expect(names.count { $0 == .workerPoolCircuitBreakerOpen } == (isWell ? 1 : 2))
    #expect(names.count { $0 == .executorRetryExhausted } == (isWell ? 0 : 1))
    let state = one.fixture.gateway.currentState()
    #expect(state.series.first { $0.requestType == "flaky" }?.retries == Int64(retries.count))
    #expect(state.breakers.contains { $0.service == "test" } != isWell)
  }

  @Test("a probe is tried again, though nothing else is let through meanwhile")
  func ofProbe() async throws {
    let one = try Case(cooldown: .milliseconds(1), failures: 2)
    let connection = one.fixture.connect()
    try await one.openBreaker(on: connection)
    one.fixture.clock.advance(by: .milliseconds(10))
    try await one.begin(on: connection)
    var request = one.fixture.request("broken")
    request.requestID = "r3"
    let refused = await one.fixture.gateway.execute(request, on: connection)
    #expect(refused == .error("r3", "Service temporarily unavailable", canRetry: true))
    try await one.end()
    try await eventually { self.last(connection, of: "r1")?.result == "ran" }
    let events = one.fixture.events()
    #expect(
      events.compactMap(\.stop).first { $0.request.requestID == "r3" }?.error
        == "the circuit breaker of pool async_pool for test is half-open, and lets only its probe through")
    #expect(events.count { $0.name == .executorRetry } == 2)
    #expect(
      !one.fixture.gateway.currentState().breakers.contains { $0.service == "test" && $0.state != .closed })
  }

  @Test("of several nodes those are tried again whose breaker lets through")
  func nodes() async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool.poolThreshold = 1
      $0.asyncPool.cooldown = .seconds(3_600)
    }
    let asked = Mutex<[ByteText]>([])
    for (name, registry) in fixture.nodes {
      registry.register("Svc.f") { call in
        asked.withLock { $0.append(ByteText(name)) }
        throw Failed()
      }
    }
    for (type, nodes, retry) in [
      ("once", ["b@test"], nil), ("again", ["a@test", "b@test"], .allNodes(1)),
    ] as [(ByteText, [ByteText], RetryPolicy?)] {
      try fixture.gateway.configs.add(
        FunctionConfig(
          service: "svc", requestType: type, nodes: .list(nodes), chooseNode: .roundRobin,
          function: FunctionReference("Svc", "f"), responseType: .async, retry: retry))
    }
    let connection = fixture.connect()
    func call(_ type: ByteText) async {
      _ = await fixture.gateway.execute(
        Request(service: "svc", requestType: type, requestID: type, userID: "u1"), on: connection)
    }
    await call("again")
    try await eventually { asked.withLock { $0 } == ["a@test"] }
    await call("once")
    try await eventually { fixture.gateway.currentState().breakers.contains { $0.node == "b@test" } }
    try await eventually {
      fixture.clock.advance(by: .milliseconds(20))
      return fixture.gateway.asyncPool.poolState().busy == 0
    }
    #expect(asked.withLock { $0 } == ["a@test", "b@test", "a@test"])
    let retried = fixture.events().compactMap { event -> [ByteText]? in
      if case .retry(let retry) = event { retry.nodes } else { nil }
    }
    #expect(retried == [["a@test", "b@test"]])
  }

  @Test("where nothing ran its client may ask again", arguments: [ResponseType.async, .stream])
  func unreached(_ type: ResponseType) async throws {
    let fixture = try GatewayFixture {
      for pool in [\GatewayConfiguration.asyncPool, \.streamPool] {
        $0[keyPath: pool].poolThreshold = 1
        $0[keyPath: pool].cooldown = .seconds(3_600)
      }
    }
    fixture.cluster.setUp("a@test", false)
    for (name, retry) in [("again", .sameNode(2)), ("once", nil)] as [(ByteText, RetryPolicy?)] {
      try fixture.gateway.configs.add(
        FunctionConfig(
          service: "svc", requestType: name, nodes: .list(["a@test"]),
          function: FunctionReference("Svc", "f"), responseType: type, retry: retry))
    }
    let connection = fixture.connect()
    for name in ["again", "once"] as [ByteText] {
      _ = await fixture.gateway.execute(
        Request(service: "svc", requestType: name, requestID: name, userID: "u1"), on: connection)
      try await eventually {
        fixture.gateway.currentState().nodes.contains { $0.calls >= (name == "once" ? 2 : 1) }
      }
    }
    try await eventually { fixture.gateway.currentState().breakers.contains { $0.node == "a@test" } }
    try await eventually {
      fixture.clock.advance(by: .milliseconds(20))
      return self.last(connection, of: "again")?.error != nil
    }
    #expect(last(connection, of: "again")?.error == "Service temporarily unavailable")
    #expect(last(connection, of: "again")?.canRetry == true)
    try await eventually {
      fixture.gateway.currentState().series.first { $0.requestType == "again" }?.outcomes == [
        "unavailable": 1
      ]
    }
    #expect(fixture.gateway.currentState().totals.retries == 0)
  }
}

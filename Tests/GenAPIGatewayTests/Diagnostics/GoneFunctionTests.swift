import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Counters of functions that are gone")
struct GoneFunctionTests {
  @Test("they stay for an hour, then become part of those of all that are gone, and totals stay")
  func forget() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("a")
    try fixture.add("b")
    for type in ["a", "a", "b"] as [ByteText] { _ = await fixture.gateway.execute(fixture.request(type)) }
    func series() -> [ByteText: Int64] {
      Dictionary(
        fixture.gateway.currentState().series.map { ($0.requestType, $0.requests) }, uniquingKeysWith: { $1 })
    }
    try fixture.gateway.configs.delete("test", "a")
    fixture.gateway.forgetGone()
    fixture.clock.advance(by: .milliseconds(3_599_999))
    fixture.gateway.forgetGone()
    #expect(series() == ["a": 2, "b": 1])
    fixture.clock.advance(by: .milliseconds(1))
    fixture.gateway.forgetGone()
    #expect(series() == ["b": 1, "(any)": 2])
    let state = fixture.gateway.currentState()
    #expect(state.totals.requests == 3 && state.totals.ok == 3)
    #expect(state.series.first { $0.requestType == "(any)" }?.service == "(removed)")
    // One that comes back begins anew, and one that came back in time goes on.
    try fixture.add("a")
    _ = await fixture.gateway.execute(fixture.request("a"))
    #expect(series() == ["a": 1, "b": 1, "(any)": 2])
    try fixture.gateway.configs.delete("test", "b")
    fixture.gateway.forgetGone()
    try fixture.add("b")
    fixture.clock.advance(by: .milliseconds(4_000_000))
    fixture.gateway.forgetGone()
    #expect(series() == ["a": 1, "b": 1, "(any)": 2])
  }

  @Test(
    "what was removed or disabled and is asked for is counted with what it was, and not among what never was")
  func asked() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("a", { $0.version = "1.0.0" })
    try fixture.add("b")
    try fixture.gateway.configs.delete("test", "a", version: "1.0.0")
    try fixture.gateway.configs.disable("test", "b")
    for (type, version) in [("a", nil), ("a", "1.0.0"), ("a", "2.0.0"), ("b", nil), ("never", nil)]
      as [(ByteText, ByteText?)]
    {
      _ = await fixture.gateway.execute(fixture.request(type, version: version))
    }
    func counts() -> [ByteText: Int64] {
      Dictionary(
        fixture.gateway.currentState().series.map {
          ("\($0.service) \($0.requestType)", $0.outcomes["unsupported"] ?? 0)
        }, uniquingKeysWith: { $1 })
    }
    #expect(counts() == ["test a": 2, "test b": 1, "(unsupported) (any)": 2])
    let error = fixture.gateway.currentState().series.first { $0.requestType == "a" }?.lastError
    #expect(error == "unsupported function: a version 1.0.0 of service test")
    let removed = fixture.gateway.configs.changes.last { $0.kind == "removed" }
    #expect(removed?.requestType == "a" && removed?.by == "operator")
    let added = fixture.gateway.configs.changes.first { $0.kind == "added" }
    #expect(added?.by == "the gateway's own program or file")
  }

  @Test("one that is asked for again and again keeps its counters for a day, and no longer")
  func day() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("a")
    try fixture.gateway.configs.delete("test", "a")
    fixture.gateway.forgetGone()
    func own() -> Int64 {
      fixture.gateway.currentState().series.first { $0.requestType == "a" }?.requests ?? 0
    }
    for hour in 1...23 as ClosedRange<Int64> {
      fixture.clock.advance(by: .milliseconds(3_500_000))
      _ = await fixture.gateway.execute(fixture.request("a"))
      fixture.gateway.forgetGone()
      #expect(own() == hour)
    }
    for _ in 0..<3 {
      fixture.clock.advance(by: .milliseconds(3_500_000))
      _ = await fixture.gateway.execute(fixture.request("a"))
      fixture.gateway.forgetGone()
    }
    #expect(own() == 0)
    let state = fixture.gateway.currentState()
    #expect(state.totals.requests == 26 && state.totals.failed == 26)
  }

  private func push(_ fixture: GatewayFixture, _ service: ByteText, _ names: Range<Int>) throws {
    try fixture.gateway.receiver.push(
      PushConfig(
        service: service, nodes: ["a@test"], configVersion: "1",
        functions: names.map {
          FunctionConfig(service: service, requestType: "f\($0)", function: FunctionReference("S", "f"))
        }), force: true)
  }

  @Test("what was never stored, as the store is full, has no counters and is no change")
  func neverStored() throws {
    let fixture = try GatewayFixture { $0.maxFunctions = 10 }
    try push(fixture, "s", 0..<4)
    _ = fixture.events()
    for number in 0..<3 {
      #expect(throws: PushError.self) { try push(fixture, "t\(number)", 0..<7) }
      #expect(throws: PushError.self) { try push(fixture, "s", 0..<11) }
    }
    #expect(fixture.gateway.configs.count == 4 && fixture.gateway.currentState().series.count == 4)
    #expect(fixture.gateway.configs.changes.count { $0.kind == "added" } == 4)
    // Those that fit are taken, and so are the same ones again.
    try push(fixture, "t", 0..<6)
    try push(fixture, "t", 0..<6)
    #expect(fixture.gateway.currentState().series.count == 10)
  }

  @Test(
    "a service whose functions have other names at each push leaves a bounded number of counters, and no count is lost"
  )
  func otherNames() async throws {
    let fixture = try GatewayFixture { $0.maxFunctions = 10 }
    for number in 0..<20 {
      try push(fixture, "s", 5 * number..<5 * number + 5)
      let request = Request(service: "s", requestType: "f\(5 * number)", requestID: "1")
      _ = await fixture.gateway.execute(request)
      fixture.clock.advance(by: .milliseconds(1))
    }
    let state = fixture.gateway.currentState()
    let most = 31
    #expect(state.series.count <= most)
    let counted = state.series.map(\.requests).reduce(0, +)
    #expect(state.totals.requests == 20)
    #expect(counted == 20)
    #expect(state.series.contains { $0.service == "(removed)" && $0.requests > 0 })
    #expect(state.series.contains { $0.requestType == "f95" && $0.requests == 1 })
  }

  @Test("a limit on an argument counts numbers and truth values as it counts text")
  func argumentsOfAnyKind() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "n", maxRequests: 1, window: .seconds(60))]
    }
    try fixture.add("echo", { $0.argumentOrder = .map })
    for value in [1, 1.5, true, "1 ", [1, 2], ["k": 1]] as [Value] {
      let request = fixture.request("echo", ["n": value])
      #expect(await fixture.gateway.execute(request)?.success == true, "\(value.json)")
      #expect(await fixture.gateway.execute(request)?.success == false, "\(value.json)")
    }
    for _ in 0..<3 {
      #expect(await fixture.gateway.execute(fixture.request("echo", ["n": .null]))?.success == true)
    }
  }
}

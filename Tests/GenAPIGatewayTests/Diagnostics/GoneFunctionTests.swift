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
    fixture.gateway.configs.delete("test", "a")
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
    fixture.gateway.configs.delete("test", "b")
    fixture.gateway.forgetGone()
    try fixture.add("b")
    fixture.clock.advance(by: .milliseconds(4_000_000))
    fixture.gateway.forgetGone()
    #expect(series() == ["a": 1, "b": 1, "(any)": 2])
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

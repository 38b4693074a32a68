import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("A state costs what changed")
struct StateMemoryTests {
  @Test("while nothing happens, functions and series are the same memory")
  func quiet() async throws {
    let fixture = try GatewayFixture()
    for number in 0..<20 { try fixture.add("f\(number)") }
    _ = await fixture.gateway.execute(fixture.request("f3", ["text": "x"]))
    let first = fixture.gateway.currentState()
    let second = fixture.gateway.currentState()
    #expect(second.functions.shares(first.functions) && second.series.shares(first.series))
    #expect(second.changes(since: first).series.isEmpty)
  }

  @Test(
    "what is counted, added, replaced, disabled or deleted is in the next state, and the totals are the sum")
  func changes() async throws {
    let fixture = try GatewayFixture()
    for number in 0..<20 { try fixture.add("f\(number)") }
    var before = fixture.gateway.currentState()
    func step(_ change: () async throws -> Void) async throws -> GatewayStateChange {
      try await change()
      let after = fixture.gateway.currentState()
      defer { before = after }
      #expect(after.series.map(\.requestType) == after.series.map(\.requestType).sorted())
      #expect(after.totals.requests == after.series.reduce(0) { $0 + $1.requests })
      #expect(after.totals.ok == after.series.reduce(0) { $0 + ($1.outcomes["ok"] ?? 0) })
      return after.changes(since: before)
    }
    let called = try await step { _ = await fixture.gateway.execute(fixture.request("f7", ["text": "x"])) }
    #expect(called.series.map(\.requestType) == ["f7"] && called.series[0].requests == 1)
    #expect(called.functions.isEmpty && called.totals?.ok == 1)
    let added = try await step { try fixture.add("f07") }
    #expect(added.functions.map(\.requestType) == ["f07"] && added.series.map(\.requestType) == ["f07"])
    let disabled = try await step { try fixture.gateway.configs.disable("test", "f7") }
    #expect(disabled.functions.map(\.enabled) == [false] && disabled.series.isEmpty)
    #expect(disabled.services.map(\.disabled) == [1])
    let again = try await step { _ = await fixture.gateway.execute(fixture.request("f3", ["text": "x"])) }
    #expect(again.series.map(\.requestType) == ["f3"] && again.totals?.ok == 2)
    let deleted = try await step { fixture.gateway.configs.delete("test", "f3") }
    #expect(deleted.removed?["functions"]?.count == 1 && deleted.series.isEmpty)
  }

  @Test("requests for what does not exist are counted, and from the first on in a series of their own")
  func unsupported() async throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    #expect(fixture.gateway.currentState().series.map(\.service) == ["test"])
    for count in 1...2 {
      _ = await fixture.gateway.execute(fixture.request("nonesuch", [:]))
      let state = fixture.gateway.currentState()
      #expect(state.series.last?.service == "(unsupported)" && state.series.last?.requests == Int64(count))
      #expect(state.totals.requests == Int64(count))
    }
  }
}

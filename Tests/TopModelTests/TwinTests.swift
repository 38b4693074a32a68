import GenAPIStream
import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("Gateways that look alike")
struct TwinTests {
  private func hello(_ fixture: inout ModelFixture, _ index: Int, startedAt: Int64) {
    fixture.model.fold(
      .connected(Hello(node: "gw1", software: "genapi 1", startedAt: startedAt)), of: index, at: fixture.now)
    fixture.send(index, isSnapshot: true)
  }

  @Test("a gateway that is watched by two addresses is counted once")
  func twin() {
    var fixture = ModelFixture(gateways: 2)
    hello(&fixture, 0, startedAt: 7)
    hello(&fixture, 1, startedAt: 7)
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1, 1]) } }
    fixture.model.fold(.frame(.event(.stop(1, at: fixture.now))), of: 0, at: fixture.now)
    fixture.model.fold(.frame(.event(.stop(1, at: fixture.now))), of: 1, at: fixture.now)
    let settings = ViewSettings()
    #expect(fixture.model.requests(settings).map(\.requestsPerSecond) == [2])
    #expect(fixture.model.summary.totals.requests == 20)
    #expect(fixture.model.nodes(settings).map(\.name) == ["gw1"])
    #expect(fixture.model.header(settings).nodesTotal == 1)
    #expect(fixture.model.events(settings, limit: 9).rows.count == 1)
  }

  @Test(
    "when one address is lost, or says nothing any more, it is counted at the other, once, and what it did before is known",
    arguments: [true, false])
  func takesOver(isLost: Bool) {
    var fixture = ModelFixture(gateways: 2)
    hello(&fixture, 0, startedAt: 7)
    hello(&fixture, 1, startedAt: 7)
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [1]) } }
    if isLost { fixture.model.fold(.failed("gone"), of: 0, at: fixture.now) }
    for _ in 0..<9 {
      fixture.second += 1
      fixture.states[1].add(ok: [1, 1, 1])
      fixture.send(1)
      fixture.model.tick(at: fixture.now)
    }
    var settings = ViewSettings()
    #expect(fixture.model.nodes(settings).map(\.name) == ["gw1"])
    #expect(fixture.model.header(settings).nodesUp == 1)
    #expect(fixture.model.summary.totals.requests == 30)
    settings.window = .tenSeconds
    let rates = fixture.model.requests(settings).map(\.requestsPerSecond)
    #expect(rates.count == 1 && rates[0] > 1.5 && rates[0] <= 3)
    #expect(fixture.model.targets[1].history.samples.contains { $0.started == 1 })
    // The first is back: nothing is counted twice, and where it is counted stays.
    fixture.model.fold(
      .connected(Hello(node: "gw1", software: "genapi 1", startedAt: 7)), of: 0, at: fixture.now)
    fixture.states[0] = fixture.states[1]
    fixture.send(0, isSnapshot: true)
    for _ in 0..<12 { fixture.tick { state, _ in state.add(ok: [1, 1]) } }
    #expect(fixture.model.summary.totals.requests == 54)
    #expect(fixture.model.requests(settings).map(\.requestsPerSecond) == [2])
    #expect(fixture.model.targets[0].twin == 1)
    // It began anew, at one address before the other.
    for index in 0...1 {
      fixture.states[index] = GatewayState()
      hello(&fixture, index, startedAt: 9)
    }
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [1]) } }
    #expect(fixture.model.summary.totals.requests == 3)
    #expect(fixture.model.nodes(settings).map(\.name) == ["gw1"])
  }

  @Test("two gateways with the same name get numbers, and stay apart everywhere")
  func sameName() throws {
    var fixture = ModelFixture(gateways: 2)
    hello(&fixture, 0, startedAt: 7)
    hello(&fixture, 1, startedAt: 8)
    fixture.tick { state, index in
      state.services = [ServiceState(service: "orders", configVersion: index == 0 ? "1" : "2")]
    }
    let settings = ViewSettings()
    #expect(fixture.model.nodes(settings).map(\.name) == ["gw1", "gw1#2"])
    #expect(fixture.model.configs(settings).services[0].versions == ["gw1": "1", "gw1#2": "2"])
    #expect(try FilterExpression(parsing: "node:gw1#2").pushdown.include.nodes.isEmpty)
    #expect(try FilterExpression(parsing: "-node:gw1#2").pushdown.exclude.nodes.isEmpty)
  }
}

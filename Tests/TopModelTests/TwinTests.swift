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

  @Test("when one address is lost the other goes on counting")
  func takesOver() {
    var fixture = ModelFixture(gateways: 2)
    hello(&fixture, 0, startedAt: 7)
    hello(&fixture, 1, startedAt: 7)
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [1]) } }
    fixture.model.fold(.failed("gone"), of: 0, at: fixture.now)
    for _ in 0..<4 {
      fixture.second += 1
      fixture.states[1].add(ok: [1, 1, 1])
      fixture.send(1)
    }
    var settings = ViewSettings()
    settings.filter = (try? FilterExpression(parsing: "node:gw1#2")) ?? FilterExpression()
    #expect(fixture.model.requests(settings).map(\.requestsPerSecond) == [3])
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

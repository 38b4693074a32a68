import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("The configs of all gateways, kept as long as no list changes")
struct KeptConfigsTests {
  private static func change(_ state: inout GatewayState, at now: Int64, _ random: inout SeededRandom) {
    let service: ByteText = ["users", "orders"].randomElement(using: &random)!
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      state.functions.append(FunctionState(service: service, requestType: "f\(state.functions.count)"))
    case 1: if !state.functions.isEmpty { state.functions.removeLast() }
    case 2:
      if let index = state.functions.indices.randomElement(using: &random) {
        state.functions[index].nodes = ["n\(Int.random(in: 0..<3, using: &random))"]
      }
    case 3:
      let version: ByteText = "\(Int.random(in: 1...3, using: &random)).0.0"
      var told = ServiceState(service: service)
      told.configVersion = version
      state.services.removeAll { $0.service == service }
      state.services.append(told)
    case 4:
      state.configChanges.append(
        ConfigChangeState(
          id: Int64(state.configChanges.count + 1), at: now, kind: "version", service: service, from: "1.0.0",
          to: "2.0.0"))
    default: break
    }
  }

  @Test("what is kept is what is put together anew, over random changes and silences", arguments: 1...4)
  func same(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var fixture = ModelFixture(gateways: 3)
    for _ in 0..<100 {
      fixture.second += [1, 1, 1, 1, 20, 301].randomElement(using: &random)!
      for index in 0..<3 {
        let now = fixture.now
        if Bool.random(using: &random) { Self.change(&fixture.states[index], at: now, &random) }
        if Int.random(in: 0..<5, using: &random) > 0 { fixture.send(index) }
      }
      fixture.model.tick(at: fixture.now)
      var settings = ViewSettings()
      settings.filter = try FilterExpression(
        parsing: ["", "", "service:users", "node:gw1"].randomElement(using: &random)!)
      if Int.random(in: 0..<6, using: &random) == 0 { settings.moment = .at(fixture.now - 5_000_000) }
      for _ in 0..<2 { #expect(fixture.model.configs(settings) == fixture.model.configsAnew(settings)) }
    }
  }

  @Test("seconds in which no list changes compare no function, however many alerts ask")
  func quiet() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, _ in
      state.functions = (0..<100).map { FunctionState(service: "s", requestType: "f\($0)") }
      state.services = [ServiceState(service: "s")]
    }
    fixture.tick()
    _ = fixture.model.configs(ViewSettings())
    let made = fixture.model.keptConfigs.viewsMade
    for _ in 0..<20 {
      fixture.tick { state, _ in state.add("s", "f1", ok: [1_000]) }
      #expect(fixture.model.configs(ViewSettings()).functions.count == 100)
    }
    #expect(fixture.model.keptConfigs.viewsMade == made)
    fixture.tick { state, gateway in if gateway == 0 { state.functions[3].nodes = ["n1"] } }
    #expect(fixture.model.configs(ViewSettings()).functions.contains { $0.nodes == ["n1"] })
  }

  @Test("a long list is not gone through again for each entry that is told of it")
  func room() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in for number in 0..<2_000 { state.add("s", "f\(number)", ok: [1_000]) } }
    let looks = fixture.model.targets[0].budgetRoom.looks
    #expect(looks > 0)
    for _ in 0..<20 { fixture.tick { state, _ in state.add("s", "f1", ok: [1_000]) } }
    #expect(fixture.model.targets[0].budgetRoom.looks == looks)
  }
}

import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("The functions of all gateways, kept as long as no list changes")
struct KeptFunctionsTests {
  private static func function(_ type: ByteText, nodes: [ByteText] = []) -> FunctionState {
    var function = FunctionState(service: "users", requestType: type)
    function.nodes = nodes
    return function
  }

  private static func shown(_ fixture: ModelFixture) -> [ByteText] {
    fixture.model.configs(ViewSettings()).functions.map {
      "\($0.requestType) \($0.nodes.joined(separator: "+"))"
    }
  }

  @Test("a function that one gateway adds, changes or withdraws is shown so at once, beside those that stay")
  func changes() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, _ in state.functions = [Self.function("b"), Self.function("a")] }
    #expect(Self.shown(fixture) == ["a ", "b "])
    fixture.tick()
    #expect(Self.shown(fixture) == ["a ", "b "])
    fixture.tick { state, gateway in if gateway == 1 { state.functions.append(Self.function("c")) } }
    #expect(Self.shown(fixture) == ["a ", "b ", "c "])
    fixture.tick { state, _ in state.functions[0].nodes = ["n1"] }
    #expect(Self.shown(fixture) == ["a ", "b n1", "c "])
    fixture.tick { state, gateway in if gateway == 1 { state.functions.removeLast() } }
    #expect(Self.shown(fixture) == ["a ", "b n1"])
  }

  @Test("what a silent gateway has gives way to what another has, once it is silent")
  func silent() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, gateway in state.functions = [Self.function("a", nodes: ["n\(gateway)"])] }
    #expect(Self.shown(fixture) == ["a n0"])
    for _ in 0..<20 {
      fixture.second += 1
      fixture.send(1)
      fixture.model.tick(at: fixture.now)
    }
    #expect(Self.shown(fixture) == ["a n1"])
  }
}

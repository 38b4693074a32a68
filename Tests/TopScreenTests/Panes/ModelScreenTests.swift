import GenAPITelemetry
import Testing
import TopModel

@testable import TopScreen

@Suite("The screen of a model")
struct ModelScreenTests {
  @Test("a target that does not answer is on the screen with the reason, and when it is tried again")
  func down() {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.disconnected(target: 0, reason: "connection refused"), at: Sample.now)
    model.fold(.retrying(target: 0, inMs: 500), at: Sample.now)
    let text = TextWriter.write(ScreenRenderer().render(model: model, state: ScreenState()))
    #expect(text.contains("○ gw1:4710"))
    #expect(text.contains("connection refused"))
    #expect(text.contains("500ms"))
  }

  @Test("what a gateway reports is on the screen")
  func live() {
    var model = ClusterModel(targets: ["gw1:4710"])
    var gateway = GatewayState()
    gateway.pools = [PoolState(name: "async_pool", workers: 4, busy: 1)]
    model.fold(.hello(target: 0, node: "gw1", software: "1.0.0", startedAt: Sample.now), at: Sample.now)
    model.fold(.snapshot(target: 0, at: Sample.now, sequence: 1, gateway), at: Sample.now)
    model.fold(.tick, at: Sample.now + 1_000_000)
    var state = ScreenState()
    state.size = ScreenSize(width: 200, height: 60)
    let grid = ScreenRenderer().render(model: model, state: state)
    expectExactWidths(grid)
    let text = TextWriter.write(grid)
    #expect(text.contains("● live"))
    #expect(text.contains("async "))
    #expect(ScreenContent(model: model, state: state, includingNames: true).names.nodes == ["gw1"])
  }
}

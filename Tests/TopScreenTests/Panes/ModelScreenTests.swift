import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("The screen of a model")
struct ModelScreenTests {
  @Test("a target that does not answer is on the screen with the reason, and when it is tried again")
  func down() {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.failed("connection refused"), of: 0, at: Sample.now)
    model.fold(.retrying(inMs: 500), of: 0, at: Sample.now)
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
    model.fold(
      .connected(Hello(node: "gw1", software: "1.0.0", startedAt: Sample.now)), of: 0, at: Sample.now)
    model.fold(.frame(.snapshot(at: Sample.now, sequence: 1, gateway)), of: 0, at: Sample.now)
    model.tick(at: Sample.now + 1_000_000)
    var state = ScreenState()
    state.size = ScreenSize(width: 200, height: 60)
    let grid = ScreenRenderer().render(model: model, state: state)
    expectExactWidths(grid)
    let text = TextWriter.write(grid)
    #expect(text.contains("● live"))
    #expect(text.contains("async "))
    #expect(ScreenContent(model: model, state: state, includingNames: true).names.nodes == ["gw1"])
  }

  @Test("while the first numbers of a large gateway are read, that is said, and nothing of silence")
  func reading() {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connecting, of: 0, at: Sample.now)
    model.expect(functions: 5_000, of: 0)
    var text = TextWriter.write(ScreenRenderer().render(model: model, state: ScreenState()))
    #expect(text.contains("gw1:4710  reading 5 000 functions"), "\(text)")
    model.fold(
      .connected(Hello(node: "gw1", software: "1.0.0", startedAt: Sample.now)), of: 0, at: Sample.now)
    model.tick(at: Sample.now + 8_000_000)
    text = TextWriter.write(ScreenRenderer().render(model: model, state: ScreenState()))
    #expect(text.contains("connected, reading 5 000 functions"), "\(text)")
    let header = text.split(separator: "\n").first ?? ""
    #expect(header.contains("reading 5 000 functions") && !text.contains("silent") && !text.contains("stale"))
  }

  @Test("a gateway that is not ready says why in the header, and a pane of what it does not tell says that")
  func unready() {
    var model = ClusterModel(targets: ["gw1:4710"])
    var gateway = GatewayState()
    gateway.unknown = UnknownState([StateField("limits")])
    gateway.readiness = ReadinessState(fault: "rate_limiter_instance_0 does not answer")
    model.fold(
      .connected(Hello(node: "gw1", software: "1.0.0", startedAt: Sample.now)), of: 0, at: Sample.now)
    model.fold(.frame(.snapshot(at: Sample.now, sequence: 1, gateway)), of: 0, at: Sample.now)
    model.tick(at: Sample.now + 1_000_000)
    var state = ScreenState()
    state.size = ScreenSize(width: 160, height: 60)
    let text = TextWriter.write(ScreenRenderer().render(model: model, state: state))
    let header = text.split(separator: "\n").first ?? ""
    #expect(header.contains("1 not ready   rate_limiter_instance_0 does not answer"), "\(header)")
    #expect(text.contains("no gateway tells of this") && !text.contains("no rate limits configured"))
  }

  @Test("what no gateway tells is a dash on the screen, and a pane of it says so; never 0")
  func unknown() {
    var model = ClusterModel(targets: ["gw1:4710"])
    var gateway = GatewayState()
    gateway.limits = [LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000)]
    gateway.pools = [PoolState(name: "async_pool", workers: 4, busy: 1)]
    gateway.unknown = UnknownState([
      .totals, .series, .limitChecks, .limitRejections, .limitKeys, .poolBreaker, .poolFailures,
      .poolRejected,
      .breakers, .sockets,
    ])
    model.fold(
      .connected(Hello(node: "gw1", software: "1.0.0", startedAt: Sample.now)), of: 0, at: Sample.now)
    for second in 0..<3 as Range<Int64> {
      let at = Sample.now + second * 1_000_000
      model.fold(.frame(.snapshot(at: at, sequence: 0, gateway)), of: 0, at: at)
      model.tick(at: at)
    }
    var state = ScreenState()
    state.size = ScreenSize(width: 200, height: 60)
    let text = TextWriter.write(ScreenRenderer().render(model: model, state: state))
    #expect(text.contains("– req/s") && text.contains("– ev/s"), "\(text)")
    #expect(text.contains("– keys") && text.contains(" –/s"), "\(text)")
    #expect(text.contains("no gateway tells of this"), "\(text)")
    for zero in ["● closed", " 0/s", "0 keys", "0 req/s", "0/0"] {
      #expect(!text.contains(zero), "\(zero) in\n\(text)")
    }
    state.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: "ggw1"))))]
    let page = TextWriter.write(ScreenRenderer().render(model: model, state: state))
    #expect(!page.contains("0 channels joined") && !page.contains("0 ok"), "\(page)")
  }

  private func event(_ number: Int64, request: String) -> SubscriberEvent {
    .frame(
      .event(
        EventRecord(
          sequence: number, at: 1_000_000 + number, name: EventName.executorRequestStop.path,
          metadata: ["request_id": .string(ByteText(request)), "outcome": .string("ok")])))
  }

  /// Ten thousand events, of which each tenth is of the request r7, then ten thousand others.
  private func flood(_ model: inout ClusterModel, from first: Int64, request: (Int64) -> String) {
    for number in first..<first + 10_000 {
      model.fold(event(number, request: request(number)), of: 0, at: 2_000_000)
    }
  }

  @Test("events that are held, and the request that is read, stay however many come")
  func held() {
    var model = ClusterModel(targets: ["gw1:4710"])
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    flood(&model, from: 0) { "r\($0 % 1_000)" }
    state.isFollowing = false
    state.dialogs = [.detail(DetailDialog(.request("r7")))]
    let before = ScreenContent(model: model, state: state)
    state.keepWhatIsRead(before)
    #expect(before.trace.count == 8)
    flood(&model, from: 10_000) { _ in "other" }
    let after = ScreenContent(model: model, state: state)
    #expect(after.events == before.events)
    #expect(after.trace == before.trace)
    state.isFollowing = true
    state.dialogs = []
    state.keepWhatIsRead(after)
    #expect(ScreenContent(model: model, state: state).events.last?.record.sequence == 19_999)
    #expect(state.keptTraces.isEmpty && state.heldEvents.isEmpty)
  }

  @Test("events of the moment a screen was paused at stay, and steps show what there was then")
  func pausedEvents() {
    var model = ClusterModel(targets: ["gw1:4710"])
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    flood(&model, from: 0) { _ in "a" }
    let shown = ScreenContent(model: model, state: state)
    state.settings.moment = .at(1_010_000)
    state.keepWhatIsRead(shown)
    flood(&model, from: 2_000_000) { _ in "b" }
    #expect(ScreenContent(model: model, state: state).events == shown.events)
    state.settings.moment = .at(1_009_900)
    #expect(ScreenContent(model: model, state: state).events.last?.record.sequence == 9_900)
    state.settings.moment = .at(9_000_000)
    #expect(ScreenContent(model: model, state: state).events.last?.record.requestID == "b")
  }
}

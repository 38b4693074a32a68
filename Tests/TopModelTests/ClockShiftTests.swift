import GenAPIStream
import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("A gateway whose clock is wrong")
struct ClockShiftTests {
  /// Its clock is five minutes ahead.
  private let ahead: Int64 = 300_000_000

  private func model(ahead: Int64) -> ClusterModel {
    let now = ModelFixture.start
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: now)
    var state = GatewayState()
    state.pools = [PoolState(name: "async", workers: 1, breaker: .open)]
    state.breakers = [
      BreakerState(
        pool: "async", state: .open, since: now + ahead - 10_000_000,
        openedAt: now + ahead - 30_000_000, probeAt: now + ahead + 20_000_000)
    ]
    model.fold(.frame(.snapshot(at: now + ahead, sequence: 0, state)), of: 0, at: now)
    model.fold(.frame(.event(.stop(1, at: now + ahead))), of: 0, at: now)
    return model
  }

  @Test("countdowns and ages are by this machine's clock", arguments: [300_000_000, -7_000_000, 0])
  func countdown(_ ahead: Int64) {
    let circuits = model(ahead: ahead).circuits(ViewSettings(), slots: 5)
    #expect(circuits.pools[0].cooldownLeftMs == 20_000)
    #expect(circuits.breakers[0].state.since == ModelFixture.start - 10_000_000)
    #expect(circuits.breakers[0].state.notClosedSince == ModelFixture.start - 30_000_000)
  }

  @Test("a time that is not known stays unknown: a node that nobody has seen yet is not down since then")
  func unknownTimes() {
    let now = ModelFixture.start
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: now)
    var state = GatewayState()
    state.nodes = [
      ServiceNodeState(node: "new@h", up: false), ServiceNodeState(node: "old@h", up: false, since: 5),
    ]
    model.fold(.frame(.snapshot(at: now + ahead, sequence: 0, state)), of: 0, at: now)
    #expect(model.targets[0].state.nodes.map(\.isUnseen) == [true, false])
    #expect(model.header(ViewSettings()).serviceNodesDown == ["old@h"])
  }

  @Test("its events are found at the moment they happened")
  func events() {
    var settings = ViewSettings()
    settings.moment = .at(ModelFixture.start + 1_000_000)
    #expect(model(ahead: ahead).events(settings, limit: 5).rows.map(\.record.at) == [ModelFixture.start])
  }

  @Test("how far it is off is still told")
  func skew() {
    #expect(model(ahead: ahead).nodes(ViewSettings())[0].clockSkewMs == -300_000)
  }

  @Test("what is late for minutes, since much comes, is not a clock that is wrong")
  func late() {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: ModelFixture.start)
    func tell(_ second: Int64, late: Int64) {
      let sent = ModelFixture.start + second * 1_000_000
      model.fold(.frame(.state(at: sent, sequence: 0, GatewayStateChange())), of: 0, at: sent + late)
    }
    for second in 1...10 as ClosedRange<Int64> { tell(second, late: 1_000) }
    for second in 11...400 as ClosedRange<Int64> { tell(second, late: 4_500_000) }
    #expect(model.nodes(ViewSettings())[0].clockSkewMs == 1)
    model.fold(.frame(.event(.stop(1, at: 5))), of: 0, at: ModelFixture.start + 401_000_000)
    #expect(model.events(ViewSettings(), limit: 5).rows.map(\.record.at) == [5])
  }

  @Test("a clock that is set back or forward is followed at once")
  func set() {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: ModelFixture.start)
    for (second, ahead) in [(1, 0), (2, 0), (3, -60), (4, -60), (5, 30), (6, 30)] as [(Int64, Int64)] {
      let now = ModelFixture.start + second * 1_000_000
      model.fold(
        .frame(.state(at: now + ahead * 1_000_000, sequence: 0, GatewayStateChange())), of: 0, at: now)
      #expect(model.nodes(ViewSettings())[0].clockSkewMs == -ahead * 1_000)
    }
  }

  @Test("times do not tremble with the delays of the way")
  func steady() {
    var shift = ClockShift()
    shift.follow(1_900_000)
    #expect(shift.us == 0)
    shift.follow(60_000_000)
    shift.follow(60_900_000)
    #expect(shift.us == 60_000_000)
    shift.follow(0)
    #expect(shift.us == 0)
  }
}

import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

/// What a gateway told last that tells nothing now.
@Suite("The numbers of a stale gateway do not count, and a word says so")
struct StaleWordTests {
  /// Two gateways of which the second refuses the token; both know a node and call it.
  private var model: ClusterModel {
    var model = ClusterModel(targets: ["gw1:4710", "gw2:4710"])
    var gateway = GatewayState()
    gateway.pools = [PoolState(name: "async_pool", workers: 4, busy: 1)]
    gateway.services = [ServiceState(service: "bill")]
    gateway.limits = [LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000)]
    for second in 0..<5 as Range<Int64> {
      let at = Sample.now + second * 1_000_000
      gateway.limits[0].checks = second * 8
      gateway.nodes = [
        ServiceNodeState(node: "s1", up: true, since: Sample.now, calls: second * 10, services: ["bill"])
      ]
      for index in 0..<2 {
        if second == 0 {
          model.fold(
            .connected(Hello(node: "gw\(index + 1)", startedAt: Sample.now)), of: index, at: at)
        }
        model.fold(.frame(.snapshot(at: at, sequence: 0, gateway)), of: index, at: at)
      }
      model.tick(at: at)
    }
    let at = Sample.now + 5_000_000
    model.fold(.refused(.unauthorized, "the token is wrong"), of: 1, at: at)
    model.fold(.frame(.snapshot(at: at, sequence: 0, gateway)), of: 0, at: at)
    model.tick(at: at)
    return model
  }

  @Test("a service node's rate is that of the gateways that tell, and a refused gateway has no rate at all")
  func sums() throws {
    let rows = model.nodes(ViewSettings())
    let node = try #require(rows.first { $0.name == "s1" })
    let (live, stale) = (
      try #require(node.sightings.first { $0.gateway == "gw1" }),
      try #require(node.sightings.first { $0.gateway == "gw2" })
    )
    #expect(stale.isStale && stale.requestsPerSecond == nil && !live.isStale)
    #expect(node.requestsPerSecond == live.requestsPerSecond && node.isUp)
    let gateway = try #require(rows.first { $0.name == "gw2" })
    #expect(gateway.requestsPerSecond == nil && gateway.cpuPercent == nil && gateway.isStale)
  }

  @Test("a limit's checks, keys and refusals are those of the gateways that tell, while one does")
  func limits() throws {
    let row = try #require(model.limits(ViewSettings()).first)
    #expect(row.gateways == ["gw1"] && !row.isStale)
    var alone = model
    alone.fold(.refused(.unauthorized, "the token is wrong"), of: 0, at: Sample.now + 6_000_000)
    alone.tick(at: Sample.now + 6_000_000)
    let old = try #require(alone.limits(ViewSettings()).first)
    #expect(old.gateways == ["gw1", "gw2"] && old.isStale)
  }

  @Test(
    "a relay group of a gateway that is gone says so in words beside others, however narrow the pane is",
    arguments: 20...80)
  func relay(_ width: Int) {
    var content = Sample.content
    content.relay = ["gone", "here"].map { name in
      var row = RelayRow(
        node: name == "gone" ? "gw1" : "gw2",
        group: GroupState(groupID: ByteText(name), groupType: "public", active: 3), messagesPerSecond: 4)
      row.isStale = name == "gone"
      return row
    }
    let text = TextWriter.write(PaneTests.draw(.relay, content, width: width, height: 8))
    let rows = text.split(separator: "\n")
    #expect(rows.contains { $0.contains("gone") && $0.contains("stale") }, "\(text)")
    #expect(!rows.contains { $0.contains("here") && $0.contains("stale") }, "\(text)")
  }

  @Test("the lag of a gateway that tells every second is none, wherever between two frames it is looked at")
  func lag() throws {
    var model = model
    func row(_ at: Int64) throws -> NodeRow {
      model.tick(at: Sample.now + at)
      return try #require(model.nodes(ViewSettings()).first { $0.name == "gw1" })
    }
    for late: Int64 in stride(from: 0, through: 1_400_000, by: 100_000) {
      #expect(try row(5_000_000 + late).lateSeconds == 0)
    }
    #expect(try row(7_100_000).lateSeconds == 1)
    var hostile = try row(7_100_000)
    (hostile.lagMs, hostile.dueMs) = (.max, .min)
    #expect(try #require(hostile.lateSeconds) > 0)
  }

  @Test("the word stands in every pane that has a stale row beside others, and on the pages")
  func words() {
    let model = model
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 50)
    for pane: PaneKind in [.circuits, .limits, .nodes] {
      state.focus = pane
      state.isZoomed = true
      state.dialogs = []
      let text = TextWriter.write(ScreenRenderer().render(model: model, state: state))
      if pane != .limits { #expect(text.contains("stale") || text.contains("token refused"), "\(text)") }
    }
    state.isZoomed = false
    let pool = model.circuits(ViewSettings(), slots: 1).pools.first { $0.isStale }
    for subject: DetailDialog.Subject in [
      .init(NodeDetail(id: "ggw2")), .init(NodeDetail(id: "ss1")), .init(PoolDetail(id: pool?.id ?? "")),
    ] {
      state.dialogs = [.detail(DetailDialog(subject))]
      let text = TextWriter.write(ScreenRenderer().render(model: model, state: state))
      #expect(text.contains("stale"), "\(text)")
    }
  }
}

import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("A page tells of its subject only")
struct WhoseCallsTests {
  private func row(_ number: Int64, _ name: EventName, _ metadata: ValueObject) -> EventRow {
    EventRow(
      node: "gw1",
      record: EventRecord(
        sequence: number, at: Sample.now - 5_000_000 + number * 1_000, name: name.path, metadata: metadata))
  }

  @Test(
    "that of a node's breaker has no calls that another node failed, and none that another's breaker refused")
  func breaker() {
    var content = ScreenContent()
    let breakers = ["svc1", "svc2"].map { node in
      CircuitsContent.Breaker(
        node: "gw1",
        state: BreakerState(
          pool: "p", service: "remote", node: ByteText(node), state: .open, since: Sample.now, openedCount: 1)
      )
    }
    content.circuits.breakers = breakers
    content.circuits.pools = [
      CircuitsContent.Pool(node: "gw1", state: PoolState(name: "p", workers: 1, busy: 0))
    ]
    for (number, node) in ["svc1", "svc2", nil].enumerated() {
      let name = ByteText("by_" + (node ?? "nobody"))
      var metadata: ValueObject = [
        "request_id": .string("r\(number)"), "service": "remote", "request_type": .string(name),
        "outcome": "timeout", "success": false, "pool_name": "p",
      ]
      content.breakerEvents.append(row(Int64(number) * 3, .workerPoolTaskException, metadata))
      if let node { metadata["node_called"] = .string(ByteText(node)) }
      content.breakerEvents.append(row(Int64(number) * 3 + 1, .executorRequestStop, metadata))
      var refused = metadata
      refused["request_id"] = .string("refused\(number)")
      refused["request_type"] = .string("refused_" + name)
      refused["reason"] = "circuit_open"
      if let node { refused["node"] = .string(ByteText(node)) }
      content.breakerEvents.append(row(Int64(number) * 3 + 2, .workerPoolTaskRejected, refused))
    }
    let text = screenText(content, width: 120, height: 50) {
      $0.focus = .circuits
      $0.dialogs = [.detail(DetailDialog(.init(BreakerDetail(id: breakers[1].id))))]
    }
    #expect(text.contains(" by_svc2") || text.contains("remote by_svc2"), "\(text)")
    #expect(text.contains("by_nobody"), "what tells no node may be its\n\(text)")
    #expect(!text.contains("by_svc1"), "\(text)")
  }

  @Test("that of a gateway that was never reached tells nothing that nobody told")
  func neverReached() {
    var model = ClusterModel(targets: ["gw1:4710", "gw2:4710"])
    model.fold(.failed("connection refused"), of: 0, at: Sample.now)
    model.fold(.retrying(inMs: 500), of: 0, at: Sample.now)
    model.fold(.connected(Hello(node: "gw2", software: "1", startedAt: 1)), of: 1, at: Sample.now)
    model.fold(.frame(.snapshot(at: Sample.now, sequence: 1, GatewayState())), of: 1, at: Sample.now)
    func page(_ id: ByteText) -> String {
      var state = ScreenState()
      state.size = ScreenSize(width: 120, height: 60)
      state.focus = .nodes
      state.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: id))))]
      return TextWriter.write(ScreenRenderer().render(model: model, state: state))
    }
    let text = page("ggw1:4710")
    #expect(text.contains("Gateway gw1:4710") && text.contains("connection refused"), "\(text)")
    for word in ["threads", "as it was told last", "channels joined", "0 emitted", "none has run"] {
      #expect(!text.contains(word), "\(word)\n\(text)")
    }
    #expect(page("ggw2").contains("threads"))
    // What one told that is gone now stands, with the word that it is old.
    model.fold(.failed("connection refused"), of: 1, at: Sample.now + 1_000_000)
    model.tick(at: Sample.now + 20_000_000)
    #expect(page("ggw2").contains("as it was told last"), "\(page("ggw2"))")
    #expect(page("ggw2").contains("threads"))
  }
}

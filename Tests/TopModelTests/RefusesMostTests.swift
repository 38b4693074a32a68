import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What refuses most stands first")
struct RefusesMostTests {
  private static func breaker(
    _ service: ByteText?, _ state: CircuitState, pool: ByteText = "p", worker: Int? = nil
  ) -> BreakerState {
    BreakerState(pool: pool, worker: worker, service: service, state: state, since: ModelFixture.start)
  }

  @Test("a half-open breaker that refuses stands above an open one that refuses nothing")
  func halfOpen() {
    var fixture = ModelFixture(gateways: 2)
    for second in 1...5 {
      fixture.tick { state, index in
        state.add("stock", "list", ok: [100])
        if index == 0 { state.add("orders", "place", rejected: [1, 1], outcome: .unavailable) }
        state.breakers = [Self.breaker("stock", .open)]
        if index == 0 { state.breakers.append(Self.breaker("orders", .halfOpen)) }
        let refused = index == 0 ? Int64(second) * 2 : 0
        state.pools = [
          PoolState(
            name: "p", workers: 4, openServices: 1, halfOpenServices: index == 0 ? 1 : 0, rejected: refused)
        ]
      }
    }
    let view = fixture.model.circuits(ViewSettings(), slots: 1)
    #expect(view.pools.map(\.node) == ["gw1", "gw2"])
    #expect(view.breakers.map(\.state.service) == ["orders", "stock", "stock"])
    #expect(view.breakers[0].refused > 0 && view.breakers[1].refused == 0)
  }

  @Test("what a pool refused for one of its services is not that of an open worker of it")
  func worker() {
    var fixture = ModelFixture()
    for second in 1...5 {
      fixture.tick { state, _ in
        state.add("orders", "place", rejected: [1, 1], outcome: .unavailable)
        state.breakers = [Self.breaker(nil, .open, worker: 1), Self.breaker("orders", .halfOpen)]
        state.pools = [PoolState(name: "p", workers: 4, rejected: Int64(second) * 2)]
      }
    }
    let breakers = fixture.model.circuits(ViewSettings(), slots: 1).breakers
    #expect(breakers.map(\.state.service) == ["orders", nil] && breakers[1].refused == 0)
  }

  @Test(
    "of what refuses nothing an open breaker stands above a half-open one, and a pool that is well again below"
  )
  func nothing() {
    var fixture = ModelFixture()
    for second in 1...3 {
      fixture.tick { state, _ in
        state.breakers = [
          Self.breaker("a", .halfOpen), Self.breaker("b", .open, pool: "q"),
        ]
        state.pools = [
          PoolState(name: "was", workers: 4, rejected: Int64(second)),
          PoolState(name: "p", workers: 4, halfOpenServices: 1),
          PoolState(name: "q", workers: 4, openServices: 1),
        ]
      }
    }
    let view = fixture.model.circuits(ViewSettings(), slots: 1)
    #expect(view.breakers.map(\.state.service) == ["b", "a"])
    #expect(view.pools.map(\.state.name) == ["q", "was", "p"])
  }

  @Test("calls that raised, which name their node in words only, are of the breaker of that node")
  func namedInWords() {
    func row(_ number: Int64, _ name: EventName, _ id: ByteText, _ reason: ByteText) -> EventRow {
      EventRow(
        node: "gw1",
        record: EventRecord(
          sequence: number, at: number, name: name.path,
          metadata: [
            "request_id": .string(id), "service": "pay", "pool_name": "p", "reason": .string(reason),
            "outcome": "exception", "success": false,
          ]))
    }
    let reasons: [ByteText] = [
      "app1@h: exit db_down", "app2@h: exit db_down",
      "app1@h: no answer within 5 ms; then app2@h: exit db_down",
      "exit asked app1@h: no", "db_down",
    ]
    let rows = reasons.enumerated().flatMap { number, reason in
      [
        row(1, .executorRequestException, ByteText("r\(number)"), reason),
        row(2, .workerPoolTaskException, ByteText("r\(number)"), reason),
      ]
    }
    func ids(_ node: ByteText) -> [ByteText] {
      PoolFailures.rows(rows, on: "gw1", node: node).compactMap(\.record.requestID).sortedNaturally()
    }
    // Of what names none nobody knows.
    #expect(ids("app1@h") == ["r0", "r2", "r3", "r4"] && ids("app2@h") == ["r1", "r2", "r3", "r4"])
  }

  @Test("attempts that were made again are found with the events of a breaker, of its node only")
  func retried() {
    func row(_ number: Int64, _ name: EventName, _ metadata: ValueObject) -> EventRow {
      EventRow(
        node: "gw1", record: EventRecord(sequence: number, at: number, name: name.path, metadata: metadata))
    }
    func call(_ id: ByteText, failing node: ByteText, mode: ByteText = "all_nodes") -> [EventRow] {
      let nodes: [Value] = mode == "all_nodes" ? ["other", .string(node)] : [.string(node)]
      return [
        row(
          1, .executorRetry,
          ["request_id": .string(id), "service": "stock", "mode": .string(mode), "nodes": .array(nodes)]),
        row(2, .workerPoolTaskStop, ["request_id": .string(id), "service": "stock", "pool_name": "p"]),
      ]
    }
    let rows =
      call("r1", failing: "n1") + call("r2", failing: "n2") + call("r3", failing: "n1", mode: "same_node")
      + [row(1, .executorRetry, ["request_id": "nowhere", "service": "stock", "mode": "same_node"])]
    let query = EventSearch.Query.breaker(service: "stock", pool: "p", until: .max)
    let found = rows.filter { query.passes($0) }
    #expect(found.count == rows.count)
    func ids(_ node: ByteText?) -> [ByteText?] {
      PoolFailures.retried(found, on: "gw1", node: node).map(\.record.requestID)
    }
    #expect(ids("n1") == ["r1", "r3"] && ids("n2") == ["r2"] && ids(nil) == ["r1", "r2", "r3"])
    #expect(PoolFailures.rows(found, on: "gw1").isEmpty)
  }
}

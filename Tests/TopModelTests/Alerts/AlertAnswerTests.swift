import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What can be told of an expression")
struct AlertAnswerTests {
  private func answer(_ fixture: ModelFixture, _ text: String) throws -> AlertAnswer {
    try fixture.model.answer(AlertExpression(parsing: text), window: .tenSeconds)
  }

  private func isEarly(_ answer: AlertAnswer) -> Bool { if case .early = answer { true } else { false } }

  @Test("a metric is told when all of its window was watched, of every gateway, and not before")
  func window() throws {
    var fixture = ModelFixture(gateways: 2)
    for second in 1...60 {
      fixture.tick { state, _ in state.add(ok: [1_000]) }
      #expect(try isEarly(answer(fixture, "p99 < 60s")) == (second < 10), "second \(second)")
      #expect(try isEarly(answer(fixture, "p99 < 60s over 1m")) == (second < 60), "second \(second)")
    }
    #expect(try answer(fixture, "p99 < 60s over 5m") == .early(seconds: 240))
    guard case .found(let findings) = try answer(fixture, "p99 < 60s over 1m") else {
      Issue.record("nothing was found")
      return
    }
    #expect(findings.map(\.holds) == [true])
  }

  @Test("what is so at once is told at once")
  func states() throws {
    var fixture = ModelFixture()
    fixture.tick { state, _ in state.pools = [PoolState(name: "async", workers: 1)] }
    for text in ["no breaker open", "no node down", "breaker open", "memory < 1GB"] {
      #expect(try !isEarly(answer(fixture, text)), "\(text)")
    }
    #expect(try answer(fixture, "breaker open") == .found([]))
  }

  @Test(
    "no node is down is not told of a node that nobody saw, where calls are not counted: it went before the check began"
  )
  func unseenNode() throws {
    func told(_ nodes: [ServiceNodeState], _ unknown: [StateField], _ text: String = "no node down") throws
      -> AlertAnswer
    {
      var fixture = ModelFixture()
      fixture.tick { state, _ in
        state.nodes = nodes
        state.unknown = UnknownState(unknown)
      }
      return try answer(fixture, text)
    }
    let up = ServiceNodeState(node: "a@h", up: true, since: 0)
    let unseen = ServiceNodeState(node: "b@h", up: false)
    guard case .nothing(let reason) = try told([up, unseen], [.nodeCalls]) else {
      Issue.record("it was told")
      return
    }
    #expect(reason.contains("is not connected to b@h, and nobody watched"))
    // Of a gateway that counts its calls it is known that there were none.
    guard case .found = try told([up, unseen], []), case .found = try told([up], [.nodeCalls]),
      case .found = try told([up, unseen], [.nodeCalls], "no node down(a@h)"),
      case .found(let down) = try told(
        [unseen, ServiceNodeState(node: "c@h", up: false, since: 5)], [.nodeCalls])
    else {
      Issue.record("what is known was not told")
      return
    }
    #expect(down.contains { !$0.holds })
  }

  @Test("what is about nothing there is cannot be told")
  func nothing() throws {
    var fixture = ModelFixture()
    for _ in 1...12 { fixture.tick { state, _ in state.pools = [PoolState(name: "async", workers: 1)] } }
    for text in [
      "p99 < 1s", "error% < 5", "rps(nosuch) < 5", "memory(nosuch) < 1GB", "no breaker open(nosuch)",
      "breaker open(nosuch)", "no node down(nosuch)", "no config mismatch(nosuch)",
    ] {
      guard case .nothing = try answer(fixture, text) else {
        Issue.record("\(text) was told")
        continue
      }
    }
    guard case .found = try answer(fixture, "no breaker open(async)") else {
      Issue.record("a pool that is there is not found")
      return
    }
  }

  @Test(
    "a breaker is found by its pool, its service, or both; a half-open one probes, and is not open",
    arguments: [
      ("breaker open(payments)", ["gw1 async payments on n1"]),
      ("breaker open(async/payments)", ["gw1 async payments on n1"]),
      ("breaker open(async)", ["gw1 async payments on n1", "gw1 async worker 2"]),
      ("breaker open(*)", ["gw1 async payments on n1", "gw1 async worker 2"]),
      ("breaker open(*/payments)", ["gw1 async payments on n1"]), ("breaker open(mail)", []),
      ("breaker open(async/mail)", []), ("breaker open(users)", []),
      ("breaker open(async/users)", []),
    ])
  func breakerNames(_ text: String, _ subjects: [ByteText]) throws {
    var fixture = ModelFixture()
    for _ in 1...3 {
      fixture.tick { state, _ in
        state.pools = [PoolState(name: "async", workers: 3)]
        state.services = ["payments", "mail", "users"].map { ServiceState(service: $0) }
        state.breakers = [
          BreakerState(pool: "async"), BreakerState(pool: "async", worker: 2, state: .open),
          BreakerState(pool: "async", service: "payments", node: "n1", state: .open),
          BreakerState(pool: "async", service: "mail", state: .halfOpen, since: ModelFixture.start),
        ]
      }
    }
    guard case .found(let found) = try answer(fixture, text) else {
      Issue.record("nothing could be told of \(text)")
      return
    }
    #expect(found.map(\.subject).sorted() == subjects)
    #expect(found.allSatisfy { $0.holds && $0.value == "open" })
    // Asked the other way round each of them is told, and not the first alone.
    guard case .found(let others) = try answer(fixture, "no " + text) else {
      Issue.record("nothing could be told of no \(text)")
      return
    }
    #expect(others.map(\.subject).sorted() == (subjects.isEmpty ? ["all"] : subjects))
    #expect(others.allSatisfy { $0.holds == subjects.isEmpty })
    guard case .nothing(let why) = try answer(fixture, "breaker open(nosuch)") else {
      Issue.record("a name that is nothing was told of")
      return
    }
    #expect(why == "there is no pool or service called nosuch")
  }

  @Test("a filter finds a breaker by its service, or by its pool and service")
  func breakerFilter() throws {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.pools = [PoolState(name: "async", workers: 3), PoolState(name: "stream", workers: 1)]
      state.breakers = [
        BreakerState(pool: "async", state: .open),
        BreakerState(pool: "async", service: "payments", state: .open),
        BreakerState(pool: "async", service: "mail", state: .open),
      ]
    }
    func found(_ filter: String) throws -> [ByteText] {
      var settings = ViewSettings()
      settings.filter = try FilterExpression(parsing: filter)
      return fixture.model.circuits(settings, slots: 1).breakers.compactMap(\.state.service)
    }
    #expect(try found("service:payments") == ["payments"])
    #expect(try found("service:async/payments") == ["payments"])
    #expect(try found("-service:payments") == ["mail"])
    #expect(try found("async/pay") == ["payments"])
    #expect(try found("payments") == ["payments"])
    var settings = ViewSettings()
    settings.filter = try FilterExpression(parsing: "payments")
    #expect(fixture.model.circuits(settings, slots: 1).pools.map(\.state.name) == ["async"])
  }
}

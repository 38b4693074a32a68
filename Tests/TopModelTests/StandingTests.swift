import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("How a gateway stands: ready, draining, stopped, refusing")
struct StandingTests {
  private let settings = ViewSettings()

  private func check(_ fixture: ModelFixture, _ text: String) throws -> [Bool]? {
    let answer = try fixture.model.answer(AlertExpression(parsing: text), window: .tenSeconds)
    guard case .found(let found) = answer else { return nil }
    return found.map(\.holds)
  }

  @Test("a gateway that drains is told of, by its row, an alert and a check")
  func draining() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "gateway draining"))])
    fixture.tick { state, _ in state.readiness = ReadinessState(fault: nil) }
    #expect(try check(fixture, "no gateway draining") == [true])
    #expect(try check(fixture, "no gateway unready") == [true])
    fixture.tick { state, index in
      if index == 1 { state.readiness = .draining(fault: "the gateway shuts down") }
    }
    let rows = fixture.model.nodes(settings)
    #expect(rows.map(\.readiness.isDraining) == [true, false] && rows.allSatisfy { $0.isUp })
    #expect(fixture.model.alertRows.filter(\.isFiring).map(\.subject) == ["gw2"])
    #expect(try check(fixture, "no gateway draining") == [false])
    #expect(try check(fixture, "no gateway unready") == [false])
    #expect(try check(fixture, "no gateway draining(gw1)") == [true])
    let past = fixture.second - 1
    var back = settings
    back.moment = .at(ModelFixture.start + past * 1_000_000)
    #expect(fixture.model.nodes(back).map(\.readiness.phase) == ["ready", "ready"])
    let nodes = fixture.model.summary.nodes
    #expect(nodes.map(\.readiness) == ["ready", "draining"] && nodes[1].readiness_fault != nil)
  }

  @Test("a gateway that is not ready says why; of one that does not tell no check can tell")
  func unready() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      if index == 0 { state.readiness = ReadinessState(fault: "no function is known") }
    }
    #expect(try check(fixture, "no gateway unready(gw1)") == [false])
    #expect(try check(fixture, "no gateway unready") == nil)
    #expect(try check(fixture, "no gateway draining(gw2)") == nil)
    #expect(fixture.model.nodes(settings).map(\.readiness.isReady) == [false, nil])
    #expect(fixture.model.summary.nodes.map(\.readiness) == ["starting", nil])
  }

  @Test("a failed reload is told of by the gateway's row, the header, an alert, a check and the summary")
  func failedReload() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "reload failed"))])
    fixture.tick()
    // Gateways of before do not tell.
    #expect(try check(fixture, "no reload failed") == nil)
    fixture.tick { state, _ in state.configuration = ConfigurationState(readAt: 1, lastReadAt: 1) }
    #expect(try check(fixture, "no reload failed") == [true])
    fixture.tick { state, index in
      guard index == 1 else { return }
      state.configuration.fault = "gateway.toml:7: unknown setting \"websocket.prot\""
      state.configuration.failedReloads = 1
    }
    #expect(fixture.model.nodes(settings).first?.name == "gw2")
    #expect(fixture.model.nodes(settings).first?.configuration.fault != nil)
    #expect(fixture.model.header(settings).failedReloads == ["gw2"])
    #expect(fixture.model.alertRows.filter(\.isFiring).map(\.subject) == ["gw2"])
    #expect(try check(fixture, "no reload failed") == [false])
    #expect(try check(fixture, "no reload failed(gw1)") == [true])
    #expect(fixture.model.summary.nodes.map { $0.configuration_fault == nil } == [true, false])
    fixture.tick { state, _ in state.configuration.fault = nil }
    #expect(fixture.model.header(settings).failedReloads.isEmpty)
  }

  @Test("a certificate that has expired, or soon will, is told of by row, header, alert and check")
  func certificates() throws {
    var fixture = ModelFixture()
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "certificate < 7d"))])
    fixture.tick()
    let day: Int64 = 86_400_000_000
    func show(_ left: Int64) {
      fixture.tick { state, _ in
        state.certificates = [
          CertificateState(use: "cluster", path: "/c", expiresAt: ModelFixture.start + 90 * day),
          CertificateState(use: "websocket", path: "/w", expiresAt: ModelFixture.start + left),
        ]
      }
    }
    show(60 * day)
    #expect(
      fixture.model.header(settings).certificateSeconds == nil && fixture.model.alertRows[0].isFiring == false
    )
    #expect(try check(fixture, "certificate > 14d") == [true])
    show(3 * day)
    #expect(fixture.model.nodes(settings)[0].expires)
    #expect(fixture.model.header(settings).certificateSeconds.map { $0 / 86_400 } == 2)
    #expect(fixture.model.alertRows.filter(\.isFiring).map(\.subject) == ["gw1"])
    #expect(try check(fixture, "certificate > 14d") == [false])
    show(-day)
    #expect(fixture.model.alertRows.first?.value == "expired")
    #expect(fixture.model.summary.lists.contains { $0.place == ["certificates"] })
  }

  @Test(
    "connections that could not be accepted, and handshakes that were refused, are alerts while they are new")
  func doors() throws {
    var fixture = ModelFixture()
    let rules = ["accept_failures > 0 over 10s", "handshakes_refused > 5/s over 10s"]
    fixture.model.watch(try rules.map { AlertRule(try AlertExpression(parsing: $0)) })
    fixture.tick { state, _ in
      state.sockets = SocketsState(acceptFailures: 7, refusedHandshakes: ["full": 900])
    }
    fixture.tick()
    fixture.tick { state, _ in
      state.sockets.acceptFailures += 61
      state.sockets.refusedHandshakes["full", default: 0] += 100
    }
    #expect(fixture.model.alertRows.count(where: \.isFiring) == 2)
    for _ in 0..<12 { fixture.tick() }
    #expect(fixture.model.alertRows.count(where: \.isFiring) == 0)
    #expect(fixture.model.summary.nodes[0].accept_failures == 68)
  }

  @Test("a full pool is an alert and in the header, by its own name")
  func fullPool() throws {
    var fixture = ModelFixture()
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "pool full"))])
    fixture.tick { state, _ in
      state.pools = [
        PoolState(name: "async_pool", workers: 2, busy: 2, queued: 10, queueLimit: 10),
        PoolState(name: "stream_pool", workers: 2, busy: 2, queued: 3, queueLimit: 10),
      ]
    }
    #expect(fixture.model.alertRows.filter(\.isFiring).map(\.subject) == ["gw1 async_pool"])
    #expect(fixture.model.header(settings).fullPools.count == 1)
    #expect(try check(fixture, "no pool full(stream_pool)") == [true])
    #expect(try check(fixture, "no pool full") == [false])
  }

  @Test("the header tells service nodes that are down from gateways, each once")
  func serviceNodesDown() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, _ in
      state.nodes = [
        ServiceNodeState(node: "u1@a", up: true), ServiceNodeState(node: "u2@a", up: false, since: 5),
        // Not connected to yet, so that nobody knows.
        ServiceNodeState(node: "u3@a", up: false, since: 0),
      ]
    }
    let header = fixture.model.header(settings)
    #expect(header.serviceNodesDown.count == 1 && header.nodesUp == 2 && header.nodesTotal == 2)
  }

  @Test("what a gateway refuses is told beside what fails")
  func refusedBesideFailed() {
    var fixture = ModelFixture()
    fixture.tick()
    fixture.tick { state, _ in
      state.add(failed: [1_000], rejected: [1_000, 1_000, 1_000])
    }
    let row = fixture.model.nodes(settings)[0]
    #expect(row.errorPercent == 25 && row.rejectedPercent == 75 && row.hasEnded)
  }

  @Test("a gateway that said bye has stopped, as it said, until it is back")
  func stopped() throws {
    var fixture = ModelFixture()
    fixture.tick()
    fixture.model.fold(.closed(reason: "the gateway shuts down"), of: 0, at: fixture.now)
    for event: SubscriberEvent in [.retrying(inMs: 250), .connecting, .failed("nobody listens there")] {
      fixture.model.fold(event, of: 0, at: fixture.now)
    }
    fixture.model.fold(.retrying(inMs: 500), of: 0, at: fixture.now)
    fixture.model.tick(at: fixture.now)
    let row = fixture.model.nodes(settings)[0]
    #expect(!row.isUp && row.absence == .stopped && row.detail == "stopped (it said so)")
    // What must be there and is not is still an alert.
    #expect(fixture.model.alertRows.first { $0.isFiring }?.value == "stopped (it said so)")
    #expect(fixture.model.summary.nodes[0].error == "stopped (it said so)")
    fixture.model.fold(.connected(Hello(node: "gw1", software: "x", startedAt: 2)), of: 0, at: fixture.now)
    fixture.tick()
    #expect(fixture.model.nodes(settings)[0].isUp && fixture.model.nodes(settings)[0].absence == nil)
    fixture.model.fold(.failed("the connection broke"), of: 0, at: fixture.now)
    #expect(fixture.model.nodes(settings)[0].absence == .down)
  }

  @Test(
    "a gateway that falls silent is silent everywhere, and stays so while nothing answers a new connection")
  func silent() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick()
    func quiet(_ seconds: Int64) {
      for _ in 0..<seconds {
        fixture.second += 1
        fixture.send(0)
        fixture.model.tick(at: fixture.now)
      }
    }
    quiet(5)
    func expectSilent() {
      let header = fixture.model.header(settings)
      #expect(header.targets.map(\.isLive) == [true, false] && header.nodesUp == 1)
      let row = fixture.model.nodes(settings)[0]
      #expect(!row.isUp && row.absence == .silent && row.name == "gw2" && row.detail == "silent")
      #expect(fixture.model.troubles(settings).down == 1)
      #expect(fixture.model.alertRows.first { $0.isFiring }?.value == "silent")
      #expect(fixture.model.alertEpisodes(settings).map(\.value) == ["silent"])
    }
    expectSilent()
    for reason: ByteText in [
      "nothing came for 30 s", "no hello came within 10 s; is this a telemetry stream?",
    ] {
      fixture.model.fold(.failed(reason), of: 1, at: fixture.now)
      fixture.model.fold(.retrying(inMs: 500), of: 1, at: fixture.now)
      fixture.model.fold(.connecting, of: 1, at: fixture.now)
      quiet(1)
      expectSilent()
    }
    fixture.model.fold(.failed("connection refused"), of: 1, at: fixture.now)
    #expect(fixture.model.nodes(settings)[0].absence == .down)
    fixture.model.fold(.connected(Hello(node: "gw2", startedAt: 1)), of: 1, at: fixture.now)
    fixture.send(1, isSnapshot: true)
    #expect(fixture.model.header(settings).nodesUp == 2)
  }

  @Test("a gateway that stopped as it said counts as down in the header, the troubles and the alerts alike")
  func stoppedCounts() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick()
    fixture.model.fold(.closed(reason: "the gateway shuts down"), of: 1, at: fixture.now)
    fixture.model.tick(at: fixture.now)
    let header = fixture.model.header(settings)
    #expect(header.nodesUp == 1 && header.firingAlerts == 1)
    let troubles = fixture.model.troubles(settings)
    #expect(troubles.down == 1 && troubles.unready == 0)
  }

  @Test("what one gateway says is false stays false, whatever another that refuses the token would say")
  func knownFalse() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, _ in state.pools = [PoolState(name: "p", workers: 1)] }
    fixture.model.fold(.refused(.unauthorized, "no"), of: 1, at: fixture.now)
    let rule = try AlertExpression(parsing: "no breaker open")
    #expect(fixture.model.knownFalse(rule, window: .tenSeconds) == nil)
    fixture.second += 1
    fixture.states[0].breakers = [BreakerState(pool: "p", state: .open)]
    fixture.send(0)
    fixture.model.tick(at: fixture.now)
    #expect(fixture.model.knownFalse(rule, window: .tenSeconds) != nil)
    #expect(fixture.model.knownFalse(try AlertExpression(parsing: "rps < 5"), window: .tenSeconds) == nil)
  }

  @Test("a check that fails names the gateway that made it fail")
  func culprit() throws {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<12 {
      fixture.tick { state, index in
        if index == 0 { state.add(ok: [100, 100]) } else { state.add(ok: [100], failed: [100]) }
      }
    }
    for text in ["error%(*/*) < 5", "error% < 5"] {
      let answer = try fixture.model.answer(AlertExpression(parsing: text), window: .tenSeconds)
      guard case .found(let found) = answer else { return #expect(Bool(false), "\(answer)") }
      let detail = try #require(found.first?.detail)
      #expect(
        detail.string.hasPrefix("25") && detail.string.contains(", on gw2 50")
          && !detail.string.contains("gw1"), "\(detail)")
    }
  }

  @Test("a refused token is no node that is down, however often its gateway says hello")
  func refused() throws {
    var fixture = ModelFixture()
    for _ in 0..<3 {
      fixture.model.fold(
        .connected(Hello(node: "gw1", software: "x", startedAt: 1, auth: .token)), of: 0, at: fixture.now)
      fixture.model.fold(
        .refused(.unauthorized, "the gateway refused: the token is wrong"), of: 0, at: fixture.now)
      fixture.model.fold(.retrying(inMs: 500), of: 0, at: fixture.now)
      fixture.model.fold(.connecting, of: 0, at: fixture.now)
    }
    fixture.model.fold(
      .connected(Hello(node: "gw1", software: "x", startedAt: 1, auth: .token)), of: 0, at: fixture.now)
    fixture.model.tick(at: fixture.now)
    let row = fixture.model.nodes(settings)[0]
    #expect(!row.isUp && row.absence == .tokenRefused && row.detail == "token refused")
    #expect(fixture.model.alertRows.filter(\.isFiring).isEmpty)
    #expect(fixture.model.refusingGateways == ["gw1:4710"])
    #expect(fixture.model.header(settings).targets[0].absence == .tokenRefused)
    fixture.tick()
    #expect(fixture.model.nodes(settings)[0].isUp && fixture.model.refusingGateways.isEmpty)
  }

  @Test(
    "a breaker's alert stays through its probes, since when it was open, and ends when it only probes for two minutes"
  )
  func probes() throws {
    var fixture = ModelFixture()
    fixture.model.watch([AlertRule(try AlertExpression(parsing: "breaker open"))])
    for second in 0..<12 {
      let now = fixture.now
      fixture.tick { state, _ in
        let circuit: CircuitState = second % 4 == 3 ? .halfOpen : .open
        state.breakers = [BreakerState(pool: "async", service: "mail", state: circuit, since: now)]
      }
    }
    #expect(fixture.model.timesFired == 1)
    #expect(fixture.model.alertRows[0].since == ModelFixture.start + 1_000_000)
    // As the circuits call it.
    #expect(fixture.model.alertRows[0].value == "half-open")
    // Nobody calls it any more: it probes for ever, and is no alert.
    for _ in 0..<118 { fixture.tick() }
    #expect(fixture.model.alertRows[0].isFiring)
    for _ in 0..<2 { fixture.tick() }
    #expect(!fixture.model.alertRows[0].isFiring && fixture.model.timesFired == 1)
    fixture.tick { state, _ in state.breakers[0].state = .open }
    #expect(fixture.model.alertRows[0].isFiring)
    fixture.tick { state, _ in state.breakers = [] }
    #expect(!fixture.model.alertRows[0].isFiring)
  }

  @Test("why a gateway is not ready is in the header, and what a ready one cannot tell")
  func faults() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick()
    #expect(fixture.model.header(ViewSettings()).fault == nil)
    fixture.tick { state, index in
      if index == 1 { state.readiness = ReadinessState(fault: "it runs in client mode") }
    }
    let header = fixture.model.header(ViewSettings())
    #expect(header.unready == 1 && header.fault == "it runs in client mode")
    fixture.tick { state, index in
      if index == 1 { state.readiness = ReadinessState(phase: "ready", fault: "nothing is counted") }
    }
    let ready = fixture.model.header(ViewSettings())
    #expect(ready.unready == 0 && ready.fault == "nothing is counted")
  }

  @Test(
    "a gateway of many functions is being read from its hello on, and never live before; of few, or where that is not known, after a second",
    arguments: [nil, 3, 1_000] as [Int?])
  func readingAtOnce(_ count: Int?) {
    var model = ClusterModel(targets: ["gw1:4710"])
    let start = ModelFixture.start
    model.fold(.connecting, of: 0, at: start)
    model.expect(functions: count, of: 0)
    model.fold(.connected(Hello(node: "gw1", software: "x", startedAt: 1)), of: 0, at: start)
    for (milliseconds, isReading) in [(0, count == 1_000), (999, count == 1_000), (1_000, true)] {
      let now = start + Int64(milliseconds) * 1_000
      model.tick(at: now)
      let target = model.header(ViewSettings()).targets[0]
      #expect(target.isReading == isReading && target.isLive == !isReading, "\(milliseconds)")
    }
    model.fold(.frame(.snapshot(at: start, sequence: 0, GatewayState())), of: 0, at: start + 1_000_000)
    model.tick(at: start + 1_000_000)
    #expect(model.header(ViewSettings()).targets[0].isLive)
  }

  @Test(
    "a gateway whose first numbers take long is being read, with its functions, and not silent; for half a minute"
  )
  func reading() throws {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.watch([AlertRule(try AlertExpression(parsing: "node down"))])
    let start = ModelFixture.start
    model.fold(.connecting, of: 0, at: start)
    model.expect(functions: 5_000, of: 0)
    model.fold(.connected(Hello(node: "gw1", software: "x", startedAt: 1)), of: 0, at: start)
    func view(after seconds: Int64) -> TargetView {
      model.tick(at: start + seconds * 1_000_000)
      return model.header(ViewSettings()).targets[0]
    }
    for seconds in [0, 1, 5, 30] as [Int64] {
      let target = view(after: seconds)
      #expect(target.isReading && !target.isLive && target.absence == nil && target.functionsToRead == 5_000)
      #expect(target.lastFrameAt == nil && !model.alertRows[0].isFiring, "\(seconds)")
    }
    let late = view(after: 31)
    #expect(!late.isReading && late.absence == .silent)
    let now = start + 32_000_000
    model.fold(.frame(.snapshot(at: now, sequence: 0, GatewayState())), of: 0, at: now)
    #expect(view(after: 32).isLive)
  }

  @Test("keys that limits gave up are counted over the gateways, now and at a past moment")
  func evicted() {
    var fixture = ModelFixture(gateways: 2)
    for second in 1...3 as ClosedRange<Int64> {
      fixture.tick { state, index in
        state.limiter = LimiterState(
          trackedKeys: 10, maxTrackedKeys: 10, evictedKeys: second * (index == 0 ? 10 : 1))
      }
    }
    #expect(fixture.model.header(settings).evictedKeys == 33)
    #expect(fixture.model.gateway(named: "gw2")?.limiter.evictedKeys == 3)
    #expect(fixture.model.summary.nodes.map(\.evicted_keys) == [30, 3])
    var back = settings
    back.moment = .at(fixture.now - 1_000_000)
    #expect(fixture.model.header(back).evictedKeys == 22)
  }

  @Test("how many events are kept of how many came is told")
  func keptEvents() {
    var fixture = ModelFixture()
    for number in 0..<Int64(EventHistory.capacity + 500) {
      fixture.model.fold(.frame(.event(.stop(number, at: fixture.now))), of: 0, at: fixture.now)
    }
    let header = fixture.model.header(settings)
    #expect(header.keptEvents == EventHistory.capacity && header.seenEvents == 8_500)
  }
}

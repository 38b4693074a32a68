import GenAPIStream
import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("Limits, circuits, configs, relay, nodes and events")
struct ClusterViewTests {
  private let settings = ViewSettings()

  @Test("a limit's row adds up its gateways, and its hottest keys come first")
  func limits() {
    var fixture = ModelFixture(gateways: 2)
    func set(_ checks: Int64, _ rejections: Int64) -> (inout GatewayState, Int) -> Void {
      { state, index in
        state.limits = [
          LimitState(
            id: "l", scope: "global", key: "user_id", maxRequests: 10, windowMs: 1_000, checks: checks,
            rejections: rejections)
        ]
        state.hotKeys = [HotKeyState(limit: "l", keyValue: "u\(index)", used: index == 0 ? 4 : 9, max: 10)]
      }
    }
    fixture.tick(set(0, 0))
    for second in 1...10 { fixture.tick(set(Int64(second * 20), Int64(second * 3))) }
    let row = fixture.model.limits(settings)[0]
    #expect(row.rejections == 60)
    #expect(row.keys.map(\.value) == ["u1", "u0"])
    // Ten seconds of three rejections on each of two gateways, over the eleven that were watched.
    #expect(abs((row.rejectionsPerSecond ?? 0) - 60.0 / 11) < 0.001)
  }

  @Test("an open breaker counts down, and the timeline says when it was open")
  func breakers() {
    var fixture = ModelFixture()
    func set(_ circuit: CircuitState, probeIn: Int64? = nil) -> (inout GatewayState, Int) -> Void {
      { [now = fixture.now] state, _ in
        state.pools = [PoolState(name: "async_pool", workers: 3, busy: 1, breaker: circuit, busySlots: [0])]
        state.breakers = [
          BreakerState(pool: "async_pool", state: circuit, since: now, probeAt: probeIn.map { now + $0 }),
          BreakerState(pool: "async_pool", worker: 2, state: .open, since: now),
        ]
      }
    }
    for _ in 0..<5 { fixture.tick(set(.closed)) }
    for _ in 0..<5 { fixture.tick(set(.open, probeIn: 31_000_000)) }
    var settings = settings
    settings.window = .tenSeconds
    let view = fixture.model.circuits(settings, slots: 10)
    #expect(view.pools[0].workers == [.busy, .idle, .open])
    #expect(view.pools[0].cooldownLeftMs == 30_000)
    let own = view.breakers.first { $0.state.worker == nil }
    #expect(own?.timeline.suffix(5).allSatisfy { $0 == .open } == true)
    #expect(own?.timeline[2] == .closed)
    #expect(view.openCount == 2)
  }

  @Test("a service's breaker is listed with its node while it is open, and stays known when it has closed")
  func serviceBreakers() {
    var fixture = ModelFixture()
    func set(_ isOpen: Bool) -> (inout GatewayState, Int) -> Void {
      { [now = fixture.now] state, _ in
        state.pools = [PoolState(name: "async_pool", workers: 3, openServices: isOpen ? 2 : 0)]
        state.breakers = [BreakerState(pool: "async_pool", since: now)]
        guard isOpen else { return }
        state.breakers += [
          BreakerState(pool: "async_pool", service: "billing", node: "n1", state: .open, since: now),
          BreakerState(pool: "async_pool", service: "mail", state: .open, since: now),
        ]
      }
    }
    fixture.tick(set(true))
    for _ in 0..<3 { fixture.tick(set(true)) }
    var settings = settings
    settings.window = .tenSeconds
    var view = fixture.model.circuits(settings, slots: 10)
    #expect(view.openCount == 2)
    #expect(view.pools[0].breaker?.service == nil && view.pools[0].workers.allSatisfy { $0 == .idle })
    #expect(view.breakers.map(\.state.serviceText).sorted() == ["", " billing on n1", " mail"])
    fixture.tick(set(false))
    view = fixture.model.circuits(settings, slots: 10)
    #expect(view.openCount == 0)
    let billing = view.breakers.first { $0.state.service == "billing" }
    #expect(billing?.state.node == "n1" && billing?.state.state == .closed)
    #expect(view.breakers.first { $0.state.service == "mail" }?.state.node == nil)
  }

  @Test("whose requests a pool refused is told by service")
  func refusals() {
    var fixture = ModelFixture()
    fixture.tick()
    for _ in 0..<10 {
      fixture.tick { state, _ in
        state.add("billing", "charge", rejected: [1, 1], outcome: .unavailable)
        state.add("users", "get", ok: [1])
      }
    }
    let services = fixture.model.circuits(settings, slots: 5).services
    #expect(services.first?.service == "billing")
    #expect(services.first?.refused == 20)
    #expect(services.last?.refused == 0)
  }

  @Test("gateways with different config versions stand out, and so does a recent change")
  func configs() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { [now = fixture.now] state, index in
      state.services = [
        ServiceState(
          service: "orders", source: "push", configVersion: index == 0 ? "1.1.0" : "1.0.4", functions: 3)
      ]
      state.configChanges = [
        ConfigChangeState(id: 1, at: now, kind: "version", service: "orders", from: "1.0.4", to: "1.1.0")
      ]
    }
    let service = fixture.model.configs(settings).services[0]
    #expect(service.isMismatched)
    #expect(service.versions == ["gw1": "1.1.0", "gw2": "1.0.4"])
    #expect(service.recentChange?.to == "1.1.0")
    #expect(fixture.model.alertRows.contains { $0.rule == "config mismatch" && $0.isFiring })
  }

  @Test("since when a limit refuses is told, across short breaks")
  func refusingSince() {
    var fixture = ModelFixture()
    var rejections: Int64 = 0
    for second in 1...60 {
      // Refused at second 5, then again from 30 on, every fourth second.
      if second == 5 || (second >= 30 && second % 4 == 2) { rejections += 1 }
      fixture.tick { state, _ in
        state.limits = [
          LimitState(
            id: "l", scope: "global", key: "user_id", maxRequests: 10, windowMs: 1_000,
            checks: Int64(second), rejections: rejections)
        ]
      }
    }
    let row = fixture.model.limits(settings)[0]
    #expect(row.refusing?.since == ModelFixture.start + 29_000_000 && row.refusing?.refused == 8)
    for second in 61...90 {
      fixture.tick { state, _ in state.limits[0].checks = Int64(second) }
    }
    #expect(fixture.model.limits(settings)[0].refusing == nil)
  }

  @Test(
    "a limit whose maximum a reload changes goes on with its counts, which are no rejections of that second")
  func changedMaximum() {
    var fixture = ModelFixture()
    for second in 1...60 {
      fixture.tick { state, _ in
        let maximum = second <= 30 ? 20 : 30
        state.limits = [
          LimitState(
            id: "global user_id \(maximum)/1000ms", scope: "global", key: "user_id", maxRequests: maximum,
            windowMs: 1_000,
            checks: Int64(second) * 10, rejections: Int64(second) * 6)
        ]
      }
      let rows = fixture.model.limits(settings)
      #expect(rows.count == 1 && rows[0].rejectionsPerSecond ?? 9 <= 6, "second \(second): \(rows)")
    }
    let row = fixture.model.limits(settings)[0]
    #expect(row.maxRequests == 30 && row.rejections == 360)
    // Since before the reload.
    #expect((row.refusing?.since ?? .max) <= ModelFixture.start + 3_000_000)
  }

  @Test("what gateways have differently of a function is told, whatever the version says")
  func differences() {
    var fixture = ModelFixture(gateways: 3)
    fixture.tick { state, index in
      state.services = [ServiceState(service: "orders", configVersion: "1", functions: 2)]
      state.functions = [
        FunctionState(service: "orders", requestType: "get", enabled: index != 1, nodes: ["b", "a"]),
        FunctionState(service: "orders", requestType: "list", nodes: index == 0 ? ["b", "a"] : ["a", "b"]),
      ]
      if index == 2 { state.functions.removeLast() }
    }
    let comparison = fixture.model.configs(settings).services[0].comparison
    #expect(comparison.isMismatched && !comparison.versionsDiffer)
    #expect(fixture.model.alertRows.contains { $0.rule == "config mismatch" && $0.isFiring })
    #expect(
      comparison.differences == [
        ConfigDifference(
          requestType: "get", setting: "enabled", values: ["gw1": "yes", "gw2": "no", "gw3": "yes"]),
        ConfigDifference(
          requestType: "list", setting: "exists", values: ["gw1": "yes", "gw2": "yes", "gw3": "no"]),
      ])
    fixture.model.fold(.failed("gone"), of: 1, at: fixture.now)
    fixture.model.fold(.failed("gone"), of: 2, at: fixture.now)
    #expect(!fixture.model.configs(settings).services[0].isMismatched)
  }

  @Test("relay groups carry their members and message rates")
  func relay() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in state.relay = [GroupState(groupID: "g", groupType: "public", active: 2)] }
    for second in 1...10 {
      fixture.tick { state, _ in
        state.relay = [GroupState(groupID: "g", groupType: "public", active: 2, messages: Int64(second * 11))]
      }
    }
    #expect(fixture.model.relay(settings)[0].messagesPerSecond == 10)
  }

  @Test("a gateway that goes down is shown with the reason and fires an alert, and comes back")
  func nodes() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick()
    fixture.model.fold(.failed("connection refused"), of: 0, at: fixture.now)
    fixture.model.fold(.retrying(inMs: 500), of: 0, at: fixture.now)
    fixture.model.tick(at: fixture.now)
    let row = fixture.model.nodes(settings)[0]
    #expect(!row.isUp)
    #expect(row.detail == "connection refused")
    let header = fixture.model.header(settings)
    #expect(header.nodesUp == 1)
    #expect(header.targets[0].connection == .down(reason: "connection refused", retryInMs: 500))
    #expect(header.firingAlerts == 1)
    fixture.model.fold(.connected(Hello(node: "gw1", software: "x", startedAt: 1)), of: 0, at: fixture.now)
    fixture.tick()
    #expect(fixture.model.header(settings).nodesUp == 2)
    #expect(fixture.model.header(settings).firingAlerts == 0)
  }

  @Test("the newest events are kept, and a request's are found in their order")
  func events() {
    var fixture = ModelFixture()
    for number in 0..<Int64(EventHistory.capacity + 500) {
      fixture.model.fold(
        .frame(.event(.stop(number, at: fixture.now + number, request: "r\(number % 100)"))), of: 0,
        at: fixture.now)
    }
    #expect(fixture.model.events.count == EventHistory.capacity)
    let newest = fixture.model.events(settings, limit: 3).rows
    #expect(newest.map(\.record.sequence) == [8_497, 8_498, 8_499])
    #expect(newest.allSatisfy { $0.node == "gw1" })
    let trace = fixture.model.requestTrace(requestID: "r7").rows
    #expect(trace.count == 80)
    #expect(trace.map(\.record.at) == trace.map(\.record.at).sorted())
  }

  @Test("lost events are counted wherever they were lost")
  func lost() {
    var fixture = ModelFixture()
    let dropped = DroppedEvents(count: 3, fromSequence: 1, toSequence: 3)
    fixture.model.fold(.frame(.dropped(at: 0, dropped)), of: 0, at: fixture.now)
    fixture.model.fold(.frame(.dropped(at: 0, dropped)), of: 0, at: fixture.now)
    #expect(fixture.model.header(settings).lost == 6)
    #expect(fixture.model.summary.lost == 6)
  }

  @Test("lost is one number: what the gateway's dropped frames say, and what came too fast, each told apart")
  func lostParts() {
    var fixture = ModelFixture(gateways: 2)
    var told: Int64 = 0
    for number in 1...20 as ClosedRange<Int64> {
      told += number
      fixture.model.fold(
        .frame(.dropped(at: 0, DroppedEvents(count: number, fromSequence: 1, toSequence: 900))), of: 0,
        at: fixture.now)
    }
    let here = SubscriberEvent.overrun(DroppedEvents(count: 5, fromSequence: 1, toSequence: 9))
    fixture.model.fold(here, of: 0, at: fixture.now)
    fixture.model.fold(here, of: 1, at: fixture.now)
    let rows = fixture.model.nodes(settings)
    #expect(rows.map(\.lost) == [told + 5, 5] && rows.map(\.lostHere) == [5, 5])
    #expect(fixture.model.header(settings).lost == told + 10)
    #expect(fixture.model.summary.lost == told + 10)
  }

  @Test("a state of which a part came is told as cut")
  func partialState() {
    var fixture = ModelFixture()
    let before = fixture.model.header(settings).cut
    fixture.model.fold(.partialState, of: 0, at: fixture.now)
    #expect(fixture.model.header(settings).cut == before + 1 && fixture.model.summary.cut == before + 1)
  }

  @Test("a half-open breaker is not open, and one is open since it was closed last")
  func halfOpen() {
    var fixture = ModelFixture()
    let now = fixture.now
    fixture.tick { state, _ in
      state.pools = [PoolState(name: "async", workers: 1, openServices: 1, halfOpenServices: 1)]
      state.breakers = [
        BreakerState(pool: "async", since: now),
        BreakerState(
          pool: "async", service: "mail", state: .halfOpen, since: now, openedAt: now - 90_000_000),
        BreakerState(pool: "async", service: "users", state: .open, since: now),
      ]
    }
    let view = fixture.model.circuits(settings, slots: 4)
    #expect(view.openCount == 1 && view.halfOpenCount == 1)
    #expect(view.breakers.map(\.state.notClosedSince) == [now, now - 90_000_000, now])
  }

  @Test("a message for a target that does not exist changes nothing")
  func strangeTarget() {
    var fixture = ModelFixture()
    fixture.model.fold(.frame(.event(.stop(1, at: 0))), of: 9, at: 0)
    fixture.model.fold(.connecting, of: -1, at: 0)
    #expect(fixture.model.events.count == 0)
  }

  @Test("the summary's totals and series agree, over all gateways")
  func summary() {
    var fixture = ModelFixture(gateways: 3)
    for _ in 0..<5 {
      fixture.tick { state, index in
        state.add("a", "x", started: 4, ok: [1, 2], failed: [3])
        state.add("b", "y\(index)", ok: [1], rejected: [1])
      }
    }
    let summary = fixture.model.summary
    let totals = summary.totals
    #expect(totals.requests == 90)
    let parts = [totals.ok, totals.failed, totals.rejected, totals.in_flight].compactMap(\.self)
    #expect(parts.count == 4 && totals.requests == parts.reduce(0, +))
    #expect(summary.series.map(\.requests).reduce(0, +) == totals.requests)
    #expect(summary.series.map(\.ok).reduce(0, +) == totals.ok)
    #expect(summary.series.map(\.in_flight).reduce(0, +) == totals.in_flight)
    #expect(summary.series.count == 4)
    #expect(summary.nodes.map(\.name) == ["gw1", "gw2", "gw3"])
  }
}

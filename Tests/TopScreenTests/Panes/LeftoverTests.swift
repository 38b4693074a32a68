import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("What is not known, or is not so everywhere, is said to be")
struct LeftoverTests {
  /// Two gateways that serve the same functions, each of them one of its own; both are heard for ten seconds.
  private func model(_ change: (inout GatewayState, Int) -> Void = { _, _ in }) -> ClusterModel {
    var model = ClusterModel(targets: ["gw1:4710", "gw2:4710"])
    for second in 0...10 as ClosedRange<Int64> {
      let at = Sample.now + second * 1_000_000
      for index in 0..<2 {
        var state = GatewayState()
        for type in ["find", "only\(index + 1)"] {
          var series = SeriesState(service: "shop", requestType: ByteText(type))
          series.requests = second * 7
          series.outcomes = ["ok": second * 7]
          for _ in 0..<second * 7 { series.latency.record(3_000) }
          state.series.append(series)
        }
        state.totals.requests = second * 14
        state.nodes = [ServiceNodeState(node: "s1", up: true, since: Sample.now, services: ["shop"])]
        change(&state, index)
        if second == 0 {
          model.fold(.connected(Hello(node: "gw\(index + 1)", startedAt: Sample.now)), of: index, at: at)
        }
        model.fold(.frame(.snapshot(at: at, sequence: 0, state)), of: index, at: at)
      }
      model.tick(at: at)
    }
    return model
  }

  /// The same after the first gateway was killed.
  private func halved(_ change: (inout GatewayState, Int) -> Void = { _, _ in }) -> ClusterModel {
    var model = model(change)
    model.fold(.failed("connection reset by peer"), of: 0, at: Sample.now + 10_000_000)
    model.tick(at: Sample.now + 10_100_000)
    return model
  }

  private func text(
    _ model: ClusterModel, _ size: (Int, Int) = (120, 60), _ change: (inout ScreenState) -> Void = { _ in }
  ) -> String {
    var state = ScreenState()
    state.size = ScreenSize(width: size.0, height: size.1)
    change(&state)
    let grid = ScreenRenderer().render(model: model, state: state)
    expectExactWidths(grid)
    return TextWriter.write(grid)
  }

  private func page(_ model: ClusterModel, _ detail: any Detail) -> String {
    text(model) { $0.dialogs = [.detail(DetailDialog(.init(detail)))] }
  }

  private func lines(_ text: String, _ word: String) -> [Substring] {
    text.split(separator: "\n").filter { $0.contains(word) }
  }

  @Test("a function's page has no numbers of a gateway that is gone, and has it last")
  func byGateway() {
    let id = RequestRow.id(service: "shop", requestType: "find", version: nil)
    let shown = page(halved(), FunctionDetail(id: id))
    let row = lines(shown, "gw1    ").first { $0.contains("stale") } ?? ""
    #expect(row.contains("–     –") && !row.contains("3.0ms") && !row.contains("7.0"), "\(shown)")
    let (first, second) = (shown.range(of: "gw2     "), shown.range(of: "gw1     "))
    #expect(first.map { one in second.map { one.lowerBound < $0.lowerBound } == true } == true, "\(shown)")
    // Where nobody is left to tell anything newer they are all there is.
    var alone = halved()
    alone.fold(.failed("connection reset by peer"), of: 1, at: Sample.now + 10_000_000)
    alone.tick(at: Sample.now + 10_200_000)
    let old = page(alone, FunctionDetail(id: id))
    #expect(lines(old, "gw1").contains { $0.contains("7.0") && $0.contains("stale") }, "\(old)")
  }

  @Test("pages have no rate of a function that only a gateway told of which is gone")
  func onlyGone() {
    let model = halved()
    let id = RequestRow.id(service: "shop", requestType: "only1", version: nil)
    let function = page(model, FunctionDetail(id: id))
    #expect(lines(function, "requests").contains { $0.contains("–") }, "\(function)")
    #expect(!function.contains("7.0/s") && function.contains("as it was told last"), "\(function)")
    let service = page(model, RequestGroupDetail(grouping: .services, service: "shop", version: nil))
    // The pane behind it has the same word.
    let gone = lines(service, "only1").last ?? ""
    #expect(gone.contains("–     –") && gone.contains("stale"), "\(service)")
    #expect(!service.contains("21/s") && lines(service, "14/s").count == 1, "\(service)")
    let node = page(model, NodeDetail(id: "ss1"))
    #expect(lines(node, "only1").contains { $0.contains("–/s") && $0.contains("stale") }, "\(node)")
  }

  @Test("pages of a pool, a group and a limit have no rates of a gateway that is gone")
  func rates() throws {
    var second: Int64 = 0
    let model = halved { state, index in
      if index == 0 { second += 1 }
      var pool = PoolState(name: "async_pool", workers: 4)
      pool.rejected = second * 3
      state.pools = [pool]
      var group = GroupState(groupID: "room", groupType: "public")
      group.messages = second * 3
      state.relay = [group]
      guard index == 0 else { return }
      var limit = LimitState(id: "l", scope: "shop/find", key: "user_id", maxRequests: 5, windowMs: 1_000)
      (limit.checks, limit.rejections) = (second * 3, second * 3)
      state.limits = [limit]
    }
    let settings = ViewSettings()
    for isGone in [false, true] {
      let pools = model.circuits(settings, slots: 1).pools
      let pool = page(model, PoolDetail(id: try #require(pools.first { $0.isStale == isGone }).id))
      #expect(lines(pool, " refused").contains { $0.contains("(3.0/s)") } != isGone, "\(pool)")
      let groups = model.relay(settings)
      let group = page(model, GroupDetail(id: try #require(groups.first { $0.isStale == isGone }).id))
      #expect(lines(group, "messages").contains { $0.contains("/s now") } != isGone, "\(group)")
    }
    let limits = model.limits(settings)
    let limit = page(model, LimitDetail(id: try #require(limits.first { $0.isStale }).id))
    #expect(!limit.contains("3.0/s") && limit.contains("since counting began"), "\(limit)")
  }

  @Test("a service of which no configs are told has no link to them, and a page that says so")
  func noConfigs() {
    let model = model()
    let group = page(model, RequestGroupDetail(grouping: .services, service: "shop", version: nil))
    #expect(group.contains("Functions") && lines(group, "config  ").isEmpty, "\(group)")
    let service = page(model, ServiceDetail(name: "shop"))
    #expect(service.contains("Service shop") && service.contains("none is told"), "\(service)")
    #expect(service.contains("find") && !service.contains("it is gone"), "\(service)")
    #expect(page(model, ServiceDetail(name: "other")).contains("it is gone"))
  }

  @Test("a function that is disabled on one gateway is told apart on the pages of its service and its own")
  func disabled() {
    let model = model { state, index in
      state.services = [ServiceState(service: "shop", functions: 1, disabled: index)]
      state.functions = [FunctionState(service: "shop", requestType: "find", enabled: index == 0)]
    }
    let service = page(model, ServiceDetail(name: "shop"))
    #expect(lines(service, "◐ find").contains { $0.contains("disabled on gw2") }, "\(service)")
    let id = RequestRow.id(service: "shop", requestType: "find", version: nil)
    let function = page(model, FunctionDetail(id: id))
    #expect(function.contains("disabled on gw2, enabled on others"), "\(function)")
  }

  @Test("a limit that one gateway has is told with its name in the call flow")
  func limitOfOne() {
    let model = model { state, index in
      guard index == 1 else { return }
      state.limits = [
        LimitState(id: "l", scope: "shop/find", key: "ip_address", maxRequests: 30, windowMs: 60_000)
      ]
    }
    let id = RequestRow.id(service: "shop", requestType: "find", version: nil)
    let shown = page(model, FunctionDetail(id: id))
    #expect(shown.contains("limit ip_address 30/1m on gw2") || shown.contains("30/60s on gw2"), "\(shown)")
  }

  @Test(
    "the header has a dash until a rate can be said, and while some have told none that of the others as a part"
  )
  func header() {
    var content = Sample.content
    content.header.requestsPerSecond = 8_400
    func head() -> String {
      String(screenText(content, width: 160, height: 36) { _ in }.prefix { $0 != "\n" })
    }
    content.header.ratesKnown = .none
    #expect(head().contains("– req/s") && head().contains("– ev/s"))
    content.header.ratesKnown = .part
    #expect(head().contains("≥8 400 req/s"))
    content.header.eventsPerSecond = 0
    #expect(head().contains("– ev/s"))
    content.header.ratesKnown = .all
    #expect(head().contains(" 8 400 req/s"))
  }

  @Test("a paused recording that is read on says up to when")
  func readingPaused() {
    let shown = screenText(Sample.content, width: 120, height: 36) {
      $0.settings.moment = .at(Sample.now)
      $0.readingUpTo = Sample.now + 60_000_000
    }
    #expect(shown.contains("reading up to 12:05:31") && !shown.contains("paused,"), "\(shown)")
  }

  @Test(
    "while functions are read before anything was told, every pane says that", arguments: PaneKind.allCases)
  func reading(_ pane: PaneKind) {
    var content = ScreenContent()
    var target = TargetView(address: "gw1:4710", node: "gw1", connection: .live)
    (target.isReading, target.hasTold, target.functionsToRead) = (true, false, 5_000)
    content.header.targets = [target]
    let shown = screenText(content, width: 120, height: 36) { $0.focus = pane }
    #expect(!shown.contains("waiting for a gateway") && shown.contains("reading 5 000 functions"), "\(shown)")
  }

  @Test(
    "on a narrow frame what is wrong with circuits is whole in every view", arguments: CircuitMode.allCases)
  func narrow(_ mode: CircuitMode) {
    var content = Sample.content
    for open in [1, 12] {
      let sample = Sample.content.circuits.breakers.first { $0.state.state == .open }
      content.circuits.breakers = Array(repeating: sample ?? Sample.content.circuits.breakers[0], count: open)
      content.circuits.pools = content.circuits.pools.map { pool in
        var pool = pool
        (pool.state.queued, pool.state.breaker, pool.state.openServices) = (0, .closed, 0)
        return pool
      }
      var settings = ViewSettings()
      settings.circuitView = mode
      let shown = TextWriter.write(PaneTests.draw(.circuits, content, settings, width: 36, height: 9))
      let title = shown.prefix { $0 != "\n" }
      #expect(title.contains("○ \(open) OPEN ─") || open > 9 && title.contains("○ \(open) ─"), "\(title)")
    }
  }

  /// A breaker of a service, with a call that failed and refusals of some seconds ago, by `seconds` before now.
  private func breaker(_ state: CircuitState, refusedBefore seconds: [Int64], isStale: Bool = false)
    -> (content: ScreenContent, id: ByteText)
  {
    var content = Sample.content
    var breaker = content.circuits.breakers[0]
    breaker.state.state = state
    (breaker.state.since, breaker.state.openedAt) = (Sample.now - 30_000_000, nil)
    breaker.isStale = isStale
    content.circuits.breakers = [breaker]
    let pool: Value = .string(breaker.state.pool)
    content.breakerEvents = seconds.enumerated().map { number, second in
      EventRow(
        node: breaker.node,
        record: EventRecord(
          sequence: Int64(number), at: Sample.now - second * 1_000_000,
          name: EventName.workerPoolTaskRejected.path,
          metadata: ["pool_name": pool, "service": "shop", "request_type": "find"]))
    }
    content.breakerEvents.append(
      EventRow(
        node: breaker.node,
        record: EventRecord(
          sequence: 100, at: Sample.now - 29_500_000, name: EventName.workerPoolTaskException.path,
          metadata: ["request_id": "r1", "pool_name": pool, "service": "shop", "request_type": "find"])))
    content.breakerEvents.sort { $0.record.at < $1.record.at }
    return (content, breaker.id)
  }

  private func page(_ content: ScreenContent, _ id: ByteText) -> String {
    screenText(content, width: 120, height: 50) {
      $0.dialogs = [.detail(DetailDialog(.init(BreakerDetail(id: id))))]
    }
  }

  @Test("the page of a breaker that is closed does not say of calls that failed since that they opened it")
  func closedBreaker() {
    let (closed, id) = breaker(.closed, refusedBefore: [])
    let shown = page(closed, id)
    #expect(shown.contains("Calls that failed last") && !shown.contains("before it opened"), "\(shown)")
    let (open, other) = breaker(.open, refusedBefore: [])
    #expect(page(open, other).contains("Calls that failed before it opened, or just then"))
  }

  @Test("the page of a breaker whose probes go on failing names their calls, with version, node and reason")
  func failingProbes() {
    var (content, id) = breaker(.open, refusedBefore: [28, 27, 8, 7, 2])
    // What opened it is not kept any more.
    content.breakerEvents.removeAll { $0.record.known == .workerPoolTaskException }
    for (number, second) in [20, 10, 4].enumerated() {
      let request: Value = .string("probe_\(ByteText(String(number)))")
      let about: ValueObject = [
        "request_id": request, "service": "shop", "request_type": "find", "version": "2.0.1",
      ]
      let pool: ValueObject = ["pool_name": .string(content.circuits.breakers[0].state.pool)]
      let end: ValueObject = [
        "success": false, "outcome": "timeout", "error": "no answer within 5000 ms",
        "node_called": "shop1@app",
      ]
      for (name, more) in [(EventName.workerPoolTaskStop, pool), (.executorRequestStop, end)] {
        content.breakerEvents.append(
          EventRow(
            node: content.circuits.breakers[0].node,
            record: EventRecord(
              sequence: Int64(200 + number), at: Sample.now - Int64(second) * 1_000_000, name: name.path,
              metadata: about.adding(more))))
      }
    }
    content.breakerEvents.sort { $0.record.at < $1.record.at }
    let shown = page(content, id)
    #expect(shown.contains("Calls that failed since it opened"), "\(shown)")
    for word in ["shop find", "timeout", "no answer within 5000 ms", "2.0.1", "shop1@app"] {
      #expect(shown.contains(word), "\(word)\n\(shown)")
    }
    let small = screenText(content, width: 80, height: 24) {
      $0.dialogs = [.detail(DetailDialog(.init(BreakerDetail(id: id))))]
    }
    #expect(small.contains("Calls that failed since it opened") && small.contains("shop find"), "\(small)")
  }

  @Test("where no failed call is kept, a service's breaker says how its functions failed last")
  func noFailedCall() {
    var (content, id) = breaker(.open, refusedBefore: [3])
    content.breakerEvents.removeAll { $0.record.known == .workerPoolTaskException }
    content.circuits.breakers[0].state.service = "payment_service"
    id = content.circuits.breakers[0].id
    let shown = page(content, id)
    #expect(shown.contains("how its functions failed last"), "\(shown)")
    #expect(shown.contains("charge") && shown.contains("no node"), "\(shown)")
  }

  @Test("where no refusal is among the events that are all kept, a breaker's page says so and lists none")
  func oldRefusals() {
    var (content, id) = breaker(.open, refusedBefore: [28, 27])
    content.eventsSince = Sample.now - 15_000_000
    let shown = page(content, id)
    #expect(shown.contains("no refusal since") && shown.contains("27s ago"), "\(shown)")
    #expect(!shown.contains("by the events that are kept"), "\(shown)")
    content.eventsSince = Sample.now - 27_500_000
    #expect(page(content, id).contains("1 refused"))
  }

  @Test(
    "of a breaker whose gateway is gone nobody knows when it probes",
    arguments: [CircuitMode.timeline, .openOnly])
  func probeOfGone(_ mode: CircuitMode) {
    var settings = ViewSettings()
    settings.circuitView = mode
    for isStale in [false, true] {
      var (content, id) = breaker(.open, refusedBefore: [], isStale: isStale)
      content.circuits.breakers[0].cooldownLeftMs = 12_000
      let pane = TextWriter.write(PaneTests.draw(.circuits, content, settings, width: 118, height: 9))
      #expect(pane.contains("probe in 12s") != isStale && pane.contains("stale") == isStale, "\(pane)")
      #expect(page(content, id).contains("probe in 12s") != isStale)
    }
  }
}

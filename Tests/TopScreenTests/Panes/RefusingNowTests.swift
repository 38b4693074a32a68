import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("What is said of breakers, limits and alerts is so now")
struct RefusingNowTests {
  private func page(_ content: ScreenContent, _ id: ByteText) -> String {
    DetailPage(
      DetailDialog(.init(BreakerDetail(id: id))), content: content, context: PaneContext(at: Sample.now),
      width: 110
    ).lines.map(\.text).joined(separator: "\n")
  }

  private func row(_ at: Int64, _ name: EventName, _ metadata: ValueObject) -> EventRow {
    var whole = metadata
    (whole["service"], whole["request_type"], whole["pool_name"]) = ("stock", "list", "p")
    return EventRow(
      node: "gw1",
      record: EventRecord(sequence: at, at: Sample.now + at * 1_000_000, name: name.path, metadata: whole))
  }

  private func content(_ state: CircuitState, openedAt: Int64 = -10) -> (ScreenContent, ByteText) {
    var content = ScreenContent()
    let breaker = CircuitsContent.Breaker(
      node: "gw1",
      state: BreakerState(
        pool: "p", service: "stock", node: "n1", state: state, since: Sample.now - 3_000_000,
        openedAt: Sample.now + openedAt * 1_000_000, openedCount: 1))
    content.circuits.breakers = [breaker]
    content.circuits.pools = [CircuitsContent.Pool(node: "gw1", state: PoolState(name: "p", workers: 1))]
    return (content, breaker.id)
  }

  @Test("a page names the attempts that opened a breaker, though a retry saved the requests")
  func retried() {
    var (content, id) = content(.open)
    content.breakerEvents = (0..<3).flatMap { number in
      [
        row(
          -20 + number, .executorRetry,
          [
            "request_id": .string("r\(number % 2)"), "user_id": "bob", "mode": "all_nodes",
            "nodes": ["n2", "n1"],
          ]),
        row(-19 + number, .workerPoolTaskStop, ["request_id": .string("r\(number % 2)")]),
      ]
    }
    let text = page(content, id)
    #expect(text.contains("Attempts that failed and were made again"), "\(text)")
    #expect(text.contains("3 of 2 requests") && text.contains("bob"), "\(text)")
    #expect(!text.contains("is known to have failed") && !text.contains("No failed call"), "\(text)")
  }

  @Test("where no event tells, the calls that went on to another node are told by the node's counter")
  func failovers() {
    var (content, id) = content(.open)
    var node = NodeRow(kind: .service, name: "n1", isUp: false)
    node.sightings = [NodeRow.Sighting(gateway: "gw1", isUp: false)]
    node.sightings[0].failovers = 51
    content.nodes = [node]
    let text = page(content, id)
    #expect(text.contains("51 of its calls went on to another node"), "\(text)")
    #expect(text.contains("that a retry or another node saved is none"), "\(text)")
  }

  @Test("of a half-open breaker it is not said that a probe is under way, but since when it is half-open")
  func halfOpen() {
    let (content, id) = content(.halfOpen)
    let text = page(content, id)
    #expect(text.contains("half-open: one call tries, the next if none does now"), "\(text)")
    #expect(!text.contains("probing"))
    #expect(text.contains("half-open since") && text.contains("(3s ago)"), "\(text)")
  }

  @Test(
    "of a half-open breaker it is said whether its probe is under way or the next call is it, where that is told by one that is heard"
  )
  func probing() {
    for (probing, long, short) in [
      (true, "half-open, a probe is under way", "half-open, probing"),
      (false, "half-open, the next call probes", "half-open, probe due"),
    ] {
      var (content, id) = content(.halfOpen)
      content.circuits.breakers[0].state.isProbing = probing
      content.circuits.pools[0].state.breaker = .halfOpen
      content.circuits.pools[0].breaker = BreakerState(pool: "p", state: .halfOpen, isProbing: probing)
      #expect(page(content, id).contains(long), "\(page(content, id))")
      for width in [40, 60, 80, 120] {
        let text = TextWriter.write(PaneTests.draw(.circuits, content, width: width, height: 6))
        #expect(text.contains(short) || text.contains(long) || !text.contains("half-open, "), "\(text)")
      }
      content.circuits.breakers[0].isStale = true
      let stale = page(content, id)
      #expect(stale.contains("one call tries, the next if none does now"), "\(stale)")
    }
  }

  @Test("what was refused before the breaker opened is counted apart")
  func beforeItOpened() {
    var (content, id) = content(.open)
    content.breakerEvents = (-40..<0).map { second in
      row(second, .workerPoolTaskRejected, ["request_id": "x", "reason": "circuit_open"])
    }
    let text = page(content, id)
    #expect(text.contains("since it opened, and before that from"), "\(text)")
    #expect(text.contains("10 refused, 30 before it opened"), "\(text)")
    content.breakerEvents = Array(content.breakerEvents.suffix(8))
    #expect(page(content, id).contains("8 refused") && !page(content, id).contains("before it opened"))
  }

  @Test("a moment that is known to the second only has no milliseconds")
  func seconds() {
    var page = DetailPage(
      DetailDialog(.init(BreakerDetail(id: ""))), content: ScreenContent(),
      context: PaneContext(at: Sample.now), width: 80)
    page.lines = []
    #expect(page.time(1_795_889_681_000_000)?.hasPrefix("18:14:41 (") == true)
    #expect(page.time(1_795_889_681_777_000)?.hasPrefix("18:14:41.777 (") == true)
  }

  private func limit(_ id: ByteText, _ rate: Double, last: Int64) -> LimitRow {
    LimitRow(
      id: id, scope: id, key: "user_id", maxRequests: 300, windowMs: 60_000, rejectionsPerSecond: rate,
      lastRejectionAt: Sample.now - last * 1_000_000)
  }

  @Test("the title of the limits has the number of the line of all panes: of those that refuse now")
  func limits() {
    let rows = [limit("a", 2.4, last: 1), limit("b", 3.1, last: 8)]
    var context = PaneContext(at: Sample.now)
    context.width = 80
    #expect(LimitsPane(rows: rows).fact(context).text == "▲ 2.4/s refused")
    #expect(rows.reduce(0) { $0 + $1.refusesPerSecond(at: Sample.now) } == 2.4)
  }

  @Test("the mark of alerts is that of the worst which fires", arguments: [false, true])
  func alerts(_ isCritical: Bool) {
    var content = Sample.content
    content.alerts = (1...3).map { number in
      AlertRow(
        id: "\(number)", rule: "r", isFiring: true, since: Sample.now, isCritical: isCritical && number == 2)
    }
    (content.header.firingAlerts, content.header.firesCritical) = (3, isCritical)
    (content.troubles.firing, content.troubles.firesCritical) = (3, isCritical)
    let mark = isCritical ? "✖" : "▲"
    #expect(AlertsPane(rows: content.alerts).fact(PaneContext()).text == "\(mark) 3 firing")
    let text = screenText(content, width: 80, height: 24) { _ in }
    #expect(text.contains("\(mark) 3 alerts") && text.contains("\(mark)3"), "\(text)")
    let other = isCritical ? "▲" : "✖"
    #expect(!text.contains("\(other) 3 alerts") && !text.contains("Alr \(other)3"), "\(text)")
  }

  @Test("events are narrowed by every term of a filter, and their title leaves none out")
  func terms() {
    for term in FilterCompletion.terms {
      let name = String(term.prefix { $0 != ":" })
      #expect(EventsPane.narrowedBy.contains(name), "\(name)")
      let lines = HelpLines(keyMap: .standard, context: PaneContext(), width: 100).lines(matching: name + ":")
      #expect(lines.contains { $0.text.contains(name + ":") }, "\(name)")
    }
  }
}

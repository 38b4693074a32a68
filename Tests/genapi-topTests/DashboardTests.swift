import Foundation
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import GenAPIStream
@testable import TopScreen
@testable import genapi_top

/// What a dashboard does when there is more than it can take.
@Suite struct DashboardTests {
  private func live(_ targets: Int = 1) throws -> LiveFeed {
    LiveFeed(
      targets: try (1...targets).map { try StreamTarget(parsing: "gw\($0):4710") },
      subscription: Subscription(), wake: try WakePipe())
  }

  private func hello(_ node: ByteText) -> SubscriberEvent { .connected(Hello(node: node, startedAt: 1)) }

  private func stop(_ sequence: Int64, at: Int64, user: ByteText = "u1") -> SubscriberEvent {
    .frame(
      .event(
        EventRecord(
          sequence: sequence, at: at, name: EventName.executorRequestStop.path,
          metadata: ["user_id": .string(user), "outcome": "ok"])))
  }

  private func dashboard(_ feed: LiveFeed) -> Dashboard {
    let dashboard = Dashboard(feed: feed, setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    dashboard.tick()
    return dashboard
  }

  private var now: Int64 { SystemTime().wallMicroseconds() }

  @Test("two pictures of one second are two files, whichever of the endings is there")
  func freeNames() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "pictures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let base = folder.appendingPathComponent("genapi-top-20260314-120431").path
    #expect(Dashboard.freeName(base, endings: ["svg", "txt"]) == base)
    try Data().write(to: URL(fileURLWithPath: base + ".txt"))
    #expect(Dashboard.freeName(base, endings: ["svg", "txt"]) == base + "-2")
    try Data().write(to: URL(fileURLWithPath: base + "-2.svg"))
    #expect(Dashboard.freeName(base, endings: ["svg", "txt"]) == base + "-3")
  }

  @Test("keys typed into the filter make no content, however many come together and whatever is kept")
  func typing() throws {
    let feed = try live()
    let now = now
    feed.subscribers[0].mailbox.push([hello("gw1"), .frame(.snapshot(at: now, sequence: 0, GatewayState()))])
    feed.subscribers[0].mailbox.push((1...8_000 as ClosedRange<Int64>).map { stop($0, at: now) })
    let dashboard = dashboard(feed)
    dashboard.eventsALook = 100
    _ = dashboard.receive()
    _ = dashboard.frame()
    _ = dashboard.handle(.character("/"))
    let made = dashboard.contentsMade
    for character in "user:hog -service:nobody status:slow dur:>50ms" {
      _ = dashboard.handle(.character(character))
    }
    #expect(dashboard.contentsMade == made)
    _ = dashboard.frame()
    #expect(dashboard.contentsMade == made + 1)
    #expect(dashboard.isSearching && dashboard.currentContent().events.isEmpty)
  }

  @Test("keys that change nothing of what is shown share one content")
  func moving() throws {
    let feed = try live()
    let dashboard = dashboard(feed)
    _ = dashboard.frame()
    let made = dashboard.contentsMade
    for _ in 0..<20 { _ = dashboard.handle(Key(.down)) }
    #expect(dashboard.contentsMade == made)
    for _ in 0..<20 { _ = dashboard.handle(Key(.tab)) }
    #expect(dashboard.contentsMade <= made + 20)
  }

  @Test("keys act on what was drawn, and make no content of their own, however much came since")
  func actingOnWhatIsSeen() throws {
    let feed = try live()
    let now = now
    var state = GatewayState()
    state.series = (0..<50).map { SeriesState(service: "s", requestType: "f\($0)") }
    feed.subscribers[0].mailbox.push([
      hello("gw1"), .frame(.snapshot(at: now, sequence: 0, state)),
      .frame(.state(at: now + 1, sequence: 0, GatewayStateChange())),
    ])
    let dashboard = dashboard(feed)
    _ = dashboard.receive()
    _ = dashboard.frame()
    let made = dashboard.contentsMade
    for number in 1...20 as ClosedRange<Int64> {
      feed.subscribers[0].mailbox.push([stop(number, at: now)])
      #expect(dashboard.receive() == .news)
      _ = dashboard.handle(Key(.down))
    }
    #expect(dashboard.contentsMade == made)
    #expect(dashboard.screen[list: .requests].index == 20)
    // Panes are arranged and zoomed without them; a row of a zoomed pane is chosen by its rows alone.
    for key in [Key.character("z"), Key(.down), Key(.down), Key(.tab), Key(.tab)] {
      _ = dashboard.handle(key)
    }
    #expect(dashboard.contentsMade <= made + 1)
    _ = dashboard.frame()
    #expect(dashboard.contentsMade <= made + 2)
  }

  @Test(
    "what a key opens is drawn beside what was known, and what came since in its own time; nothing is put off by a new size"
  )
  func drawingKeys() throws {
    let feed = try live()
    let now = now
    var state = GatewayState()
    state.series = (0..<50).map { SeriesState(service: "s", requestType: "f\($0)") }
    feed.subscribers[0].mailbox.push([hello("gw1"), .frame(.snapshot(at: now, sequence: 0, state))])
    let dashboard = dashboard(feed)
    _ = dashboard.receive()
    _ = dashboard.frame()
    // Nothing came: all is drawn.
    #expect(dashboard.frameOfInput() == nil)
    feed.subscribers[0].mailbox.push([stop(1, at: now)])
    #expect(dashboard.receive() == .news)
    let made = dashboard.contentsMade
    _ = dashboard.handle(.character("?"))
    #expect(dashboard.frameOfInput().map { TextWriter.write($0).contains("Esc closes") } == true)
    #expect(dashboard.contentsMade == made && dashboard.currentContent().events.count == 1)
    #expect(dashboard.contentsMade == made + 1)
    // What needs the model is made at once.
    feed.subscribers[0].mailbox.push([stop(2, at: now)])
    #expect(dashboard.receive() == .news)
    _ = dashboard.handle(Key(.escape))
    for character in "/user:u1" { _ = dashboard.handle(.character(character)) }
    #expect(dashboard.frameOfInput() == nil)
    _ = dashboard.frame()
    feed.subscribers[0].mailbox.push([stop(3, at: now)])
    #expect(dashboard.receive() == .news)
    dashboard.resize(to: ScreenSize(width: 80, height: 24))
    #expect(dashboard.frameOfInput() == nil && dashboard.frame().width == 80)
  }

  @Test("that a gateway tells of its process alone makes no content before the next second")
  func quietGateways() throws {
    let feed = try live()
    let now = now
    feed.subscribers[0].mailbox.push(
      [hello("gw1"), .frame(.snapshot(at: now, sequence: 0, GatewayState()))], at: now)
    let dashboard = dashboard(feed)
    #expect(dashboard.receive() == .news && dashboard.receive() == .nothing)
    _ = dashboard.frame()
    let made = dashboard.contentsMade
    feed.subscribers[0].mailbox.push(
      [
        .frame(
          .state(
            at: now + 1, sequence: 0, GatewayStateChange(process: ProcessState(residentBytes: 77_000_000))))
      ], at: now + 1)
    #expect(dashboard.receive() == .quiet)
    _ = dashboard.frame()
    #expect(dashboard.contentsMade == made)
    dashboard.tick()
    _ = dashboard.frame()
    #expect(dashboard.contentsMade == made + 1)
  }

  @Test("names are gathered for the key that opens a list of them, without a content of its own")
  func gatheringNames() throws {
    let feed = try live()
    let now = now
    var state = GatewayState()
    state.series = [SeriesState(service: "users", requestType: "get")]
    feed.subscribers[0].mailbox.push([hello("gw1"), .frame(.snapshot(at: now, sequence: 0, state))])
    feed.subscribers[0].mailbox.push([.frame(.state(at: now + 1_000_000, sequence: 0, GatewayStateChange()))])
    let dashboard = dashboard(feed)
    _ = dashboard.receive()
    _ = dashboard.frame()
    let made = dashboard.contentsMade
    _ = dashboard.handle(.character("/"))
    #expect(dashboard.contentsMade == made)
    #expect(dashboard.screen.filterLine?.values["node"] == ["gw1"])
    let click = MouseEvent(.left, column: 5, row: 5)
    #expect(!dashboard.controller.needsNames(click, dashboard.screen))
  }

  @Test("one state is taken at a time, so that keys are heard between those of many functions")
  func statesOneByOne() throws {
    let feed = try live()
    let now = now - 1_000_000
    feed.subscribers[0].mailbox.push(
      [stop(1, at: now), stop(2, at: now)]
        + (0..<5).map { .frame(.state(at: now + $0, sequence: 0, GatewayStateChange())) }, at: now)
    var taken = 0
    feed.take(until: .min) { _ in taken += 1 }
    #expect(taken == 3)
    feed.take(until: .min) { _ in taken += 1 }
    #expect(taken == 4)
    while feed.wait() == 0 { feed.take(until: .min) { _ in taken += 1 } }
    #expect(taken == 7)
  }

  @Test("a held list is looked for anew with the filter that is typed")
  func heldFilter() throws {
    let feed = try live()
    let now = now
    feed.subscribers[0].mailbox.push([hello("gw1"), .frame(.snapshot(at: now, sequence: 0, GatewayState()))])
    feed.subscribers[0].mailbox.push(
      (1...100 as ClosedRange<Int64>).map { stop($0, at: now, user: $0 == 40 ? "hog" : "u1") })
    let dashboard = dashboard(feed)
    _ = dashboard.receive()
    dashboard.screen.focus = .events
    _ = dashboard.frame()
    _ = dashboard.handle(Key(.up))
    #expect(dashboard.currentContent().events.count == 100)
    for character in "/user:hog" { _ = dashboard.handle(.character(character)) }
    #expect(dashboard.currentContent().events.map(\.record.sequence) == [40])
    for _ in 0..<3 { _ = dashboard.handle(Key(.backspace)) }
    for character in "u1" { _ = dashboard.handle(.character(character)) }
    #expect(dashboard.currentContent().events.count == 99)
  }

  @Test("what came first is taken first, whichever gateway it came from, a piece at a time")
  func pieces() throws {
    let feed = try live(2)
    let now = now - 10_000_000
    for number in 0..<10 as Range<Int64> {
      let at = now + number * 1_000_000
      feed.subscribers[0].mailbox.push((0..<200 as Range<Int64>).map { stop($0, at: at) }, at: at)
      feed.subscribers[1].mailbox.push([.connecting], at: at + 500_000)
    }
    var taken: [(place: ByteText, at: Int64?)] = []
    feed.take(until: .min) { taken.append(($0.target, $0.at)) }
    #expect(taken.count == 64)
    #expect(feed.wait() == 0 && feed.clock == now)
    while feed.wait() == 0 { feed.take(until: .min) { taken.append(($0.target, $0.at)) } }
    #expect(taken.count == 2_010)
    #expect(taken.map { $0.at ?? 0 } == taken.map { $0.at ?? 0 }.sorted())
    #expect(feed.clock == nil && feed.behind == 0)
  }

  @Test("a dashboard that is behind says so, and calls no gateway down or silent")
  func behind() throws {
    let feed = try live(2)
    let begun = now - 20_000_000
    for (place, subscriber) in feed.subscribers.enumerated() {
      subscriber.mailbox.push(
        [hello("gw\(place + 1)"), .frame(.snapshot(at: begun, sequence: 0, GatewayState()))], at: begun)
      for second in 1...20 as ClosedRange<Int64> {
        let at = begun + second * 1_000_000 - 100_000
        if place == 0 { subscriber.mailbox.push((0..<200).map { stop($0 + second * 200, at: at) }, at: at) }
        subscriber.mailbox.push([.frame(.state(at: at, sequence: 0, GatewayStateChange()))], at: at)
      }
    }
    let dashboard = dashboard(feed)
    var turns = 0
    while feed.wait() == 0 {
      _ = dashboard.receive(until: .min)
      dashboard.tick()
      turns += 1
      guard turns > 1 else { continue }
      let header = dashboard.currentContent().header
      #expect(header.nodesUp == 2, "turn \(turns)")
      guard feed.behind > 3_000_000 else { continue }
      let line = dashboard.frame().spans(row: 0).text
      #expect(line.contains("behind ") && !line.contains("down") && !line.contains("live"), "\(line)")
    }
    #expect(turns > 50)
    let now = now
    for subscriber in feed.subscribers {
      subscriber.mailbox.push([.frame(.state(at: now, sequence: 0, GatewayStateChange()))], at: now)
    }
    _ = dashboard.receive()
    dashboard.tick()
    #expect(dashboard.frame().spans(row: 0).text.contains("● live"))
  }
}

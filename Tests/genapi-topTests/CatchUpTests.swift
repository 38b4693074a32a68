import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import GenAPIStream
@testable import TopScreen
@testable import genapi_top

@Suite("Going on with the newest")
struct CatchUpTests {
  private func event(_ sequence: Int64) -> SubscriberEvent {
    .frame(.event(EventRecord(sequence: sequence, at: 1, name: "x")))
  }

  private let state = SubscriberEvent.frame(.state(at: 1, sequence: 0, GatewayStateChange()))
  private let snapshot = SubscriberEvent.frame(.snapshot(at: 1, sequence: 0, GatewayState()))

  @Test(
    "of what is passed over it stays how many events it were, when the last came, and what became of the connection"
  )
  func skipped() {
    var catchUp = CatchUp()
    let waiting: [SubscriberEvent] = [
      event(4), state, event(5), .failed("gone"), .retrying(inMs: 250), .connecting,
      .connected(Hello(node: "gw1")), snapshot, event(1),
    ]
    let kept = catchUp.skip(waiting.enumerated().map { ArrivedEvent(event: $1, at: Int64($0)) })
    #expect(
      kept == [
        ArrivedEvent(event: .overrun(DroppedEvents(count: 2, fromSequence: 4, toSequence: 5)), at: 2),
        ArrivedEvent(event: .failed("gone"), at: 3), ArrivedEvent(event: .retrying(inMs: 250), at: 4),
        ArrivedEvent(event: .connecting, at: 5),
        ArrivedEvent(event: .connected(Hello(node: "gw1")), at: 6),
        ArrivedEvent(event: .overrun(DroppedEvents(count: 1, fromSequence: 1, toSequence: 1)), at: 8),
      ])
    #expect(catchUp.awaitsSnapshot)
  }

  @Test("changes of what was passed over are not taken before a snapshot, events are")
  func awaited() {
    var catchUp = CatchUp()
    _ = catchUp.skip([ArrivedEvent(event: state, at: 1)])
    let taken = [state, event(1), .failed("gone"), snapshot, state].map { catchUp.takes($0) }
    #expect(taken == [false, true, true, true, true])
  }

  private var now: Int64 { SystemTime().wallMicroseconds() }

  private func behind(_ seconds: Int64) throws -> (feed: LiveFeed, dashboard: Dashboard) {
    let feed = LiveFeed(
      targets: try (1...2).map { try StreamTarget(parsing: "gw\($0):4710") }, subscription: Subscription(),
      wake: try WakePipe())
    let begun = now - seconds * 1_000_000
    for (place, subscriber) in feed.subscribers.enumerated() {
      subscriber.mailbox.push(
        [.connected(Hello(node: "gw\(place + 1)", startedAt: 1)), snapshot], at: begun)
      for second in 1..<seconds {
        // The second gateway has been dead for long.
        if place == 1, second == 3 { subscriber.mailbox.push([.failed("gone")], at: begun + 3_000_000) }
        if place == 1, second >= 3 { continue }
        subscriber.mailbox.push([state, event(second)], at: begun + second * 1_000_000)
      }
    }
    let dashboard = Dashboard(feed: feed, setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    dashboard.tick()
    return (feed, dashboard)
  }

  @Test("a screen that is minutes behind goes on with the newest at once, names a dead gateway, and says so")
  func minutes() throws {
    let (feed, dashboard) = try behind(120)
    feed.mostBehind = 10_000_000
    _ = dashboard.receive(until: .min)
    dashboard.tick()
    #expect(feed.behind == 0 && feed.skips == 1)
    let header = dashboard.currentContent().header
    #expect(header.nodesUp == 1)
    #expect(header.lost == 121)
    #expect(dashboard.screen.message?.text.contains("went on with the newest") == true)
    // What is kept of it is understood from the next snapshot on.
    feed.subscribers[0].mailbox.push([state, snapshot, state], at: now)
    _ = dashboard.receive(until: .max)
    #expect(feed.skips == 1 && dashboard.currentContent().header.nodesUp == 1)
  }

  @Test("whoever wants all that came passes nothing over")
  func all() throws {
    let (feed, dashboard) = try behind(120)
    _ = dashboard.receive()
    #expect(feed.skips == 0 && dashboard.currentContent().header.lost == 0)
  }
}

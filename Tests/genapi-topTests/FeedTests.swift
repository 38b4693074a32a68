import Foundation
import GenAPITelemetry
import GenAPIValue
import NIOCore
import Testing

@testable import GenAPIStream
@testable import TopModel
@testable import TopScreen
@testable import genapi_top

@Suite struct FeedTests {
  private func message(_ event: SubscriberEvent, _ target: ByteText = "gw1:4710") -> FeedMessage {
    FeedMessage(target: target, event: event)
  }

  @Test("a target is settled once it sent its numbers or failed")
  func settled() {
    var targetStates = TargetStates()
    targetStates.note(message(.connected(Hello(node: "gw1"))))
    #expect(!targetStates.isSettled(["gw1:4710"]))
    targetStates.note(message(.frame(.snapshot(at: 1, sequence: 0, GatewayState()))))
    #expect(targetStates.isSettled(["gw1:4710"]))
    #expect(!targetStates.isSettled(["gw1:4710", "gw2:4710"]))
    targetStates.note(message(.failed("nobody listens there"), "gw2:4710"))
    #expect(targetStates.isSettled(["gw1:4710", "gw2:4710"]))
    #expect(targetStates.live == ["gw1:4710"])
    #expect(targetStates.problems == ["gw2:4710": "nobody listens there"])
  }

  @Test("rates are known once every live target has told of a second that is over")
  func rates() {
    var targetStates = TargetStates()
    func frame(_ frame: Frame, at: Int64, _ target: ByteText) {
      targetStates.note(FeedMessage(target: target, event: .frame(frame), at: at))
    }
    let change = Frame.state(at: 0, sequence: 0, GatewayStateChange())
    for target: ByteText in ["a", "b"] {
      frame(.snapshot(at: 0, sequence: 0, GatewayState()), at: 5_900_000, target)
    }
    // In the snapshot's own second: what it tells is no whole second.
    frame(change, at: 5_950_000, "a")
    #expect(!targetStates.hasRates(at: 6_000_000))
    frame(change, at: 6_900_000, "a")
    #expect(!targetStates.hasRates(at: 7_000_000))
    frame(change, at: 6_950_000, "b")
    #expect(!targetStates.hasRates(at: 6_990_000) && targetStates.hasRates(at: 7_000_000))
    targetStates.note(message(.closed(reason: "gone"), "b"))
    #expect(targetStates.hasRates(at: 7_000_000))
    frame(.snapshot(at: 0, sequence: 0, GatewayState()), at: 8_000_000, "b")
    #expect(!targetStates.hasRates(at: 9_000_000))
  }

  @Test("an event counts as seen when it came, or when a gateway counted it")
  func seen() {
    var targetStates = TargetStates()
    targetStates.note(
      message(.frame(.event(EventRecord(sequence: 1, at: 1, name: EventName.catalogue[0].path)))))
    var state = GatewayState()
    state.totals.events = [
      EventName.catalogue[1].path: 3, EventName.catalogue[2].path: 0, "no.such.event": 1,
    ]
    targetStates.note(message(.frame(.snapshot(at: 1, sequence: 0, state))))
    #expect(targetStates.seenEvents == Set(EventName.catalogue.prefix(2)))
    #expect(!targetStates.hasSeenAllEvents)
  }

  @Test("all 31 events make the set complete, events beyond the catalogue do not count")
  func complete() {
    var targetStates = TargetStates()
    for name in EventName.extensions {
      targetStates.note(message(.frame(.event(EventRecord(sequence: 1, at: 1, name: name.path)))))
    }
    #expect(targetStates.seenEvents.isEmpty)
    for name in EventName.catalogue {
      targetStates.note(message(.frame(.event(EventRecord(sequence: 1, at: 1, name: name.path)))))
    }
    #expect(targetStates.hasSeenAllEvents)
  }

  private func recording(_ lines: [String]) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl").path
    let header = #"{"t":"recording","proto":1,"started_at":1000000,"targets":["gw1:4710"]}"#
    try ([header] + lines).map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("at the end of a recording its time stands still")
  func end() throws {
    let path = try recording([
      #"{"t":"snapshot","at":1000000,"seq":0,"totals":{}}"#, #"{"t":"state","at":1000100,"seq":0}"#,
    ])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let feed = try ReplayFeed(path: path, speed: 100)
    feed.seek(to: 61_000_000)
    #expect(!feed.take().isEmpty)
    #expect(feed.isAtEnd)
    #expect(feed.clock == 1_000_100)
  }

  @Test("a paused recording gives nothing but what it is stepped to")
  func stepped() throws {
    let path = try recording(
      (1...3).map { #"{"t":"event","seq":\#($0),"at":\#($0)000000,"name":"x","m":{},"d":{}}"# })
    defer { try? FileManager.default.removeItem(atPath: path) }
    let feed = try ReplayFeed(path: path, speed: 1)
    feed.setPaused(true)
    // The first frame is at the recording's start; a connection is made up in front of it.
    #expect(feed.take().count == 2)
    #expect(feed.take().isEmpty)
    #expect(feed.wait() == nil)
    feed.seek(to: 2_100_000)
    #expect(feed.take().map(\.target) == ["gw1:4710"])
    feed.seek(to: 12_000_000)
    #expect(feed.take().count == 1)
    #expect(feed.isAtEnd)
  }

  @Test("each frame of a recording belongs to its own second, however many are taken at once")
  func seconds() throws {
    let path = try recording(states(20))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let dashboard = Dashboard(feed: try ReplayFeed(path: path, speed: 1), setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    dashboard.screen.settings.window = .tenSeconds
    dashboard.start()
    _ = dashboard.handle(.character(" "))
    (dashboard.feed as? ReplayFeed)?.seek(to: 16_000_000)
    while dashboard.wait() == 0 { _ = dashboard.receive() }
    dashboard.screen.settings.moment = .at(16_000_000)
    dashboard.forgetContent()
    let row = try #require(dashboard.currentContent().requests.first)
    #expect(row.requestsPerSecond == 5)
    #expect(row.trend.allSatisfy { $0 == 5 })
  }

  @Test("alerts of a recording begin and end when they did, however fast and in how many steps it is read")
  func alerts() throws {
    var state = GatewayState()
    var frames: [Frame] = [.snapshot(at: 1_000_000, sequence: 0, state)]
    for second in 2...80 as ClosedRange<Int64> {
      let before = state
      state.process.uptimeMs += 1_000
      if second == 30 { state.configuration.fault = "line 3" }
      if second == 34 { state.configuration.fault = nil }
      frames.append(.state(at: second * 1_000_000, sequence: 0, state.changes(since: before)))
    }
    let path = try recording(
      frames.map { String(buffer: FrameEncoder.line($0)).trimmingCharacters(in: .newlines) })
    defer { try? FileManager.default.removeItem(atPath: path) }
    func episodes(_ steps: [Int64]) throws -> [[Int64?]] {
      let dashboard = Dashboard(feed: try ReplayFeed(path: path, speed: 0.1), setup: DashboardSetup())
      dashboard.resize(to: ScreenSize(width: 120, height: 36))
      dashboard.start()
      _ = dashboard.handle(.character(" "))
      for step in steps {
        (dashboard.feed as? ReplayFeed)?.seek(to: step * 100_000)
        while dashboard.wait() == 0 { _ = dashboard.receive() }
        dashboard.tick()
      }
      return dashboard.model.alertEpisodes(ViewSettings()).map { [$0.from, $0.until] }
    }
    let known = try episodes([790])
    #expect(known == [[30_000_000, 34_000_000]])
    #expect(try episodes(Array(10...790)) == known)
    #expect(try episodes([305, 322, 351, 790]) == known)
  }

  @Test("a paused recording is sought to and fro, also to what the history does not have")
  func sought() throws {
    let path = try recording(states(2_000))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let dashboard = Dashboard(
      // Slowly: it plays by the clock while it is read, however long that takes.
      feed: try ReplayFeed(path: path, speed: 0.1, from: 1_500_000), setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    dashboard.start()
    while dashboard.wait() == 0 { _ = dashboard.receive() }
    _ = dashboard.handle(.character(" "))
    for action in dashboard.handle(.character("]")) { dashboard.perform(action) }
    while dashboard.wait() == 0 { _ = dashboard.receive() }
    let moment = try #require(dashboard.moment)
    #expect((1_561...1_563).contains(moment / 1_000_000))
    // The history begins 900 s before; the rest is read again.
    _ = dashboard.handle(Key(.home))
    for action in dashboard.handle(.character("[")) { dashboard.perform(action) }
    while dashboard.wait() == 0 { _ = dashboard.receive() }
    #expect(dashboard.moment.map { (600...604).contains($0 / 1_000_000) } == true)
    #expect(dashboard.currentContent().requests.first?.requestsPerSecond == 5)
  }

  @Test("a time of day that is ahead in a recording is read on to, and behind its end the end is told")
  func ahead() throws {
    let path = try recording(states(600))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let dashboard = Dashboard(
      feed: try ReplayFeed(path: path, speed: 0.1, from: 10_000), setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    dashboard.start()
    while dashboard.wait() == 0 { _ = dashboard.receive() }
    dashboard.screen.clockOffset = 0
    func go(to time: String) {
      for key in "T\(time)" { _ = dashboard.handle(.character(key)) }
      for action in dashboard.handle(Key(.enter)) { dashboard.perform(action) }
      while dashboard.wait() == 0 { _ = dashboard.receive() }
    }
    go(to: "00:05:00Z")
    #expect(dashboard.moment.map { (299...301).contains($0 / 1_000_000) } == true)
    #expect(dashboard.screen.message == nil)
    go(to: "00:30:00Z")
    #expect(dashboard.moment.map { (599...602).contains($0 / 1_000_000) } == true)
    #expect(dashboard.screen.message?.text.hasPrefix("the recording ends at ") == true)
  }

  @Test("a recording begins at the moment that was asked for, however long it is read to there")
  func startsLater() throws {
    let path = try recording(states(2_000))
    defer { try? FileManager.default.removeItem(atPath: path) }
    for slowness in [0, 10_000] as [Int64] {
      // Each look at the clock takes so many milliseconds.
      var time: Int64 = 0
      let feed = try ReplayFeed(path: path, speed: 1, from: 1_500_000) {
        time += slowness
        return time
      }
      let dashboard = Dashboard(feed: feed, setup: DashboardSetup())
      dashboard.resize(to: ScreenSize(width: 120, height: 36))
      dashboard.start()
      var looks = 0
      while dashboard.isReading {
        #expect(feed.wait() == 0 && !dashboard.isReadyForKeys)
        dashboard.tick()
        let header = TextWriter.write(dashboard.frame()).prefix { $0 != "\n" }
        #expect(header.contains("reading up to ") && !header.contains("live"), "\(header)")
        _ = dashboard.receive(until: 0)
        looks += 1
      }
      #expect(looks > 5)
      // From there on time passes, in which nothing was taken yet.
      #expect((1_501...1_502).contains((feed.clock ?? 0) / 1_000_000))
      dashboard.tick()
      #expect((1_501...1_502).contains(dashboard.currentContent().header.at / 1_000_000))
      #expect(!TextWriter.write(dashboard.frame()).contains("reading up to"))
    }
  }

  @Test(
    "a recording that is over before the moment it was to begin at is an error, and its end is not shown for it"
  )
  func tooShort() throws {
    let path = try recording(states(20))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let feed = try ReplayFeed(path: path, speed: 1, from: 30_000)
    #expect(feed.fellShort == nil)
    _ = feed.take()
    #expect(feed.fellShort == ReplayError(path: path, from: 30_000, length: 19_000))
    // What could not be read may be why.
    let unread = ReplayError(path: "f", from: 3_000, length: 0, leftOut: 7)
    #expect("\(unread)".hasSuffix("is 0ms long as far as it can be read: 7 parts of it cannot"), "\(unread)")
    let long = try ReplayFeed(path: path, speed: 1, from: 19_000)
    _ = long.take()
    #expect(long.fellShort == nil && long.isAtEnd)
  }

  /// A function that is called five times a second, told once a second from second 1 on.
  private func states(_ count: Int) -> [String] {
    func totals(_ calls: Int) -> String {
      #"{"requests":\#(calls),"ok":\#(calls),"failed":0,"exceptions":0,"rejected":0,"in_flight":0,"invalid":0,"#
        + #""retries":0,"events_emitted":0,"events_dropped":0,"events":{}}"#
    }
    return [#"{"t":"snapshot","at":1000000,"seq":0,"totals":\#(totals(0))}"#]
      + (2...count).map { second in
        let calls = (second - 1) * 5
        return #"{"t":"state","at":\#(second)000000,"seq":0,"totals":\#(totals(calls)),"#
          + #""series":[{"service":"s","request_type":"f","requests":\#(calls),"outcomes":{"ok":\#(calls)},"#
          + #""retries":0,"max_us":9,"latency":{"sum":0,"buckets":[]}}]}"#
      }
  }

  @Test("a recording that cannot be read as fast as was asked for says how fast it is, and keeps no debt")
  func heldBack() throws {
    let path = try recording(states(2_000))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var time: Int64 = 0
    let feed = try ReplayFeed(path: path, speed: 64) { time }
    let dashboard = Dashboard(feed: feed, setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    dashboard.start()
    func header() -> String {
      dashboard.tick()
      return String(TextWriter.write(dashboard.frame()).prefix { $0 != "\n" })
    }
    // All that is due is read in each step.
    for _ in 0..<40 {
      time += 100
      feed.take(until: .max) { _ in }
    }
    #expect(feed.heldBackTo == nil)
    // A step in which no more than 64 frames are read takes 3 s from here on.
    for _ in 0..<6 {
      time += 3_000
      _ = dashboard.receive(until: 0)
    }
    let pace = try #require(feed.heldBackTo)
    #expect((20...23).contains(pace), "\(pace)")
    #expect(header().contains("replay ×64 (×21)"), "\(header())")
    // What was not played is not played faster for it at another speed, and is not where a seek begins.
    let clock = try #require(feed.clock)
    feed.setSpeed(1)
    #expect(feed.heldBackTo == nil && feed.clock == clock)
    time += 2_000
    feed.take(until: .max) { _ in }
    #expect(feed.clock == clock + 2_000_000)
    feed.setSpeed(64)
    time += 600_000
    feed.seek(to: clock + 10_000_000)
    #expect(feed.sought == clock + 10_000_000)
    _ = dashboard.receive(until: 0)
    #expect(header().contains("replay ×64") && !header().contains("(×"), "\(header())")
  }

  @Test("a line that is no frame is told and skipped")
  func badLine() throws {
    let path = try recording([
      #"{"t":"hello","proto":1,"node":"gw1"}"#, "nonsense",
      #"{"t":"event","seq":1,"at":1000000,"name":"x","m":{},"d":{}}"#,
    ])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let feed = try ReplayFeed(path: path, speed: 1)
    #expect(feed.take().count == 2)
    #expect(feed.problems.count == 1)
    #expect(feed.problems[0].contains("line 3"))
  }
}

extension Dashboard {
  /// The moment a paused screen shows.
  fileprivate var moment: Int64? {
    if case .at(let moment) = screen.settings.moment { moment } else { nil }
  }
}

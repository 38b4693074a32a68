import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestRandom
import Testing

@testable import GenAPIStream

@Suite("The event filter")
struct EventFilterTests {
  @Test(
    "a star stands for any run of characters",
    arguments: [
      ("*", "", true), ("*", "abc", true), ("abc", "abc", true), ("abc", "abcd", false),
      ("abc", "Abc", false),
      ("a*", "abc", true), ("a*", "ba", false), ("*c", "abc", true), ("*c", "abcd", false),
      ("a*c", "ac", true), ("a*c", "abbc", true), ("a*c", "a", false), ("ab*ba", "aba", false),
      ("*b*", "abc", true), ("*b*", "ac", false), ("a*b*c", "a-b-b-c", true), ("a**c", "abc", true),
      ("*.stop", "executor.request.stop", true), ("漢*", "漢字", true), ("", "", true), ("", "a", false),
    ])
  func glob(pattern: String, text: String, matches: Bool) {
    #expect(GlobPattern(ByteText(pattern)).matches(ByteText(text)) == matches)
  }

  @Test("a pattern of many stars is decided quickly")
  func manyStars() {
    let pattern = GlobPattern("\(String(repeating: "a*", count: 100))b")
    #expect(!pattern.matches(ByteText(String(repeating: "a", count: 20_000))))
  }

  @Test("an empty filter passes everything")
  func empty() {
    let filter = CompiledFilter(EventFilter())
    for event in [TestEvents.start(), .configClear, .nodeUp(node: "n")] {
      #expect(filter.matches(TestEvents.emitted(event), node: "gw1"))
    }
  }

  @Test("lists are all needed, patterns of a list are alternatives")
  func andOr() {
    let filter = CompiledFilter(EventFilter(services: ["user_*", "order_*"], users: ["u_1"]))
    #expect(passes(filter, TestEvents.start("user_service")))
    #expect(passes(filter, TestEvents.start("order_service")))
    #expect(!passes(filter, TestEvents.start("mail_service")))
    #expect(!passes(filter, TestEvents.start("user_service", user: "u_2")))
    #expect(!passes(filter, TestEvents.start("user_service", user: nil)))
  }

  @Test("one excluded pattern is enough to be left out")
  func exclude() {
    let filter = CompiledFilter(
      EventFilter(services: ["*"], exclude: FilterTermList(requestTypes: ["ping"], users: ["bot_*"])))
    #expect(passes(filter, TestEvents.start()))
    #expect(!passes(filter, TestEvents.start(type: "ping")))
    #expect(!passes(filter, TestEvents.start(user: "bot_7")))
  }

  @Test(
    "names match in full and in short",
    arguments: [
      "phoenix_gen_api.executor.request.start", "executor.request.start", "executor.*", "*.start",
      "phoenix_gen_api.*",
    ])
  func names(pattern: String) {
    let filter = CompiledFilter(EventFilter(names: [ByteText(pattern)]))
    #expect(passes(filter, TestEvents.start()))
    #expect(passes(filter, .configClear) == (pattern == "phoenix_gen_api.*"))
  }

  @Test("categories and nodes pick events")
  func categories() {
    let executor = CompiledFilter(EventFilter(categories: ["executor"], nodes: ["gw*"]))
    #expect(executor.matches(TestEvents.emitted(TestEvents.start()), node: "gw1"))
    #expect(!executor.matches(TestEvents.emitted(TestEvents.start()), node: "edge"))
    #expect(!executor.matches(TestEvents.emitted(.nodeUp(node: "n")), node: "gw1"))
  }

  @Test("an event of no service passes no service pattern, but clearing the store concerns all")
  func noService() {
    let filter = CompiledFilter(EventFilter(services: ["*"]))
    #expect(!passes(filter, .nodeUp(node: "n")))
    #expect(passes(filter, .configClear))
  }

  @Test("a received event is judged as the gateway judged it")
  func sameOnBothSides() throws {
    var frames = RandomFrames(random: SeededRandom(seed: 21))
    let events: [TelemetryEvent] = [
      TestEvents.start(), TestEvents.start("a", type: "b", user: nil), TestEvents.stop("*"), .configClear,
      .nodeUp(node: "n"), .pullStart(service: "user_service", systemTime: 1),
      .configChange(.add, ConfigChange(service: "a", requestType: "é", version: nil)),
      .relayMessage(RelayMessage(groupID: "g", fromUserID: "a", recipients: 1, durationUs: 1)),
      .channelJoin(topic: "t", userID: "a"),
    ]
    for _ in 0..<500 {
      let filter = CompiledFilter(frames.subscription().filter)
      for event in events {
        let emitted = TestEvents.emitted(event)
        guard case .event(var record) = try FrameDecoder.decode(EventEncoder.line(emitted)!).get() else {
          Issue.record("no event")
          return
        }
        record.node = "a"
        #expect(filter.matches(record) == filter.matches(emitted, node: "a"), "\(event) \(filter.filter)")
      }
    }
  }

  @Test("an event of a later version is judged by its name's first element")
  func laterVersion() {
    let record = EventRecord(sequence: 1, at: 1, name: "phoenix_gen_api.quota.used")
    #expect(CompiledFilter(EventFilter(categories: ["quota"])).matches(record))
    #expect(!CompiledFilter(EventFilter(categories: ["executor"])).matches(record))
    #expect(CompiledFilter(EventFilter(names: ["quota.*"])).matches(record))
  }

  @Test("services narrow the state; what belongs to no service stays")
  func narrowed() {
    var state = StubSource.twoServices()
    state.hotKeys = [
      HotKeyState(limit: "user_service", keyValue: "u", used: 1, max: 2),
      HotKeyState(limit: "order_service", keyValue: "u", used: 1, max: 2),
      HotKeyState(limit: "all", keyValue: "u", used: 1, max: 2),
    ]
    state.nodes = [
      ServiceNodeState(node: "n1", services: ["order_service"]),
      ServiceNodeState(node: "n2", services: ["order_service", "user_service"]),
      ServiceNodeState(node: "n3"),
    ]
    state.pools = [PoolState(name: "p", workers: 1)]
    let narrowed = state.narrowed(by: CompiledFilter(EventFilter(services: ["user_*"])))
    #expect(narrowed.series.map(\.service) == ["user_service"])
    #expect(narrowed.functions.map(\.service) == ["user_service"])
    #expect(narrowed.services.map(\.service) == ["user_service"])
    #expect(narrowed.limits.map(\.id) == ["user_service", "all"])
    #expect(narrowed.hotKeys.map(\.limit) == ["user_service", "all"])
    #expect(narrowed.nodes.map(\.node) == ["n2", "n3"])
    #expect(narrowed.pools == state.pools)
    #expect(narrowed.totals == state.totals)
    #expect(state.narrowed(by: CompiledFilter(EventFilter(names: ["x"]))) == state)
  }

  private func passes(_ filter: CompiledFilter, _ event: TelemetryEvent) -> Bool {
    filter.matches(TestEvents.emitted(event), node: "gw1")
  }
}

import ErlangTerms
import GenAPITelemetry
import OutsideText
import Testing

@testable import GenAPIAttach

/// What an agent could send, and what becomes of it.
struct AttachedModelTests {
  private static let outcomes = RequestOutcome.allCases

  static func row(
    _ key: Term, requests: Int64, _ ended: [RequestOutcome: Int64], unfinished: Int64 = 0,
    unplaced: Int64 = 0,
    buckets: [(Int64, Int64)] = [], sum: Int64 = 0
  ) -> Term {
    .tuple([
      .integer(1), key, .integer(requests), .list(outcomes.map { .integer(ended[$0] ?? 0) }),
      .integer(unfinished),
      .integer(2), .integer(sum), .integer(900), .integer(unplaced), .text("no"), .integer(77),
      .list(buckets.map { .tuple([.integer($0.0), .integer($0.1)]) }),
    ])
  }

  static func scalars(_ more: [(ByteText, Term)] = []) -> TermMap {
    let at: [(ByteText, Term)] = more.contains { $0.0 == "at" } ? [] : [("at", .integer(1_000_000))]
    return TermMap((at + more).map { (key: .atom($0.0), value: $0.1) })
  }

  private static let function = Term.tuple([.text("user_service"), .text("get_user")])

  @Test("requests are those that ended well, failed, were refused and run")
  func totalsAddUp() throws {
    var model = AttachedModel()
    model.take(
      "series", isFirst: false,
      [
        Self.row(
          Self.function, requests: 20, [.ok: 10, .timeout: 3, .rateLimited: 4], unfinished: 1,
          buckets: [(5, 17)])
      ])
    model.take(scalars: Self.scalars())
    let state = model.state()
    let totals = state.totals
    #expect(totals.requests == totals.ok + totals.failed + totals.rejected + totals.inFlight)
    #expect((totals.ok, totals.failed, totals.rejected, totals.inFlight) == (10, 4, 4, 2))
    let series = try #require(state.series.first)
    #expect(series.service == "user_service" && series.version == nil)
    #expect(series.outcomes == ["ok": 10, "timeout": 3, "rate_limited": 4, "exception": 1])
    #expect(series.latency.count == 17)
    #expect(series.lastError == "no")
  }

  @Test("a row that comes again takes the place of the one before")
  func rowsAreAbsolute() {
    var model = AttachedModel()
    for requests in [1, 5] as [Int64] {
      model.take("series", isFirst: false, [Self.row(Self.function, requests: requests, [.ok: requests])])
    }
    #expect(model.state().totals.requests == 5)
  }

  @Test("a service that is there as an atom and as a text is one")
  func atomAndTextAreOne() {
    var model = AttachedModel()
    model.take(
      "series", isFirst: false,
      [
        Self.row(Self.function, requests: 1, [.ok: 1]),
        Self.row(.tuple([.atom("user_service"), .text("get_user")]), requests: 2, [.ok: 2]),
      ])
    #expect(model.state().series.map(\.requests) == [3])
  }

  @Test("durations that found no bucket in the agent are at the mean, so that counts stay whole")
  func unplacedDurations() {
    var model = AttachedModel()
    model.take(
      "series", isFirst: false,
      [Self.row(Self.function, requests: 4, [.ok: 4], unplaced: 3, buckets: [(10, 1)], sum: 40)])
    let latency = model.state().series[0].latency
    #expect(latency.count == 4 && latency.quantile(1) == 10)
  }

  @Test("hooks and pools are counted apart from functions")
  func hooksAndPools() throws {
    var model = AttachedModel()
    model.take(
      "series", isFirst: false,
      [
        Self.row(
          .tuple([.atom("hook"), .atom("before"), .atom("Elixir.Hk"), .atom("deny")]), requests: 3,
          [.ok: 2, .exception: 1]),
        Self.row(
          .tuple([.atom("pool"), .atom("async_pool")]), requests: 9, [.ok: 5, .exception: 2, .unavailable: 1]),
      ])
    model.take(
      "pools", isFirst: true,
      [.tuple([.atom("async_pool"), .integer(100), .integer(1_000), .integer(98), .integer(2), .integer(0)])])
    model.take(scalars: Self.scalars())
    let state = model.state()
    #expect(state.series.isEmpty && state.totals.requests == 0)
    #expect(state.hooks == [HookState(module: "Hk", function: "deny", phase: "before", runs: 3, failures: 1)])
    let pool = try #require(state.pools.first)
    #expect((pool.workers, pool.busy, pool.executed, pool.failed, pool.rejected) == (100, 2, 7, 2, 1))
  }

  @Test("a worker's breaker is open for its cooldown, and lets a probe through after it")
  func breakers() {
    var model = AttachedModel()
    let breaker = Term.tuple([
      .atom("async_pool"), .integer(345), .integer(900_000), .integer(950_000), .integer(2), .integer(5),
      .integer(60),
    ])
    model.take("breakers", isFirst: true, [breaker])
    model.take(scalars: Self.scalars())
    #expect(model.state().breakers.map(\.state) == [.open])
    model.take(scalars: Self.scalars([("at", .integer(2_000_000))]))
    let later = model.state().breakers[0]
    #expect(later.state == .halfOpen && later.since == 1_010_000 && later.openedCount == 2)
  }

  @Test("a limit knows its refusals, which the library tells without its key")
  func limits() {
    var model = AttachedModel()
    func limit(_ scope: Term, _ most: Int64, _ of: ByteText) -> Term {
      .tuple([.atom("limit"), scope, .integer(most), .integer(1_000), .atom(of)])
    }
    func row(_ service: Term, _ type: Term, _ key: ByteText, _ most: Int64) -> Term {
      .tuple([service, type, .atom(key), .integer(most), .integer(1_000)])
    }
    model.take(
      "limits", isFirst: true,
      [
        row(.atom("nil"), .atom("nil"), "device_id", 5), row(.atom("nil"), .atom("nil"), "user_id", 5),
        row(.text("s"), .text("t"), "tenant", 2), row(.atom("s"), .text("u"), "user_id", 3),
      ])
    let scope = Term.tuple([.text("s"), .text("t")])
    model.take(
      "series", isFirst: false,
      [
        Self.row(limit(.atom("global"), 5, "user"), requests: 7, [:]),
        Self.row(limit(.atom("global"), 5, "other"), requests: 4, [:]),
        Self.row(limit(scope, 2, "other"), requests: 3, [:]),
        // A tenant that is called as its user is.
        Self.row(limit(scope, 2, "user"), requests: 2, [:]),
        Self.row(limit(.tuple([.atom("s"), .text("u")]), 3, "user"), requests: 1, [:]),
        // Of a limit that is none any more.
        Self.row(limit(scope, 9, "user"), requests: 9, [:]),
      ])
    model.take(scalars: Self.scalars())
    #expect(
      model.state().limits.map { "\($0.id) \($0.rejections)" } == [
        "global device_id 5/1000ms 4", "global user_id 5/1000ms 7", "s/t tenant 2/1000ms 5",
        "s/u user_id 3/1000ms 1",
      ])
  }

  @Test("of nodes the agent tells since when they are up or down, also what went before we came")
  func nodesOfTheAgent() throws {
    var model = AttachedModel()
    let names: [ByteText] = ["down@h", "new@h", "old@h", "unseen@h"]
    let fields: [Term] =
      [.list(names.map { .atom($0) }), .atom("random"), .integer(5_000), .atom("sync")]
      + [Term](repeating: .atom("nil"), count: 6)
    model.take(
      "functions", isFirst: true, [.tuple([.text("users"), .text("get"), .text("1.0.0"), .list(fields)])])
    model.take(
      "nodes", isFirst: true,
      [
        .tuple([.atom("old@h"), .atom("visible"), .atom("nil")]),
        .tuple([.atom("new@h"), .atom("hidden"), .integer(30)]),
        .tuple([.atom("down@h"), .atom("down"), .integer(40)]), .tuple([.atom("odd@h")]), .atom("odd"),
      ])
    model.take(scalars: Self.scalars([("at", .integer(100))]))
    let nodes = model.state().nodes
    #expect(nodes.map(\.node) == names)
    #expect(nodes.map(\.up) == [false, true, true, false])
    #expect(nodes.map(\.since) == [40, 30, 0, 0])
    #expect(nodes.map(\.isUnseen) == [false, false, false, true])
  }

  @Test(
    "tasks of a pool are counted by their begin, as the library tells the ends of some only",
    arguments: [("2.18.0", 96), ("2.22.0", 96), ("", 96)])
  func executedTasks(_ version: String, _ executed: Int64) throws {
    var model = AttachedModel()
    model.take(
      "series", isFirst: false,
      [Self.row(.tuple([.atom("pool"), .atom("async_pool")]), requests: 98, [.ok: 48, .exception: 2])])
    model.take(
      "pools", isFirst: true,
      [.tuple([.atom("async_pool"), .integer(100), .integer(1_000), .integer(98), .integer(2), .integer(0)])])
    model.take(scalars: Self.scalars(version.isEmpty ? [] : [("library", .text(ByteText(version)))]))
    let pool = try #require(model.state().pools.first)
    #expect(pool.executed == executed && pool.failed == 2)
  }

  @Test("without an agent a node that is not connected yet is not known to be down; one that was and went is")
  func nodes() throws {
    var model = AttachedModel(hasAgent: false)
    let fields: [Term] = [
      .list([.atom("users@h")]), .atom("random"), .integer(5_000), .atom("sync"), .atom("nil"),
      .atom("false"),
      .atom("nil"), .atom("nil"), .atom("nil"), .atom("false"),
    ]
    model.take(
      "functions", isFirst: true, [.tuple([.text("users"), .text("get"), .text("1.0.0"), .list(fields)])])
    func node(_ connected: [ByteText], at: Int64) throws -> ServiceNodeState {
      model.take("nodes", isFirst: true, connected.map { .tuple([.atom($0), .atom("visible")]) })
      model.take(scalars: Self.scalars([("at", .integer(at))]))
      return try #require(model.state().nodes.first)
    }
    let new = try node([], at: 10)
    #expect(new.isUnseen && !new.up && new.since == 0)
    #expect(try node(["users@h", "other@h"], at: 20).since == 20)
    let up = try node(["users@h"], at: 30)
    #expect(up.up && up.since == 20 && model.nodesSeen.count == 1)
    let down = try node([], at: 40)
    #expect(!down.up && down.since == 40 && !down.isUnseen)
    #expect(try node([], at: 50).since == 40)
  }

  @Test("what nobody has called yet is a function too")
  func idleFunctions() {
    var model = AttachedModel()
    let fields: [Term] =
      [.list([]), .atom("random"), .integer(5_000), .atom("sync")]
      + [Term](repeating: .atom("nil"), count: 6)
    model.take(
      "functions", isFirst: true, [.tuple([.text("users"), .text("get"), .text("1.0.0"), .list(fields)])])
    model.take(scalars: Self.scalars())
    #expect(model.state().series == [SeriesState(service: "users", requestType: "get")])
  }

  @Test("an application that has stopped makes the gateway unready")
  func stoppedLibrary() {
    var model = AttachedModel()
    model.take(scalars: Self.scalars([("library", .atom("stopped"))]))
    #expect(model.state().readiness.isReady == false)
    model.take(scalars: Self.scalars([("library", .text("2.22.0")), ("attached", .atom("true"))]))
    #expect(model.state().readiness.isReady == true)
  }

  @Test("events that the agent lost before we came are not ours, those after are told once")
  func lostInTheAgent() {
    var model = AttachedModel()
    model.missed = 2
    #expect(model.takeLost() == 0)
    model.take(scalars: Self.scalars([("lost", .integer(100)), ("missed", .integer(3))]))
    #expect(model.takeLost() == 3)
    #expect(model.takeLost() == 0)
    model.missed = 10
    #expect(model.takeLost() == 7)
    model.take(scalars: Self.scalars([("lost", .integer(150)), ("missed", .integer(10))]))
    #expect(model.takeLost() == 50)
    model.take(scalars: Self.scalars([("lost", .integer(.max)), ("missed", .integer(.max))]))
    #expect(model.takeLost() > 0)
    model.take(scalars: Self.scalars([("lost", .integer(0))]))
    #expect(model.takeLost() == 0)
  }

  @Test("what the agent lost is in the gateway's state and in the numbers of its events")
  func lostOnTheBus() {
    let gateway = AttachedGateway(node: "gateway@host")
    func tell(_ lost: Int64) {
      gateway.take(
        scalars: .map(
          TermMap([(key: .atom("lost"), value: .integer(lost)), (key: .atom("missed"), value: .integer(0))])))
    }
    tell(5)
    tell(12)
    gateway.take(events: [], missed: 4)
    #expect(gateway.bus.progress == (11, 11))
  }

  @Test("what the library does not tell is said to be unknown, and without an agent what events alone tell")
  func unknown() {
    let unknown = AttachedModel().state().unknown
    #expect(unknown.contains(.sockets) && unknown.contains(.limitChecks) && !unknown.contains(.series))
    let without = AttachedModel(hasAgent: false).state().unknown
    #expect(without.contains(.series) && without.contains(.eventsEmitted) && without.contains(.poolExecuted))
    #expect(
      !without.contains(StateField("functions")) && !without.contains(StateField("limits.max_requests")))
  }

  @Test("without an agent functions are read as projected, and what is too large is unknown until it is not")
  func readWithoutAgent() throws {
    var model = AttachedModel(hasAgent: false)
    func row(_ type: ByteText, _ nodes: Term, _ hook: Term) -> Term {
      let none = Term.list([.atom("EXIT"), .atom("EXIT")])
      return .tuple([
        .tuple([.text("users"), .text(type), .atom("nil")]),
        .list([
          nodes, .atom("random"), .integer(5_000), .atom("sync"), .atom("nil"), .atom("false"), none, hook,
          none,
          .atom("true"),
        ]),
      ])
    }
    let none = Term.list([.atom("EXIT"), .atom("EXIT")])
    model.take(
      read: "functions",
      .list([
        row(
          "a", .list([.atom("one@host"), .atom("two@host")]), .list([.atom("Elixir.Hooks"), .atom("quota")])),
        row("b", .list([.atom("Elixir.Nodes"), .atom("all")]), none), row("c", .atom("local"), none),
        .atom("x"),
      ]))
    model.take(read: "relay", .atom("false"))
    model.take(read: "failed", .atom("failed"))
    model.take(scalars: Self.scalars())
    let functions = model.state().functions
    #expect(functions.map(\.nodes) == [["one@host", "two@host"], ["Nodes.all"], ["local"]])
    #expect(functions.map(\.hooks) == [["before Hooks.quota"], [], []])
    #expect(functions.allSatisfy { !$0.enabled && $0.timeoutMs == 5_000 && $0.permission == "false" })
    #expect(model.state().unknown.contains(StateField("relay")))
    model.take(read: "relay", .list([]))
    #expect(!model.state().unknown.contains(StateField("relay")))
  }

  @Test(
    "a request whose name is no text, as any JSON may be one, is counted among those for what is not there")
  func oddNames() {
    var model = AttachedModel()
    let names: [Term] = [.map(TermMap([])), .list([.integer(1)]), .float(1.5)]
    let rows = names.map { Self.row(.tuple([.text("s"), $0]), requests: 2, [.exception: 2]) }
    model.take("series", isFirst: true, rows)
    let state = model.state()
    #expect(state.totals.requests == 6 && state.totals.exceptions == 6)
    #expect(state.series.map(\.service) == ["(unsupported)"])
  }

  @Test("terms of another form than is expected are skipped, and numbers saturate")
  func hostileTerms() {
    var model = AttachedModel()
    let hostile: [Term] = [
      .atom("x"), .tuple([]), .tuple(Array(repeating: .atom("x"), count: 12)), .integer(-1),
      .list([.list([])]),
      .map(TermMap([])), .tuple(Array(repeating: .integer(.max), count: 6)),
      .tuple(Array(repeating: .integer(.min), count: 7)),
      Self.row(
        Self.function, requests: .max, [.ok: .max, .error: .max], unfinished: .max,
        buckets: [(.max, .max), (1, .max)]),
      Self.row(.tuple([.text("other"), .text("t")]), requests: .max, [.ok: .min], sum: .min),
    ]
    for section in [
      "series", "functions", "services", "failed", "limits", "hot_keys", "pools", "breakers", "relay",
      "nodes", "changes", "pulls",
      "another",
    ] as [ByteText] {
      model.take(section, isFirst: true, hostile)
      model.take(section, isFirst: false, hostile)
    }
    model.take(
      scalars: TermMap([(key: .atom("events"), value: .atom("x")), (key: .integer(1), value: .integer(.min))])
    )
    #expect(model.state().totals.requests == .max)
  }

  @Test("events are those since the agent came, the same for whoever watches, whatever each was sent")
  func eventsOfAgent() throws {
    let counts = Self.scalars([
      ("events", .list(EventName.catalogue.indices.map { .integer($0 < 3 ? 200 : $0 == 3 ? 100 : 0) }))
    ])
    let gateways = [AttachedGateway(node: "gw@h"), AttachedGateway(node: "gw@h")]
    for gateway in gateways { gateway.take(scalars: .map(counts)) }
    for state in gateways.map({ $0.currentState() }) {
      #expect(state.totals.eventsEmitted == 700 && state.totals.events.values.reduce(0, +) == 700)
    }
  }

  @Test("a section that nobody could read yet is not known, and is as it was before where somebody had")
  func unreadSections() {
    var model = AttachedModel()
    let deaf = Self.scalars([("old", .list([.atom("limits"), .atom("failed")]))])
    model.take(scalars: deaf)
    let fields = model.state().unknown.fields
    #expect(fields.contains("limits") && fields.contains("failed_configs") && !fields.contains("pools"))
    model.take(
      "limits", isFirst: true,
      [.tuple([.atom("nil"), .atom("nil"), .atom("user_id"), .integer(5), .integer(1_000)])])
    model.take(scalars: deaf)
    #expect(!model.state().unknown.fields.contains("limits") && model.state().limits.count == 1)
  }

  @Test(
    "a limiter that does not answer makes the gateway unready: at once where it never has, else after five seconds"
  )
  func deafLimiter() throws {
    var model = AttachedModel()
    func fault(_ old: [Term], at: Int64) -> ByteText? {
      model.take(scalars: Self.scalars([("old", .list(old)), ("at", .integer(at))]))
      return model.state().readiness.fault
    }
    let limits = Term.tuple([.atom("nil"), .atom("nil"), .atom("user_id"), .integer(5), .integer(1_000)])
    #expect(fault([.atom("services")], at: 1_000_000) == nil)
    let never = fault([.atom("limits")], at: 2_000_000)
    #expect(
      never?.string.contains("rate_limiter_instance_0 does not answer: its limits are not known") == true)
    model.take("limits", isFirst: true, [limits])
    #expect(fault([], at: 3_000_000) == nil)
    #expect(fault([.atom("limits")], at: 4_000_000) == nil && fault([.atom("limits")], at: 8_900_000) == nil)
    let later = fault([.atom("limits")], at: 9_000_000)
    #expect(later?.string.contains("its limits are those of before") == true)
    #expect(fault([], at: 10_000_000) == nil)
  }

  @Test("without an agent too, a section that could not be read is not known until it is")
  func unreadWithoutAgent() {
    var model = AttachedModel(hasAgent: false)
    model.take(scalars: Self.scalars())
    model.take(read: "limits", .atom("failed"))
    #expect(model.state().unknown.contains(StateField("limits")) && model.state().readiness.fault != nil)
    model.take(read: "limits", .list([]))
    #expect(!model.state().unknown.contains(StateField("limits")) && model.state().readiness.fault == nil)
  }

  @Test("a function's config changed when it was seen to, not when somebody began to watch")
  func changes() throws {
    var model = AttachedModel()
    func function(_ timeout: Int64, at: Int64) throws -> FunctionState {
      let fields: [Term] = [
        .atom("local"), .atom("random"), .integer(timeout), .atom("sync"), .atom("nil"), .atom("false"),
        .atom("nil"), .atom("nil"), .atom("nil"), .atom("false"),
      ]
      model.take(
        "functions", isFirst: true, [.tuple([.text("users"), .text("get"), .text("1.0.0"), .list(fields)])])
      model.take(scalars: Self.scalars([("at", .integer(at))]))
      return try #require(model.state().functions.first)
    }
    #expect(try function(100, at: 10).changedAt == 0)
    #expect(try function(200, at: 20).changedAt == 20)
    #expect(try function(200, at: 30).changedAt == 20)
    #expect(model.state().unknown.fields.contains("functions.changed_at"))
  }

  @Test("a library that runs in client mode is no gateway that is ready")
  func clientMode() {
    var model = AttachedModel()
    model.take(scalars: Self.scalars([("library", .atom("client"))]))
    #expect(model.state().readiness.fault?.string.contains("client mode") == true)
  }
}

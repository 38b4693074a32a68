import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("What the screen says of gateways that are not as they should be")
struct StandingScreenTests {
  private static let sizes = [(80, 24), (120, 36)]

  private func model(_ gateways: Int = 2, _ change: (inout GatewayState, Int) -> Void = { _, _ in })
    -> ClusterModel
  {
    var model = ClusterModel(targets: (1...gateways).map { "gw\($0):4710" })
    for index in 0..<gateways {
      var state = GatewayState()
      state.readiness = ReadinessState(fault: nil)
      change(&state, index)
      let hello = Hello(node: "gw\(index + 1)", software: "genapi 1.0.0", startedAt: 1)
      model.fold(.connected(hello), of: index, at: Sample.now)
      model.fold(.frame(.snapshot(at: Sample.now, sequence: 0, state)), of: index, at: Sample.now)
    }
    model.tick(at: Sample.now)
    return model
  }

  private func text(_ model: ClusterModel, _ size: (Int, Int), _ change: (inout ScreenState) -> Void)
    -> String
  {
    var state = ScreenState()
    state.size = ScreenSize(width: size.0, height: size.1)
    change(&state)
    let grid = ScreenRenderer().render(model: model, state: state)
    expectExactWidths(grid)
    return TextWriter.write(grid)
  }

  @Test("a drain is on the screen, by the gateway's name and in the details", arguments: sizes)
  func draining(_ width: Int, _ height: Int) {
    let model = model { state, index in
      if index == 1 { state.readiness = .draining(fault: "the gateway shuts down") }
    }
    let pane = text(model, (width, height)) { $0.focus = .nodes }
    #expect(pane.contains("gw2 DRAINING") && pane.contains("1 draining") && !pane.contains("gw1 DRAINING"))
    let details = text(model, (width, height)) {
      $0.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: "ggw2"))))]
    }
    #expect(details.contains("draining: the gateway shuts down"))
  }

  @Test("a failed reload, an expired certificate, a full pool and nodes that are down are in the header")
  func headerFaults() {
    let model = model(1) { state, _ in
      state.configuration = ConfigurationState(
        readAt: 1, lastReadAt: 2, failedReloads: 1, fault: "line 7: what is \"prot\"?")
      state.certificates = [CertificateState(use: "websocket", path: "/w.pem", expiresAt: 1_000_000)]
      state.sockets = SocketsState(acceptFailures: 61, refusedHandshakes: ["address_full": 12])
      state.nodes = [ServiceNodeState(node: "u2@a", up: false, since: 5)]
      state.pools = [PoolState(name: "async_pool", workers: 2, busy: 2, queued: 10, queueLimit: 10)]
    }
    let first = text(model, (240, 50)) { _ in }.prefix { $0 != "\n" }
    for word in [
      "1/1 gateway ", "○ u2@a down", "gw1 async_pool full", "gw1 reload failed", "gw1 certificate expired",
    ] { #expect(first.contains(word), "\(word)") }
    let pane = text(model, (120, 36)) { $0.focus = .nodes }
    #expect(pane.contains("gw1 reload failed"))
    let details = text(model, (120, 60)) {
      $0.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: "ggw1"))))]
    }
    for word in ["failed: line 7", "/w.pem: expired", "12 address full", "61 times"] {
      #expect(details.contains(word), "\(word)")
    }
    for size in Self.sizes {
      let circuits = text(model, size) { $0.focus = .circuits }
      #expect(circuits.contains("1 FULL") && circuits.contains("QUEUE"), "\(size)")
    }
  }

  @Test("a name that fills its place does not run into what stands behind it")
  func blanks() {
    let name = "ghost@no-such-host.invalid"
    func filled(_ name: String, _ width: Int) -> String {
      var lines = [[Span(name: name, to: width, Style())]]
      lines.cutNames(ellipsis: "…")
      return lines[0].text
    }
    #expect(name.count == 26 && filled(name, 26).hasSuffix(" "))
    #expect(filled("ab", 4) == "ab  " && DisplayWidth.of(filled(name, 10)) == 10)
  }

  @Test("the header names who is gone, silent, stopped or refuses, in two words", arguments: sizes)
  func named(_ width: Int, _ height: Int) {
    func first(_ model: ClusterModel) -> String {
      String(text(model, (width, height)) { _ in }.prefix { $0 != "\n" })
    }
    var down = model(4)
    #expect(!first(down).contains("gw2"))
    down.fold(.failed("the connection was reset"), of: 1, at: Sample.now)
    #expect(first(down).contains("3 of 4 live") && first(down).contains("gw2 gone"))
    down.fold(.closed(reason: "the gateway shuts down"), of: 2, at: Sample.now)
    #expect(first(down).contains("gw2 gone +1"))
    var stopped = model()
    stopped.fold(.closed(reason: "the gateway shuts down"), of: 1, at: Sample.now)
    #expect(first(stopped).contains("gw2 stopped"))
    stopped.fold(.closed(reason: "the gateway shuts down"), of: 0, at: Sample.now)
    // "shuts down" is no fault: the word is said once.
    #expect(first(stopped).contains("gw1 stopped +1") && !first(stopped).contains("down"))
    var refused = model()
    refused.fold(.refused(.unauthorized, "the token is wrong"), of: 1, at: Sample.now)
    #expect(first(refused).contains("gw2 refused"))
  }

  @Test("a recording plays, and is not live, whatever of it is there", arguments: sizes)
  func playing(_ width: Int, _ height: Int) {
    func first(_ model: ClusterModel, _ speed: Double?, isOver: Bool = false) -> String {
      let screen = text(model, (width, height)) {
        $0.replaySpeed = speed
        $0.isReplayOver = isOver
      }
      return String(screen.prefix { $0 != "\n" })
    }
    var model = model(4)
    #expect(first(model, nil).contains("● live") && !first(model, nil).contains("playing"))
    #expect(first(model, 0.1).contains("● playing") && !first(model, 0.1).contains("live"))
    #expect(!first(model, 0.1, isOver: true).contains("playing"))
    model.fold(.failed("the connection was reset"), of: 1, at: Sample.now)
    #expect(first(model, 1).contains("◐ playing, 3 of 4 up") && !first(model, 1).contains("live"))
  }

  @Test(
    "a silent gateway is not live in the header, and its details say for how long it is silent",
    arguments: sizes)
  func silent(_ width: Int, _ height: Int) {
    var model = model()
    let later = Sample.now + 27_000_000
    model.fold(.frame(.snapshot(at: later, sequence: 0, GatewayState())), of: 0, at: later)
    model.tick(at: later)
    let screen = text(model, (width, height)) { $0.focus = .nodes }
    #expect(screen.contains("1 of 2 live") && screen.contains("gw2 silent"))
    let details = text(model, (width, height)) {
      $0.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: "ggw2"))))]
    }
    #expect(details.contains("silent 27s") && !details.contains("ready for them"))
  }

  @Test("the details of a breaker that closed again know no year 1970", arguments: sizes)
  func closedBreaker(_ width: Int, _ height: Int) {
    let breakers = [
      BreakerState(pool: "p", service: "users", state: .open, openedCount: 3, lastReason: "timeout")
    ]
    var model = model(1) { state, _ in
      state.pools = [PoolState(name: "p", workers: 1)]
      state.breakers = breakers
    }
    for second in 1...20 as ClosedRange<Int64> {
      let at = Sample.now + second * 1_000_000
      var state = GatewayState()
      state.pools = [PoolState(name: "p", workers: 1)]
      if second < 6 { state.breakers = breakers }
      model.fold(.frame(.snapshot(at: at, sequence: 0, state)), of: 0, at: at)
      model.tick(at: at)
    }
    let key = BreakerState(pool: "p", service: "users").entryKey
    let id = ["gw1", key].joinedAsKey
    let details = text(model, (width, height)) {
      $0.focus = .circuits
      $0.settings.circuitView = .timeline
      $0.dialogs = [.detail(DetailDialog(.init(BreakerDetail(id: id))))]
    }
    #expect(details.contains("3 times") && details.contains("timeout") && details.contains("closed since"))
    #expect(!details.contains("00:00:00") && !details.contains("never") && !details.contains("000d"))
    // A pool that is well says what opened in it.
    let pool = text(model, (width, 60)) {
      $0.focus = .circuits
      $0.dialogs = [.detail(DetailDialog(.init(PoolDetail(id: ["gw1", "p"].joinedAsKey))))]
    }
    #expect(pool.contains("Breakers that were open in") && pool.contains("opened 3 times"), "\(pool)")
  }

  @Test(
    "what a breaker refused, all of it, stands in its row, on its page and on that of its pool, where it is told"
  )
  func refusedCount() {
    func draw(_ refused: Int64?, _ page: (ByteText, ByteText) -> DetailDialog.Subject?) -> String {
      let service = BreakerState(
        pool: "p", service: "users", state: .open, since: Sample.now, openedCount: 1, refused: refused)
      let own = BreakerState(
        pool: "p", state: .closed, since: Sample.now, openedCount: 1, refused: refused.map { $0 + 1 })
      let model = model(1) { state, _ in
        state.pools = [PoolState(name: "p", workers: 1, openServices: 1)]
        state.breakers = [own, service]
      }
      return text(model, (120, 36)) {
        $0.focus = .circuits
        $0.isZoomed = true
        $0.settings.circuitView = .openOnly
        let subject = page(["gw1", service.entryKey].joinedAsKey, ["gw1", "p"].joinedAsKey)
        $0.dialogs = subject.map { [.detail(DetailDialog($0))] } ?? []
      }
    }
    #expect(draw(297) { _, _ in nil }.contains("REFUSED") && draw(297) { _, _ in nil }.contains(" 297 "))
    let page = draw(1_297) { id, _ in .init(BreakerDetail(id: id)) }
    #expect(page.contains("1 297 since the gateway started, retries included"), "\(page)")
    let pool = draw(1_297) { _, id in .init(PoolDetail(id: id)) }
    #expect(pool.contains("1 298 since the gateway started"), "\(pool)")
    #expect(!draw(nil) { _, _ in nil }.contains("REFUSED"))
    #expect(
      !draw(nil) { id, _ in .init(BreakerDetail(id: id)) }.contains("since the gateway started, retries"))
  }

  @Test("Enter on a key of a limit opens that key, not only its limit")
  func limitKey() throws {
    let model = model(1) { state, _ in
      state.limits = [LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000)]
      state.hotKeys = [HotKeyState(limit: "l", keyValue: "u_17", used: 5, max: 5, rejections: 212)]
    }
    let pane = LimitsPane(rows: model.limits(ViewSettings()))
    let subject = try #require(pane.subject(of: pane.rowIDs[1]))
    let details = text(model, (120, 36)) {
      $0.focus = .limits
      $0.dialogs = [.detail(DetailDialog(subject))]
    }
    #expect(details.contains("user_id u_17") && details.contains("212 since it is counted"))
  }

  @Test("a planned stop reads as one, not as a crash", arguments: sizes)
  func stopped(_ width: Int, _ height: Int) {
    var model = model()
    model.fold(.closed(reason: "the gateway shuts down"), of: 1, at: Sample.now)
    model.fold(.failed("nobody listens there"), of: 1, at: Sample.now)
    let pane = text(model, (width, height)) { $0.focus = .nodes }
    let details = text(model, (width, height)) {
      $0.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: "ggw2"))))]
    }
    #expect(!details.contains("ready for them"))
    #expect(pane.contains("gw2 stopped") && pane.contains("1 stopped") && !pane.contains("down"))
  }

  @Test("what a gateway that crashed said last of its clients is not so any more", arguments: sizes)
  func crashed(_ width: Int, _ height: Int) {
    var model = model { state, _ in state.readiness = ReadinessState(fault: nil) }
    func details() -> String {
      text(model, (width, height)) { $0.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: "ggw2"))))] }
    }
    #expect(details().contains("ready for them"))
    // Without a bye.
    model.fold(.failed("the connection was reset"), of: 1, at: Sample.now)
    #expect(!details().contains("ready for them") && details().contains("down"))
  }

  @Test("a refused token is told as that", arguments: sizes)
  func refused(_ width: Int, _ height: Int) {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", startedAt: 1, auth: .token)), of: 0, at: Sample.now)
    model.fold(.refused(.unauthorized, "the gateway refused: the token is wrong"), of: 0, at: Sample.now)
    model.tick(at: Sample.now)
    let screen = text(model, (width, height)) { _ in }
    #expect(screen.contains("token refused") && screen.contains("the token is wrong"))
    #expect(!screen.contains("○ down") && !screen.contains("1 alert"))
    var several = self.model()
    several.fold(.refused(.unauthorized, "the gateway refused: the token is wrong"), of: 1, at: Sample.now)
    let pane = text(several, (width, height)) { $0.focus = .nodes }
    #expect(pane.contains("gw2 token refused") && pane.contains("1 refused"))
  }

  @Test(
    "keys that limits gave up are on the limits pane, and in the details of a limit and a gateway",
    arguments: sizes)
  func evicted(_ width: Int, _ height: Int) {
    let model = model(1) { state, _ in
      state.limits = [LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000)]
      state.limiter = LimiterState(trackedKeys: 900, maxTrackedKeys: 1_000, evictedKeys: 1_234)
    }
    let pane = text(model, (width, height)) {
      $0.focus = .limits
      $0.isZoomed = true
    }
    #expect(pane.contains("keys given up"))
    let limit = text(model, (width, height)) {
      $0.focus = .limits
      $0.dialogs = [.detail(DetailDialog(.init(LimitDetail(id: "l"))))]
    }
    #expect(limit.contains("1 234 of all limits"))
    let gateway = text(model, (width, 60)) {
      $0.dialogs = [.detail(DetailDialog(.init(NodeDetail(id: "ggw1"))))]
    }
    #expect(gateway.contains("900 of 1 000") && gateway.contains("1 234 before their window ended"))
  }

  @Test("the details of a pool name whose breakers are open")
  func pool() {
    let model = model(1) { state, _ in
      state.pools = [PoolState(name: "async_pool", workers: 4, openServices: 1, halfOpenServices: 1)]
      state.breakers = [
        BreakerState(pool: "async_pool"),
        BreakerState(
          pool: "async_pool", service: "billing", node: "n1@host", state: .open, lastReason: "timeout"),
        BreakerState(pool: "async_pool", service: "mail", state: .halfOpen),
        BreakerState(pool: "stream_pool", service: "other", state: .open),
      ]
    }
    let details = text(model, (120, 36)) {
      $0.focus = .circuits
      $0.dialogs = [.detail(DetailDialog(.init(PoolDetail(id: "gw1\u{1F}async_pool"))))]
    }
    #expect(
      details.contains("billing on n1@host") && details.contains("mail  ") && details.contains("timeout"))
    #expect(!details.contains("other"))
  }

  @Test("the events pane says how many events are kept, of how many")
  func kept() {
    var model = model(1)
    for number in 0..<8_500 as Range<Int64> {
      model.fold(
        .frame(.event(EventRecord(sequence: number, at: Sample.now, name: "x"))), of: 0, at: Sample.now)
    }
    let pane = text(model, (120, 36)) {
      $0.focus = .events
      $0.isZoomed = true
    }
    #expect(pane.contains("8 000 of 8 500 kept"))
  }

  @Test("a moment of which nothing was kept says so in every pane, and shows no zeros")
  func nothingKept() {
    var model = model(1)
    model.tick(at: Sample.now + 300_000_000)
    let screen = text(model, (120, 36)) { $0.settings.moment = .at(Sample.now + 100_000_000) }
    #expect(screen.contains("nothing kept") && screen.contains("nothing was kept of"))
    #expect(!screen.contains("0 req/s") && !screen.contains("silent"))
    let before = text(model, (120, 36)) { $0.settings.moment = .at(Sample.now) }
    #expect(!before.contains("nothing kept"))
  }
}

import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Details of a function and of a gateway")
struct FunctionDetailTests {
  private var settings: ViewSettings {
    var settings = ViewSettings()
    settings.window = .tenSeconds
    return settings
  }

  @Test("a function is told apart by gateway")
  func gateways() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<10 {
      fixture.tick { state, index in
        if index == 0 { state.add(ok: [1_000, 1_000]) } else { state.add(ok: [80_000], failed: [80_000]) }
      }
    }
    let view = fixture.model.function(service: "users", requestType: "get", version: nil, settings)
    // Where it fails stands first.
    #expect(view.gateways.map(\.node) == ["gw2", "gw1"])
    #expect(view.gateways.map(\.requestsPerSecond) == [2, 2])
    #expect(view.gateways.map(\.errorPercent) == [50, 0])
    #expect((view.gateways[1].p99 ?? 0) < 1_100)
    #expect((view.gateways[0].p99 ?? 0) > 79_000)
  }

  @Test("its outcomes are counted one by one, ok first, then the most frequent")
  func outcomes() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<10 {
      fixture.tick { state, _ in
        state.add(ok: [1_000], failed: [1_000], rejected: [10, 10], outcome: .rateLimited)
      }
    }
    let view = fixture.model.function(service: "users", requestType: "get", version: nil, settings)
    #expect(view.endings.map(\.outcome) == [.ok, .rateLimited, .error])
    #expect(view.endings.map(\.count) == [20, 40, 20])
  }

  @Test("what a gateway that is gone told last is in none of its outcomes, where another tells of it")
  func gone() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1_000]) } }
    fixture.model.fold(.frame(.bye(reason: "shutdown")), of: 1, at: fixture.now)
    let view = fixture.model.function(service: "users", requestType: "get", version: nil, settings)
    #expect(view.endings.map(\.count) == [10])
  }

  @Test("a gateway that is gone stands behind those that are heard")
  func goneLast() {
    var fixture = ModelFixture(gateways: 3)
    for _ in 0..<10 { fixture.tick { state, _ in state.add(ok: [1_000]) } }
    fixture.model.fold(.frame(.bye(reason: "shutdown")), of: 0, at: fixture.now)
    let view = fixture.model.function(service: "users", requestType: "get", version: nil, settings)
    #expect(view.gateways.map(\.node) == ["gw2", "gw3", "gw1"])
    #expect(view.gateways.map(\.isStale) == [false, false, true])
  }

  @Test("users that a gateway counts only since it was started anew are told to be counted since then")
  func usersAnew() {
    var fixture = ModelFixture(gateways: 2)
    for (index, since) in ([0, 300] as [Int64]).enumerated() {
      fixture.states[index].topUsers = [
        TopUserState(
          service: "users", requestType: "get", user: "bob", since: fixture.now + since * 1_000_000,
          requests: 5)
      ]
    }
    fixture.tick()
    let view = fixture.model.topUsers(of: nil, ViewSettings())
    #expect(view.since == ModelFixture.start && view.lastSince == ModelFixture.start + 300_000_000)
  }

  @Test("a function nobody called has no parts")
  func unknown() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in state.add(ok: [1]) }
    let view = fixture.model.function(service: "users", requestType: "nothing", version: nil, settings)
    #expect(view.gateways.isEmpty && view.endings.isEmpty)
  }

  @Test("numbers that name no version have the config of the newest version that is enabled")
  func versionless() {
    func function(_ version: ByteText?, _ type: ByteText = "get", enabled: Bool = true) -> FunctionState {
      FunctionState(service: "users", requestType: type, version: version, enabled: enabled)
    }
    let all: FunctionList = [
      function("1.0.0"), function("1.10.0"), function("1.9.0"), function("2.0.0", enabled: false),
      function(nil, "put"),
    ]
    func found(_ type: ByteText, _ version: ByteText?) -> ByteText? {
      all.config(service: "users", requestType: type, version: version).map { $0.version ?? "none" }
    }
    #expect(found("get", nil) == "1.10.0" && found("get", "1.9.0") == "1.9.0" && found("get", "3") == nil)
    #expect(found("put", nil) == "none" && found("other", nil) == nil)
    #expect(all.of("users").elementsEqual(all) && all.of("users", "put").count == 1 && all.of("user").isEmpty)
  }

  @Test("a node that no gateway has been connected to yet is not down, and one that went down is")
  func unseenNodes() throws {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.nodes = [
        ServiceNodeState(node: "new@h", up: false), ServiceNodeState(node: "up@h", since: 5),
        ServiceNodeState(node: "down@h", up: false, since: 7),
      ]
    }
    let rows = fixture.model.nodes(settings).filter { $0.kind == .service }
    #expect(rows.filter(\.isUnseen).map(\.name) == ["new@h"])
    #expect(rows.filter { !$0.isUp }.map(\.name) == ["down@h"])
    #expect(fixture.model.troubles(settings).down == 1)
  }

  @Test("a gateway's sockets and hooks are as it told last")
  func gateway() {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      state.sockets.open = index + 3
      var hook = HookState(module: "Audit", function: "log", phase: "before")
      hook.runs = 7
      hook.failures = 2
      state.hooks = index == 1 ? [hook] : []
    }
    #expect(fixture.model.gateway(named: "gw1")?.sockets.open == 3)
    #expect(fixture.model.gateway(named: "gw2")?.hooks.map(\.runs) == [7])
    #expect(fixture.model.gateway(named: "gw2")?.hooks.map(\.failures) == [2])
    #expect(fixture.model.gateway(named: "gw9") == nil)
  }
}

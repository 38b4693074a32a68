import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What a gateway does not tell")
struct UnknownStateTests {
  /// What a gateway of the Elixir library does not tell, and what nobody counts there without an agent.
  private static let unknown = UnknownState([
    .totals, .series, .limitChecks, .limitRejections, .limitKeys, .keyRejections, .limiter, .poolFailures,
    .poolRejected, .poolBusySlots, .groupMessages, .memberConnections, .sockets, .nodeCalls,
  ])

  private static func fill(_ state: inout GatewayState) {
    state.limits = [LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000)]
    state.hotKeys = [HotKeyState(limit: "l", keyValue: "u_1", used: 2, max: 5)]
    state.pools = [PoolState(name: "async_pool", workers: 3)]
    state.relay = [
      GroupState(
        groupID: "g", groupType: "public", active: 1,
        members: [MemberState(userID: "u_1", status: "active", role: "member")])
    ]
    state.nodes = [ServiceNodeState(node: "svc@a", services: ["users"])]
  }

  /// One gateway tells all, the other does not; or both do not.
  private func fixture(telling: [Bool]) -> ModelFixture {
    var fixture = ModelFixture(gateways: telling.count)
    for second in 0..<4 as Range<Int64> {
      fixture.tick { state, index in
        Self.fill(&state)
        if telling[index] {
          state.add(ok: [1_000])
          state.limits[0].checks += second + 1
          state.sockets.open = 7
          state.totals.invalid = 2
          state.limiter.evictedKeys = 4
        } else {
          state.unknown = Self.unknown
        }
      }
    }
    return fixture
  }

  @Test("a number that no gateway tells is none in any row, never 0")
  func untold() throws {
    let model = fixture(telling: [false]).model
    let settings = ViewSettings()
    let limit = try #require(model.limits(settings).first)
    #expect(limit.checksPerSecond == nil && limit.rejectionsPerSecond == nil && limit.rejections == nil)
    #expect(limit.trackedKeys == nil && limit.keys.map(\.rejections) == [nil])
    let pool = try #require(model.circuits(settings, slots: 1).pools.first)
    #expect(pool.rejectionsPerSecond == nil && pool.workers.isEmpty)
    #expect(model.relay(settings).map(\.messagesPerSecond) == [nil])
    for row in model.nodes(settings) {
      #expect(row.requestsPerSecond == nil && row.errorPercent == nil && row.sockets == nil, "\(row.name)")
    }
    let header = model.header(settings)
    #expect(header.unknown.contains(.series) && header.trend.allSatisfy { $0 < 0 })
    #expect(model.summary.totals.requests == nil && model.summary.totals.events_emitted == nil)
    #expect(model.summary.nodes.map(\.sockets) == [nil] && model.summary.nodes.map(\.evicted_keys) == [nil])
    #expect(model.gateway(named: "gw1")?.unknown == Self.unknown)
  }

  @Test("beside a gateway that tells, one that does not adds nothing to its numbers")
  func mixed() throws {
    let model = fixture(telling: [true, false]).model
    let settings = ViewSettings()
    let limit = try #require(model.limits(settings).first)
    #expect(limit.checksPerSecond ?? 0 > 0 && limit.trackedKeys == 0)
    let nodes = Dictionary(grouping: model.nodes(settings), by: \.name).compactMapValues(\.first)
    #expect(nodes["gw1"]?.sockets == 7 && nodes["gw2"]?.sockets == nil)
    #expect(nodes["gw1"]?.requestsPerSecond == 1 && nodes["gw2"]?.requestsPerSecond == nil)
    let header = model.header(settings)
    #expect(!header.unknown.contains(.series) && header.requestsPerSecond == 1)
    #expect(model.summary.totals.requests == 4 && model.summary.totals.invalid == 2)
  }

  @Test("a field that its gateway does not tell is in no entry of the document")
  func document() throws {
    let model = fixture(telling: [true, false]).model
    let document = try ValueEncoder().encode(model.summary)
    let limits = try #require(document["rate_limits"]?["limits"]?.array)
    #expect(limits.map { $0["state"]?["checks"] == nil } == [false, true])
    #expect(limits.map { $0["state"]?["max_requests"]?.int } == [5, 5])
    let members = try #require(document["relay"]?.array).map { $0["state"]?["members"]?.array?.first }
    #expect(members.map { $0?["connections"] == nil } == [false, true])
    #expect(members.map { $0?["user_id"]?.string } == ["u_1", "u_1"])
  }

  @Test("a list that no gateway tells is null in the document, and why a check cannot tell of it is said")
  func untoldLists() throws {
    var fixture = ModelFixture()
    for _ in 0..<12 {
      fixture.tick { state, _ in
        state.unknown = UnknownState([StateField("limits"), StateField("hot_keys")])
        state.readiness = ReadinessState(phase: "ready", fault: "the limiter does not answer")
      }
    }
    let document = try ValueEncoder().encode(fixture.model.summary)
    let limits = try #require(document["rate_limits"])
    #expect(limits["limits"]?.isNull == true && limits["hot_keys"]?.isNull == true)
    #expect(document["pools"]?.array == [])
    let answer = fixture.model.answer(try AlertExpression(parsing: "rejects(*) < 1"), window: .tenSeconds)
    guard case .nothing(let reason) = answer else { throw CancellationError() }
    #expect(reason.hasSuffix("gw1: the limiter does not answer"), "\(reason)")
    let mixed = self.fixture(telling: [true, false]).model
    #expect(try ValueEncoder().encode(mixed.summary)["rate_limits"]?["limits"]?.array?.count == 2)
  }

  @Test("whether a node is up that nobody has seen yet is in no document")
  func unseen() throws {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.nodes = [
        ServiceNodeState(node: "new@h", up: false), ServiceNodeState(node: "up@h", since: 5),
        ServiceNodeState(node: "down@h", up: false, since: 5),
      ]
    }
    let nodes = try #require(ValueEncoder().encode(fixture.model.summary)["service_nodes"]?.array)
    #expect(nodes.map { $0["state"]?["up"]?.bool } == [nil, true, false])
    #expect(nodes.map { $0["state"]?["since"] == nil } == [true, false, false])
    #expect(fixture.model.header(ViewSettings()).serviceNodesDown == ["down@h"])
  }

  @Test("no alert finds a value in what is not told")
  func alerts() throws {
    let model = fixture(telling: [false]).model
    for text in ["rps < 1", "rejects < 1", "error% < 1", "inflight < 1"] {
      let expression = try AlertExpression(parsing: text)
      #expect(model.evaluate(expression, window: .tenSeconds).isEmpty, "\(text)")
    }
  }

  @Test("what two gateways do not tell is what neither tells, of a section and of its fields")
  func intersection() {
    let all = UnknownState([.totals, .limitChecks])
    let part = UnknownState([.invalidRequests, .limitChecks, .sockets])
    #expect(all.intersection(part).fields == ["limits.checks", "totals.invalid"])
    #expect(all.contains(.eventsEmitted) && !part.contains(.eventsEmitted))
    #expect(all.intersection(UnknownState()).fields.isEmpty)
  }

  @Test("each field that can be unknown is one of a section, as a frame has it")
  func names() throws {
    let state = try ValueEncoder().encode(Self.filled())
    for field in StateField.named {
      var value: Value? = state
      for name in field.parts {
        let inside = value?.array?.first ?? value
        value = inside?[name]
      }
      #expect(value != nil, "\(field.name)")
    }
  }

  private static func filled() -> GatewayState {
    var state = GatewayState()
    fill(&state)
    state.limits[0].lastRejectionAt = 1
    state.services = [ServiceState(service: "users")]
    state.functions = [FunctionState(service: "users", requestType: "get")]
    return state
  }
}

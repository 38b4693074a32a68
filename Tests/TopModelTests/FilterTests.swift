import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("The filter")
struct FilterTests {
  private func passes(_ filter: String, _ record: EventRecord, node: String = "gw1") throws -> Bool {
    try FilterExpression(parsing: filter).matches(
      EventRow(node: ByteText(node), record: record, severity: .normal))
  }

  private let slow = EventRecord.stop(
    1, at: 0, service: "user_service", type: "get_user", request: "r_9", outcome: "timeout",
    durationUs: 1_200_000, user: "u_17")

  @Test(
    "a term lets through what it names",
    arguments: [
      "service:user_service", "service:user_*", "service:order_service,user_service", "type:get_*",
      "node:gw1", "user:u_17", "req:r_9", "cat:executor", "event:executor.request.stop", "event:*stop",
      "status:error", "status:slow", "status:ok,error", "dur:>1s", "dur:>=1200ms", "dur:<2s", "timeo",
      "GET_USER",
      "service:\"user_service\"", "service:user_* type:get_user status:error", "-service:order_service",
      "-status:ok", "", "   ",
    ])
  func lets(filter: String) throws {
    // The bare word is looked for in the error too.
    var record = slow
    record.metadata["error"] = "timeout at db"
    #expect(try passes(filter, record))
  }

  @Test(
    "a number of no character is refused where it stands; other backslashes stand for themselves",
    arguments: ["\\u{}", "\\u{110000}", "\\u{d800}", "\\u{61", "\\u{x}", "\\u{0000061}"])
  func characterNumbers(escape: String) throws {
    let error = #expect(throws: FilterError.self) {
      try FilterExpression(parsing: "service:\"a\(escape)b\"")
    }
    #expect(error?.range.lowerBound == 10 && error?.message.contains("u{…}") == true)
    #expect(try passes("user:\"u_\\u{31}7\"", slow))
    var record = slow
    record.metadata["user_id"] = "C:\\x"
    #expect(try passes("user:\"C:\\x\"", record))
  }

  @Test(
    "and keeps out the rest",
    arguments: [
      "service:order_service", "type:get", "node:gw2", "user:u_1", "status:ok", "status:rejected", "dur:>2s",
      "dur:<1ms", "-service:user_*", "-status:slow", "version:1.0.0", "service:user_service type:other",
      "nowhere",
    ])
  func keepsOut(filter: String) throws { #expect(try !passes(filter, slow)) }

  @Test(
    "what failed beside requests is found with status:error, what was refused with status:rejected",
    arguments: EventName.allCases)
  func troubles(name: EventName) throws {
    let record = EventRecord(sequence: 1, at: 1, name: name.path, measurements: [:], metadata: [:])
    let status = name.definition.status
    #expect(try passes("status:error", record) == (status?.isFailure == true))
    #expect(try passes("status:rejected", record) == (status?.isRejection == true))
    #expect(try !passes("status:ok", record))
    // What is critical is never left out.
    #expect(name.definition.severity != .critical || status?.isFailure == true)
  }

  @Test("an event of a later version is found by its category")
  func laterCategory() throws {
    let record = EventRecord(sequence: 1, at: 1, name: "phoenix_gen_api.hook.around.start")
    #expect(try passes("cat:hooks", record))
    #expect(try !passes("cat:executor", record))
    #expect(CompiledFilter(EventFilter(categories: ["hooks"])).matches(record))
  }

  @Test(
    "a faulty term is named with its place",
    arguments: [
      ("wat:x", 0..<4), ("service:a wat:x", 10..<14), ("status:maybe", 7..<12), ("dur:fast", 4..<8),
      ("service:", 0..<8), ("service:a,,b", 0..<12), ("service:\"a", 8..<10), ("-", 0..<1),
      ("status:ok,maybe", 10..<15), ("dur:50", 4..<6), ("dur:>50", 4..<7), ("dur:>50h", 4..<8),
      ("cat:nosuch", 4..<10), ("cat:executor,nosuch", 13..<19), ("event:no.such.event", 6..<19),
      ("service:a -event:*nosuch*", 17..<25), ("user!=x", 0..<6), ("status=ok", 0..<7), ("dur>50ms", 0..<4),
      ("service:a -node==x", 10..<17),
    ])
  func faults(text: String, range: Range<Int>) {
    do {
      _ = try FilterExpression(parsing: text)
      Issue.record("parsed \(text)")
    } catch {
      #expect(error.range == range, "\(text): \(error)")
      #expect(!error.message.isEmpty)
    }
  }

  @Test("any text either parses or is refused within its bounds")
  func fuzz() {
    var state: UInt64 = 5
    let alphabet = Array("service:type dur>=<5ms,-*\"\\ é漢👩‍👩‍👧:status:okwat")
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int(state >> 33 % 24) {
        state = state &* 6_364_136_223_846_793_005 &+ 1
        text.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      state = state &* 6_364_136_223_846_793_005 &+ 1
      do {
        let filter = try FilterExpression(parsing: text)
        _ = filter.matches(EventRow(node: "n", record: slow, severity: .normal))
        _ = filter.pushdown
      } catch {
        #expect(error.range.upperBound <= text.count && !error.range.isEmpty, "\(text)")
      }
    }
  }

  @Test("what a filter is wrong with is underlined")
  func underlined() {
    do {
      _ = try FilterExpression(parsing: "service:a dur:50")
      Issue.record("parsed")
    } catch {
      #expect(error.underlined("service:a dur:50") == ["service:a dur:50", "              ^^"])
    }
  }

  @Test("words that only look like other languages' terms are looked for as text")
  func looksLikeATerm() throws {
    var record = slow
    record.metadata["error"] = "a=b users!"
    #expect(try passes("a=b", record))
    #expect(try passes("users!", record))
  }

  @Test("names are matched letter for letter, as gateways do; a bare word whatever its case")
  func sameLetters() throws {
    for filter in ["service:User_*", "type:GET_USER", "user:U_17", "-service:user_service"] {
      let expression = try FilterExpression(parsing: filter)
      #expect(!expression.matches(EventRow(node: "gw1", record: slow, severity: .normal)), "\(filter)")
      #expect(!CompiledFilter(expression.pushdown).matches(slow), "\(filter)")
    }
    #expect(try passes("USER_SERVICE", slow))
  }

  @Test("whatever a gateway would not send, given the filter, would not be shown either")
  func pushedIsNoNarrower() throws {
    let records = [
      slow, EventRecord(sequence: 1, at: 1, name: EventName.configClear.path, metadata: ["service": "all"]),
      EventRecord(sequence: 2, at: 1, name: EventName.rateLimiterReset.path, metadata: ["key_value": "u_17"]),
      EventRecord(
        sequence: 3, at: 1, name: EventName.clusterNodeDown.path, metadata: ["node": "users2@demo"]),
    ]
    for filter in [
      "service:user_*", "-service:user_*", "user:u_17", "-user:u_17", "node:users2@demo", "-node:gw1",
      "type:get_user", "service:all", "service:\(String(repeating: "u", count: 300))*",
    ] {
      let expression = try FilterExpression(parsing: filter)
      let pushed = CompiledFilter(expression.pushdown)
      for var record in records {
        record.node = "gw1"
        guard expression.matches(EventRow(node: "gw1", record: record, severity: .normal)) else { continue }
        #expect(pushed.matches(record), "\(filter) \(record.name)")
      }
    }
  }

  @Test("a pattern beyond the gateways' bounds is filtered here")
  func beyondBounds() throws {
    let long = String(repeating: "a", count: 257)
    #expect(try FilterExpression(parsing: "service:\(long)").pushdown.isEmpty)
    #expect(try FilterExpression(parsing: "-service:\(long),b").pushdown.exclude.services == ["b"])
    let many = (0..<257).map { "s\($0)" }.joined(separator: ",")
    #expect(try FilterExpression(parsing: "service:\(many)").pushdown.isEmpty)
    #expect(try FilterExpression(parsing: "-service:\(many)").pushdown.exclude.services.count == 256)
    #expect(try !passes("service:\(long)", slow))
  }

  @Test("a service node's name shows what it did: its events, its functions, itself")
  func serviceNode() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      state.add("users", "get", ok: [1])
      state.add("orders", "list", ok: [1])
      state.pools = [PoolState(name: "async_pool", workers: 2, queueLimit: 10)]
      state.relay = [GroupState(groupID: "lobby", groupType: "public")]
      state.services = [ServiceState(service: "users"), ServiceState(service: "orders")]
      state.functions = [
        FunctionState(service: "users", requestType: "get", nodes: ["users1@demo", "users2@demo"]),
        FunctionState(service: "orders", requestType: "list", nodes: ["orders@demo"]),
      ]
      state.nodes = [
        ServiceNodeState(node: "users1@demo", services: ["users"]),
        ServiceNodeState(node: "users2@demo", services: ["users"]),
        ServiceNodeState(node: "orders@demo", services: ["orders"]),
      ]
    }
    for (sequence, node) in [(Int64(1), "users1@demo"), (2, "users2@demo")] {
      var record = EventRecord.stop(sequence, at: fixture.now, service: "users")
      record.metadata["node_called"] = .string(ByteText(node))
      fixture.model.fold(.frame(.event(record)), of: 0, at: fixture.now)
    }
    var settings = ViewSettings()
    settings.filter = try FilterExpression(parsing: "node:users2@demo")
    let model = fixture.model
    #expect(model.events(settings, limit: 10).rows.map(\.record.sequence) == [2])
    #expect(model.requests(settings).map(\.service) == ["users"])
    #expect(model.configs(settings).functions.map(\.service) == ["users"])
    #expect(model.configs(settings).services.map(\.service) == ["users"])
    #expect(model.latency(settings, slots: 1).count == 2)
    #expect(model.nodes(settings).map(\.name) == ["users2@demo"])
    // A gateway's pools and groups are not that node's doing.
    #expect(model.circuits(settings, slots: 1).pools.isEmpty)
    #expect(model.relay(settings).isEmpty)
    #expect(model.header(settings).narrowsToServiceNodes)
    settings.filter = try FilterExpression(parsing: "node:gw1")
    #expect(model.requests(settings).count == 2)
    #expect(!model.header(settings).narrowsToServiceNodes)
    settings.filter = try FilterExpression(parsing: "-node:gw*")
    #expect(model.requests(settings).isEmpty)
  }

  @Test("services, types and users are pushed to the gateways; names are not, for the traces")
  func pushdown() throws {
    let filter = try FilterExpression(
      parsing: "service:user_*,order_service -user:u_1 cat:executor node:gw1 -node:gw2 type:get_user")
    #expect(
      filter.pushdown
        == EventFilter(
          services: ["user_*", "order_service"], requestTypes: ["get_user"],
          exclude: .init(nodes: ["gw2"], users: ["u_1"])))
  }

  @Test("the filter narrows every pane")
  func panes() throws {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, _ in
      state.add("users", "get", ok: [1])
      state.add("orders", "list", ok: [1])
      state.services = [ServiceState(service: "users"), ServiceState(service: "orders")]
      state.functions = [
        FunctionState(service: "users", requestType: "get"),
        FunctionState(service: "orders", requestType: "list"),
      ]
      state.limits = [
        LimitState(id: "g", scope: "global", key: "user_id", maxRequests: 1, windowMs: 1),
        LimitState(id: "u", scope: "users/get", key: "user_id", maxRequests: 1, windowMs: 1),
        LimitState(id: "o", scope: "orders/list", key: "user_id", maxRequests: 1, windowMs: 1),
      ]
      state.nodes = [
        ServiceNodeState(node: "n1", services: ["users"]), ServiceNodeState(node: "n2", services: ["orders"]),
      ]
      state.relay = [GroupState(groupID: "lobby", groupType: "public")]
    }
    fixture.model.fold(.frame(.event(.stop(1, at: fixture.now, service: "users"))), of: 0, at: fixture.now)
    fixture.model.fold(.frame(.event(.stop(2, at: fixture.now, service: "orders"))), of: 0, at: fixture.now)
    var settings = ViewSettings()
    settings.filter = try FilterExpression(parsing: "service:users")
    let model = fixture.model
    #expect(model.requests(settings).map(\.service) == ["users"])
    #expect(model.latency(settings, slots: 1).count == 2)
    #expect(Set(model.limits(settings).map(\.scope)) == ["global", "users/get"])
    #expect(model.configs(settings).services.map(\.service) == ["users"])
    #expect(model.configs(settings).functions.map(\.service) == ["users"])
    #expect(model.circuits(settings, slots: 1).services.map(\.service) == ["users"])
    #expect(model.events(settings, limit: 10).rows.map(\.record.sequence) == [1])
    #expect(model.nodes(settings).filter { $0.kind == .service }.map(\.name) == ["n1"])
    settings.filter = try FilterExpression(parsing: "node:gw2")
    #expect(model.relay(settings).map(\.node) == ["gw2"])
    #expect(model.nodes(settings).filter { $0.kind == .gateway }.map(\.name) == ["gw2"])
    settings.filter = try FilterExpression(parsing: "nothing_like_this")
    #expect(model.relay(settings).isEmpty)
  }
}

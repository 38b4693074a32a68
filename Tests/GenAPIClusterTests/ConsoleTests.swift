import ErlangNode
import Foundation
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

/// A gateway, and another node of its cluster that calls it.
struct ConsoleFixture {
  let gatewayNode: LocalNode
  let gateway: Gateway
  let other: LocalNode

  init(_ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws {
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    gatewayNode = try LocalNode(configuration)
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.logger.logLevel = .critical
    change(&settings)
    gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: gatewayNode))
    ConfigService(gateway: gateway).serve(on: gatewayNode)
    try await gatewayNode.start()
    configuration.name = "other@127.0.0.1"
    configuration.fixedPorts = ["gateway@127.0.0.1": gatewayNode.port ?? 0]
    other = try LocalNode(configuration)
  }

  func with(_ body: (ConsoleFixture) async throws -> Void) async throws {
    do {
      try await body(self)
    } catch {
      await end()
      throw error
    }
    await end()
  }

  private func end() async {
    await other.stop()
    await gatewayNode.stop()
  }

  /// `PhoenixGenApi.ConfigDb.get`
  func call(_ name: ByteText, _ arguments: Term...) async throws -> Term {
    try await call(name, arguments)
  }

  func call(_ name: ByteText, _ arguments: [Term]) async throws -> Term {
    let name = try #require(Console.Name(name))
    return try await other.call(
      "gateway@127.0.0.1", name.module, name.function, arguments, timeout: .seconds(30))
  }

  func add(_ requestType: ByteText, version: ByteText? = nil) throws {
    try gateway.configs.add(
      FunctionConfig(
        service: "s", requestType: requestType, nodes: .list(["a@test"]),
        function: FunctionReference("My.Api", "get", [1]),
        arguments: ["id": ArgumentSpec(.string, maxBytes: 9)],
        permission: .argument("id"), version: version, retry: .sameNode(2)))
  }
}

@Suite("An operator's console", .serialized)
struct ConsoleTests {
  private static let denied = Term.error(.atom("admin_action_denied"))

  /// What each command is called with; those that are not here take none.
  private static let samples: [ByteText: [Term]] = [
    "rl_status": [.text("u")], "rl_global": [.list([])], "set_global_limits": [.list([])],
    "add_global_limit": [limit], "remove_global_limit": [.atom("user_id")],
    "update_rate_limit_config": [.fields(["enabled": .bool(true)])],
    "get_rate_limit_status": [.text("u"), .atom("global"), .atom("user_id")],
    "check_rate_limit": [request], "reset_rate_limit": [.text("u"), .atom("global"), .atom("user_id")],
    "get": [.text("s"), .text("t")], "get_fast": [.text("s"), .text("t")],
    "get_latest": [.text("s"), .text("t")],
    "get_functions_from_services": [.text("s")], "disable": [.text("s"), .text("t")],
    "enable": [.text("s"), .text("t")], "delete": [.text("s"), .text("t")], "add": [.fields([:])],
    "batch_add": [.list([])], "get_pushed_config": [.text("s")], "get_api_list": [.text("s")],
    "get_service_version": [.text("s")], "status": [.atom("async_pool")], "get_group_info": [.text("g")],
    "delete_group": [.text("g")], "leave_group": [.text("g"), .text("u")],
    "accept_member": [.text("g"), .text("a"), .text("u")],
    "mute_member": [.text("g"), .text("a"), .text("u")],
    "unmute_member": [.text("g"), .text("a"), .text("u")], "call_flow": [.text("s"), .text("t")],
    "call_flow_print": [.text("s"), .text("t")], "inspect_request": [request], "inspect_print": [request],
  ]
  private static let limit = Term.fields([
    "key": .atom("user_id"), "max_requests": .int(5), "window_ms": .int(1_000),
  ])
  private static let request = Term.fields([
    "service": .text("s"), "request_type": .text("t"), "user_id": .text("u"),
    "args": .fields(["id": .text("u")]),
  ])

  private static func arguments(of command: ConsoleCommand) -> [Term] {
    let function = Console.Name(command.names[0])?.function ?? ""
    let sample = samples[function] ?? []
    if command.arity.contains(sample.count) { return sample }
    return Array(repeating: .list([]), count: command.arity.lowerBound)
  }

  @Test("each name with a number of arguments is one command")
  func table() {
    for (name, commands) in Console.byName {
      for arity in 0...5 {
        #expect(
          commands.filter { $0.arity.contains(arity) }.count <= 1, "\(name.module).\(name.function)/\(arity)")
      }
    }
    for command in ConsoleCommand.all {
      #expect(command.names.allSatisfy { Console.Name($0) != nil } && !command.summary.isEmpty)
    }
  }

  @Test("docs/console.md lists every command as it is")
  func documented() throws {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../docs/console.md").standardized
    let lines = Set(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init))
    let missing = ConsoleCommand.all.map(\.row).filter { !lines.contains($0) }
    #expect(missing.isEmpty, "rows to be there:\n\(missing.joined(separator: "\n"))")
    let listed = lines.filter { $0.hasPrefix("| `PhoenixGenApi") }.count
    #expect(listed == ConsoleCommand.all.count)
  }

  @Test(
    "what changes something is refused unless the configuration lists its action, and then changes nothing")
  func refused() async throws {
    try await ConsoleFixture().with { fixture in
      try fixture.add("t")
      let before = fixture.gateway.currentState()
      for command in ConsoleCommand.all where command.action != nil {
        for name in command.names {
          #expect(try await fixture.call(name, Self.arguments(of: command)) == Self.denied, "\(name)")
        }
      }
      let after = fixture.gateway.currentState()
      #expect(
        after.functions == before.functions && after.limits == before.limits && after.relay == before.relay)
    }
  }

  @Test("only the action of a command lets it through")
  func permitted() async throws {
    for action in Set(ConsoleCommand.all.compactMap(\.action)).sorted(by: { $0.rawValue < $1.rawValue }) {
      try await ConsoleFixture { $0.adminActions = [action] }.with { fixture in
        for command in ConsoleCommand.all where command.action != nil {
          let answer = try? await fixture.call(command.names[0], Self.arguments(of: command))
          #expect((answer == Self.denied) == (command.action != action), "\(command.names[0]) with \(action)")
        }
      }
    }
  }

  @Test("what changes nothing is answered without any action, and what prints says that it did")
  func answers() async throws {
    try await ConsoleFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 3, window: .seconds(1))]
    }
    .with { fixture in
      try fixture.add("t")
      for command in ConsoleCommand.all where command.action == nil {
        for name in command.names {
          let answer = try await fixture.call(name, Self.arguments(of: command))
          #expect(answer != Self.denied, "\(name)")
        }
      }
      for name in [
        "rl_status", "rl_global", "rl_config", "cache_status", "pool_status", "pushed_services_status",
      ] {
        let arguments: [Term] = name == "rl_status" ? [.text("u")] : []
        #expect(try await fixture.call(ByteText("PhoenixGenApi.\(name)"), arguments) == .atom("ok"))
      }
    }
  }

  @Test("a function of another name, or with another number of arguments, is undefined")
  func undefined() async throws {
    try await ConsoleFixture().with { fixture in
      for (name, arguments) in [
        ("PhoenixGenApi.ConfigDb.get", []), ("PhoenixGenApi.ConfigDb.drop", []),
        ("PhoenixGenApi.rl_config", [.int(1)]),
      ] as [(ByteText, [Term])] {
        let error = await #expect(throws: CallError.self) { try await fixture.call(name, arguments) }
        guard case .raised(.atom("undef"), _)? = error else {
          Issue.record("\(name): \(error as Any)")
          continue
        }
      }
    }
  }

  @Test("limits are read and changed as in Elixir: a limit of the same key takes the place of the one before")
  func limits() async throws {
    try await ConsoleFixture { $0.adminActions = [.updateRateLimitConfig] }.with { fixture in
      #expect(try await fixture.call("PhoenixGenApi.RateLimiter.add_global_limit", Self.limit) == .atom("ok"))
      let more = Term.fields(["key": .atom("user_id"), "max_requests": .int(7), "window_ms": .int(2_000)])
      #expect(try await fixture.call("PhoenixGenApi.add_global_limit", more) == .atom("ok"))
      #expect(try await fixture.call("PhoenixGenApi.get_global_limits") == .list([more]))
      let own = Term.fields([
        "key": .text("user_id"), "max_requests": .int(2), "window_ms": .int(60_000), "service": .text("s"),
        "request_type": .text("t"),
      ])
      let config = Term.fields(["api_limits": .list([own]), "enabled": .bool(true)])
      #expect(try await fixture.call("PhoenixGenApi.RateLimiter.update_config", config) == .atom("ok"))
      #expect(
        try await fixture.call("PhoenixGenApi.get_rate_limit_config")
          == .fields(["global": .list([more]), "api": .list([own])]))
      let scope = Term.tuple([.text("s"), .text("t")])
      func check() async throws -> Term {
        try await fixture.call(
          "PhoenixGenApi.RateLimiter.check_rate_limit", .text("u"), scope, .text("user_id"))
      }
      #expect(try await check() == .atom("ok"))
      #expect(try await check() == .atom("ok"))
      let third = try await check()
      #expect(third.tupleElements?.prefix(2) == [.atom("error"), .atom("rate_limited")])
      #expect(third.tupleElements?[2].map?[atom: "scope"] == scope)
      let status = try await fixture.call(
        "PhoenixGenApi.get_rate_limit_status", .text("u"), scope, .text("user_id"))
      #expect(
        status
          == .list([
            .fields([
              "key": .text("s:t:u"), "max_requests": .int(2), "current_requests": .int(2),
              "window_ms": .int(60_000),
              "remaining": .int(0), "scope": scope,
            ])
          ]))
      #expect(
        try await fixture.call("PhoenixGenApi.RateLimiter.reset", .text("u"), scope, .text("user_id"))
          == .atom("ok"))
      #expect(try await check() == .atom("ok"))
      #expect(
        try await fixture.call("PhoenixGenApi.rl_global", .atom("remove"), .atom("user_id")) == .atom("ok"))
      #expect(try await fixture.call("PhoenixGenApi.get_global_limits") == .list([]))
      let wrong = Term.fields(["key": .atom("user_id"), "max_requests": .int(0), "window_ms": .int(1)])
      let answer = try await fixture.call("PhoenixGenApi.add_global_limit", wrong)
      #expect(
        answer.tupleElements?.first == .atom("error") && answer.tupleElements?.last?.text != nil, "\(answer)")
    }
  }

  @Test("configs come as structs, are switched, removed and added")
  func configs() async throws {
    try await ConsoleFixture { $0.adminActions = [.changeFunctions, .pushConfig] }.with { fixture in
      try fixture.add("t", version: "1.0.0")
      try fixture.add("t", version: "2.0.0")
      func get(_ name: ByteText, _ version: Term...) async throws -> Term {
        try await fixture.call("PhoenixGenApi.ConfigDb.\(name)", [.text("s"), .text("t")] + version)
      }
      let latest = try await get("get_latest")
      let map = try #require(latest.tupleElements?.last?.map)
      #expect(map[atom: "__struct__"] == .atom("Elixir.PhoenixGenApi.Structs.FunConfig"))
      #expect(map[atom: "version"] == .text("2.0.0") && map[atom: "nodes"] == .atoms(["a@test"]))
      #expect(map[atom: "mfa"] == .tuple([.atom("Elixir.My.Api"), .atom("get"), .list([.int(1)])]))
      #expect(map[atom: "retry"] == .tuple([.atom("same_node"), .int(2)]))
      #expect(map[atom: "check_permission"] == .tuple([.atom("arg"), .text("id")]))
      #expect(map[atom: "timeout"] == .int(5_000) && map[atom: "arg_orders"] == .texts(["id"]))
      #expect(
        map[atom: "arg_types"]?.map?[.text("id")]
          == .list([.tuple([.atom("type"), .atom("string")]), .tuple([.atom("max_bytes"), .int(9)])]))
      #expect(try await get("get") == .error(.atom("not_found")))
      #expect(try await get("disable", .text("2.0.0")) == .atom("ok"))
      #expect(try await get("get", .text("2.0.0")) == .error(.atom("disabled")))
      #expect(try await get("get_latest").tupleElements?.last?.map?[atom: "version"] == .text("1.0.0"))
      #expect(try await get("enable", .text("2.0.0")) == .atom("ok"))
      #expect(try await get("enable", .text("3.0.0")) == .error(.atom("not_found")))
      #expect(
        try await fixture.call("PhoenixGenApi.ConfigDb.get_all_functions")
          == .map(
            TermMap([
              (
                key: .text("s"),
                value: .map(TermMap([(key: .text("t"), value: .texts(["2.0.0", "1.0.0"]))]))
              )
            ])))
      #expect(try await get("delete", .text("1.0.0")) == .atom("ok"))
      #expect(try await fixture.call("PhoenixGenApi.ConfigDb.count") == .int(1))
      #expect(try await fixture.call("PhoenixGenApi.ConfigDb.clear") == .atom("ok"))
      #expect(try await fixture.call("PhoenixGenApi.ConfigDb.add", .map(map)) == .atom("ok"))
      #expect(try await get("get_latest") == latest)
      #expect(
        try await fixture.call("PhoenixGenApi.ConfigDb.add", .fields(["request_type": .text("x")]))
          == .error(.atom("invalid_config")))
      #expect(try await fixture.call("PhoenixGenApi.ConfigDb.batch_add", .list([.map(map)])) == .ok(.int(1)))
    }
  }

  @Test("ten thousand functions and more are cut with a mark, and an offset tells the next")
  func many() async throws {
    try await ConsoleFixture().with { fixture in
      let configs = (0..<10_005).map { number in
        FunctionConfig(
          service: "s", requestType: ByteText("t\(10_000 + number)"), function: FunctionReference("S", "f"))
      }
      try fixture.gateway.configs.batchAdd(configs)
      let all = try await fixture.call("PhoenixGenApi.ConfigDb.get_all_functions").map
      #expect(all?[.atom("truncated")] == .int(5) && all?[.text("s")]?.map?.pairs.count == 10_000)
      let rest = try await fixture.call(
        "PhoenixGenApi.ConfigDb.get_all_functions", .list([.tuple([.atom("offset"), .int(10_000)])])
      ).map
      #expect(rest?[.text("s")]?.map?.pairs.count == 5 && rest?[.atom("truncated")] == nil)
      let flows = try await fixture.call("PhoenixGenApi.list_call_flows").listElements ?? []
      #expect(flows.count == 1_001 && flows.last == .tuple([.atom("truncated"), .int(9_005)]))
    }
  }

  @Test("pushes are told as structs without their token; refused configs with what is wrong")
  func pushes() async throws {
    try await ConsoleFixture { $0.pushToken = "token" }.with { fixture in
      let function = FunctionConfig(
        service: "s", requestType: "t", nodes: .list(["a@test"]), function: FunctionReference("S", "f"))
      var bad = function
      bad.requestType = "bad"
      bad.timeout = .milliseconds(1)
      try fixture.gateway.receiver.push(
        PushConfig(
          service: "s", nodes: ["a@test"], configVersion: "1", functions: [function, bad],
          pullFunction: FunctionReference("My.Pull", "get"), token: "token"))
      let pushed = try await fixture.call("PhoenixGenApi.ConfigReceiver.get_pushed_config", .atom("s"))
      let map = try #require(pushed.map)
      #expect(map[atom: "__struct__"] == .atom("Elixir.PhoenixGenApi.Structs.PushConfig"))
      #expect(map[atom: "module"] == .atom("Elixir.My.Pull") && map[atom: "function"] == .atom("get"))
      #expect(map[atom: "push_token"] == .atom("nil") && map[atom: "version_module"] == .atom("nil"))
      let status = try await fixture.call("PhoenixGenApi.ConfigReceiver.status").map
      #expect(status?[atom: "status"] == .atom("ok"))
      #expect(status?[atom: "pushed_services"] == .map(TermMap([(key: .text("s"), value: .text("1"))])))
      #expect(status?[atom: "pushed_configs"] == .map(TermMap([(key: .text("s"), value: pushed)])))
      #expect(
        try await fixture.call("PhoenixGenApi.ConfigReceiver.get_pushed_config", .text("x")) == .atom("nil"))
      let failed = try await fixture.call("PhoenixGenApi.failed_configs").listElements?.first?.map
      #expect(failed?[atom: "source"] == .atom("push") && failed?[atom: "node"] == .atom("a@test"))
      #expect(failed?[atom: "reason"]?.listElements?.count == 1)
      #expect(failed?[atom: "config"]?.map?[atom: "timeout"] == .int(1))
    }
  }

  @Test("a group is told with its members, and kept up in the name of its admin")
  func relay() async throws {
    try await ConsoleFixture { $0.adminActions = [.changeGroups] }.with { fixture in
      let listener = Listener(fixture.gateway)
      try fixture.gateway.relay.createGroup(
        groupID: "g", type: .strictPrivate, creator: "ann", connection: listener)
      _ = try fixture.gateway.relay.join(groupID: "g", userID: "bob", connection: listener)
      func call(_ name: ByteText, _ arguments: Term...) async throws -> Term {
        try await fixture.call("PhoenixGenApi.Relay.\(name)", [.text("g")] + arguments)
      }
      #expect(try await call("accept_member", .text("bob"), .text("bob")) == .error(.atom("not_admin")))
      #expect(try await call("accept_member", .text("ann"), .text("bob")) == .atom("ok"))
      #expect(try await call("mute_member", .text("ann"), .text("bob")) == .atom("ok"))
      let info = try await call("get_group_info").tupleElements?.last?.map
      #expect(info?[atom: "group_type"] == .atom("strict_private") && info?[atom: "group_id"] == .text("g"))
      let bob = info?[atom: "members"]?.map?[.text("bob")]?.map
      #expect(bob?[atom: "status"] == .atom("muted"))
      #expect(bob?[atom: "joined_at"]?.map?[atom: "__struct__"] == .atom("Elixir.DateTime"))
      #expect(try await call("leave_group", .text("bob")) == .atom("ok"))
      #expect(try await call("delete_group") == .atom("ok"))
      #expect(try await call("get_group_info") == .error(.atom("not_found")))
    }
  }

  @Test(
    "a time is the one that it was",
    arguments: [
      (0, "1970-1-1 0:0:0.0"), (1_709_164_799_999_999, "2024-2-28 23:59:59.999999"),
      (1_709_164_800_000_000, "2024-2-29 0:0:0.0"), (-1, "1969-12-31 23:59:59.999999"),
      (951_782_400_000_000, "2000-2-29 0:0:0.0"), (4_107_542_399_000_000, "2100-2-28 23:59:59.0"),
    ])
  func times(_ microseconds: Int64, _ expected: String) {
    let map = ConsoleRelay.dateTime(microseconds: microseconds).map
    func number(_ name: ByteText) -> Int64 { map?[atom: name]?.integerValue ?? -1 }
    let fraction = map?[atom: "microsecond"]?.tupleElements?.first?.integerValue ?? -1
    let text =
      "\(number("year"))-\(number("month"))-\(number("day")) "
      + "\(number("hour")):\(number("minute")):\(number("second")).\(fraction)"
    #expect(text == expected)
  }
}

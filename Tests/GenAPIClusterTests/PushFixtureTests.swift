import ErlangNode
import GenAPIValue
import Testing

@testable import GenAPICluster
@testable import GenAPIGateway

@Suite("Pushes that the Elixir library made", .serialized)
struct PushFixtureTests {
  /// What is refused here, and how its reason begins. The library refuses the last three as well.
  private static let refused: [ByteText: ByteText] = [
    "nobody": "check_permission role needs a list of non-empty role names",
    "of_nothing": "check_permission names the argument \"owner\", which arg_types does not declare",
    "wrong_default": "arg_types.x: default_value does not fit the type",
    "no_retry": "retry must be 1 to 100; it is 0",
    "long_hooks": "hook_timeout must be 1 to 300000 milliseconds; it is 86400000",
    "hasty": "timeout must be between 100 and 300000 milliseconds, or infinity; it is 10",
    "nowhere": "nodes must be a non-empty list of node names",
    "whoever": "check_permission must be false, any_authenticated",
  ]

  @Test("there are pushes of each version and each release of Erlang, four of each")
  func all() {
    let files = Dictionary(grouping: PushFixture.all, by: \.file)
    #expect(
      files.keys.sorted() == [
        "push-2.18-2.22-otp25.txt", "push-2.18-2.22-otp27.txt", "push-2.18-2.22-otp29.txt",
        "push-2.24-otp25.txt", "push-2.24-otp27.txt", "push-2.24-otp29.txt",
      ])
    for pushes in files.values { #expect(pushes.map(\.name) == ["every_field", "typical", "odd", "wrong"]) }
  }

  @Test(
    "is answered as its own gateway answered it, and the same functions are there, or are refused with a reason",
    arguments: PushFixture.all)
  func answers(_ fixture: PushFixture) async throws {
    #expect(fixture.answer == "{:ok, :accepted}")
    let token: ByteText? = fixture.name == "every_field" ? "push token" : nil
    try await ConsoleFixture {
      $0.pushToken = token
    }.with { (console) async throws in
      let answer = try await console.call("PhoenixGenApi.ConfigReceiver.push", fixture.arguments())
      #expect(answer == .tuple([.atom("ok"), .atom("accepted")]))
      let configs = console.gateway.configs
      let here = Set(configs.configs(of: "users").map(\.requestType))
      #expect(here == Set(fixture.taken).subtracting(Self.refused.keys))
      let sent = try fixture.configs().compactMap { TermValue.text($0[atom: "request_type"]) }
      let failed = configs.failedConfigs()
      #expect(Set(failed.compactMap(\.requestType)) == Set(sent).subtracting(here))
      for config in failed {
        let reason = try #require(Self.refused[config.requestType ?? ""])
        #expect(config.reasons.count == 1 && config.reasons[0].hasPrefix(reason), "\(config.reasons)")
      }
      // A version of "0.0.0" is none, as it is there.
      let stored = configs.configs(of: "users").first { $0.requestType == "no_version" }
      #expect(stored?.version == nil)
    }
  }

  // MARK: Fields

  /// What each field of `every_field` says.
  private static let fields: [ByteText: @Sendable (FunctionConfig) -> Bool] = [
    "request_type": { $0.requestType == "every_field" },
    "service": { $0.service == "users" },
    "nodes": { if case .function(let list) = $0.nodes { list.name == "MyApp.Cluster.nodes" } else { false } },
    "choose_node_mode": { $0.chooseNode == .hashKey("user_id") },
    "timeout": { $0.timeoutMs == 12_345 },
    "mfa": { $0.function.name == "MyApp.Users.every_field" },
    "arg_types": { $0.arguments == arguments },
    "arg_orders": { $0.argumentOrder == .names(["user_id", "age", "tags", "profile"]) },
    "response_type": { $0.responseType == .async },
    "request_info": { $0.passesRequestInfo },
    "check_permission": { $0.permission == .role(["admin", "moderator"]) },
    "permission_callback": { $0.permissionCallback?.name == "MyApp.Permissions.may" },
    "version": { $0.version == "2.1.0" },
    "disabled": { $0.disabled },
    "retry": { $0.retry == .sameNode(2) },
    "before_execute": { $0.beforeExecute?.name == "MyApp.Hooks.before" },
    "after_execute": { $0.afterExecute?.name == "MyApp.Hooks.later" },
    "hook_timeout": { $0.hookTimeoutMs == 2_500 },
    "result_encoder": { $0.resultEncoder?.name == "MyApp.Codec.encode" },
  ]

  private static let arguments: [ByteText: ArgumentSpec] = [
    "user_id": ArgumentSpec(.string, maxBytes: 36),
    "tags": ArgumentSpec(.listString, maxItems: 10, maxItemBytes: 20, defaultValue: ["a", "b"]),
    "profile": ArgumentSpec(.map, maxItems: 5, required: ["name"], accept: ["name", "email"]),
    "age": ArgumentSpec(.num, allowsNil: true),
  ]

  /// The options of arguments that act, as `arguments` has them, and `shade`, which is noted.
  private static let options: Set<ByteText> = [
    "type", "max_bytes", "max_items", "max_item_bytes", "required", "accept", "allow_nil?", "default_value",
    "shade",
  ]

  /// What each field of the push `every_field` says.
  private static let pushFields: [ByteText: @Sendable (PushConfig) -> Bool] = [
    "service": { $0.service == "users" },
    "nodes": { $0.nodes == ["users@127.0.0.1"] },
    "config_version": { $0.configVersion == "every_field" },
    "fun_configs": { $0.functions.count == 1 },
    "module": { $0.pullFunction?.module == "MyApp.Supporter" },
    "function": { $0.pullFunction?.function == "get_config" },
    "args": { $0.pullFunction?.arguments == ["users", [["only", ["all", 1]]]] },
    "version_module": { $0.versionFunction?.module == "MyApp.Supporter" },
    "version_function": { $0.versionFunction?.function == "get_config_version" },
    "version_args": { $0.versionFunction?.arguments == ["users"] },
    "push_token": { $0.token == "push token" },
  ]

  private static func read(_ fixture: PushFixture) throws -> PushConfig {
    try PushConfig(try #require(ElixirConfig.pushValue(of: .map(try fixture.push()))))
  }

  @Test(
    "every field that it has acts: what it says is in the config that is read",
    arguments: PushFixture.all.filter { $0.name == "every_field" })
  func everyField(_ fixture: PushFixture) throws {
    let push = try Self.read(fixture)
    let config = try #require(push.functions.first)
    #expect(push.unknown == [] && push.unreadable.isEmpty)
    let nothing = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("S", "f"))
    let fields = try fixture.configs()[0]
    #expect(fields.pairs.count > 18)
    for (key, _) in fields.pairs where key != .atom("__struct__") {
      let name = try #require(key.atomName)
      let acts = try #require(Self.fields[name], "nothing is expected of \(name)")
      #expect(acts(config) && !acts(nothing), "\(name)")
    }
    let empty = PushConfig(service: "s", nodes: ["a@test"], configVersion: "1", functions: [])
    for (key, _) in try fixture.push().pairs where key != .atom("__struct__") {
      let name = try #require(key.atomName)
      let acts = try #require(Self.pushFields[name], "nothing is expected of \(name)")
      #expect(acts(push) && !acts(empty), "\(name)")
    }
  }

  @Test("has no field and no option of which nothing is expected", arguments: PushFixture.all)
  func known(_ fixture: PushFixture) throws {
    for config in try fixture.configs() {
      let names = config.pairs.compactMap(\.key.atomName).filter { $0 != "__struct__" }
      #expect(Set(names).subtracting(Self.fields.keys) == [])
      for (_, type) in config[atom: "arg_types"]?.map?.pairs ?? [] {
        let options = type.listElements?.compactMap { $0.tupleElements?.first?.atomName } ?? []
        #expect(Set(options).subtracting(Self.options) == [])
      }
    }
    let names = try fixture.push().pairs.compactMap(\.key.atomName).filter { $0 != "__struct__" }
    #expect(Set(names).subtracting(Self.pushFields.keys) == [])
  }

  @Test("gives back the arguments of each function that it names as they came", arguments: PushFixture.all)
  func terms(_ fixture: PushFixture) throws {
    let push = try Self.read(fixture)
    func same(_ reference: FunctionReference?, _ term: Term?) throws {
      guard let parts = term?.tupleElements else { return }
      let reference = try #require(reference)
      #expect(try ArgumentTerms.terms(of: reference) == parts.dropFirst(2).first?.listElements ?? [])
    }
    let sent = Dictionary(
      try fixture.configs().map { (TermValue.text($0[atom: "request_type"]) ?? "", $0) },
      uniquingKeysWith: { first, _ in first })
    for config in push.functions {
      let term = try #require(sent[config.requestType])
      try same(config.function, term[atom: "mfa"])
      try same(config.permissionCallback, term[atom: "permission_callback"])
      try same(config.beforeExecute, term[atom: "before_execute"])
      try same(config.afterExecute, term[atom: "after_execute"])
      try same(config.resultEncoder, term[atom: "result_encoder"])
      if case .function(let list) = config.nodes { try same(list, term[atom: "nodes"]) }
    }
    let map = try fixture.push()
    if let pull = push.pullFunction {
      #expect(try ArgumentTerms.terms(of: pull) == map[atom: "args"]?.listElements)
    }
    if let version = push.versionFunction {
      #expect(try ArgumentTerms.terms(of: version) == map[atom: "version_args"]?.listElements)
    }
  }

  // MARK: Typical configs, and odd ones

  private static func config(
    _ type: ByteText, _ arguments: [ByteText: ArgumentSpec] = [:], _ order: [ByteText] = [],
    _ change: (inout FunctionConfig) -> Void = { _ in }
  ) -> FunctionConfig {
    var config = FunctionConfig(
      service: "users", requestType: type, nodes: .list(["users@127.0.0.1"]),
      function: FunctionReference("MyApp.Users", type), arguments: arguments,
      argumentOrder: order.isEmpty ? .inferred : .names(order), permission: .open)
    change(&config)
    return config
  }

  private static let wide = (1...33).map { "a\($0)" as ByteText }

  private static let typical = [
    config("get_user", ["user_id": ArgumentSpec(.string)], ["user_id"]) { $0.version = "1.0.0" },
    config("list_users") { ($0.chooseNode, $0.retry) = (.roundRobin, .allNodes(3)) },
    config("health") { ($0.nodes, $0.chooseNode, $0.timeoutMs) = (.local, .hash, nil) },
    config(
      "update_user",
      ["user_id": ArgumentSpec(.uuid), "changes": ArgumentSpec(.map), "notify": ArgumentSpec(.boolean)]
    ) {
      $0.argumentOrder = .map
      $0.permission = .argument("user_id")
      $0.chooseNode = .sticky(RequestKey("user_id"))
      $0.retry = .allNodes(2)
    },
    config(
      "export", ["ids": ArgumentSpec(.listNum, maxItems: 100), "format": ArgumentSpec(.string, maxBytes: 8)],
      ["format", "ids"]
    ) {
      $0.responseType = .stream
      $0.passesRequestInfo = true
      $0.permission = .anyAuthenticated
      $0.timeoutMs = 300_000
    },
    config(
      "notify", ["to": ArgumentSpec(.listUUID), "text": ArgumentSpec(.string, defaultValue: "hi")],
      ["to", "text"]
    ) {
      $0.responseType = .none
      $0.nodes = .list(["users@127.0.0.1", "users2@127.0.0.1"])
    },
    config("audited") {
      $0.beforeExecute = FunctionReference("MyApp.Hooks", "before")
      $0.permissionCallback = FunctionReference("MyApp.Permissions", "may")
    },
    config("wide", Dictionary(uniqueKeysWithValues: wide.map { ($0, ArgumentSpec(.num)) }), wide),
  ]

  @Test(
    "typical configs are read as they were meant", arguments: PushFixture.all.filter { $0.name == "typical" })
  func typical(_ fixture: PushFixture) throws {
    let push = try Self.read(fixture)
    for (read, meant) in zip(push.functions, Self.typical) { #expect(read == meant) }
    #expect(push.functions.count == Self.typical.count && push.unknown == [])
    #expect(push.pullFunction == nil && push.versionFunction == nil && push.token == nil)
  }

  @Test(
    "half retries, an empty list of accepted keys, an option twice, and options that a type does not have are read as Elixir reads them",
    arguments: PushFixture.all.filter { $0.name == "odd" })
  func odd(_ fixture: PushFixture) throws {
    let push = try Self.read(fixture)
    let read = Dictionary(uniqueKeysWithValues: push.functions.map { ($0.requestType, $0) })
    #expect(read["half_a_retry"]?.retry == .allNodes(2))
    #expect(read["half_retries"]?.retry == .sameNode(1))
    #expect(read["any_key"]?.arguments == ["x": ArgumentSpec(.map)])
    #expect(read["twice"]?.arguments == ["x": ArgumentSpec(.string, maxBytes: 5)])
    #expect(
      read["idle_options"]?.arguments == [
        "n": ArgumentSpec(.num), "b": ArgumentSpec(.boolean), "l": ArgumentSpec(.listNum),
      ])
    #expect(read["unknown_option"]?.arguments == ["x": ArgumentSpec(.string)])
    #expect(
      push.unknown == [
        "arg_types.b.max_items", "arg_types.l.max_item_bytes", "arg_types.l.required",
        "arg_types.n.max_bytes", "arg_types.x.shade",
      ])
  }
}

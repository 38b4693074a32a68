import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("The config store")
struct ConfigStoreTests {
  private func config(_ type: String = "t", version: ByteText? = nil, service: String = "s") -> FunctionConfig
  {
    FunctionConfig(
      service: ByteText(service), requestType: ByteText(type), function: FunctionReference("M", "f"),
      version: version)
  }

  @Test("without a version the highest enabled one answers, prereleases below releases (W-23)")
  func latest() throws {
    let store = try GatewayFixture().gateway.configs
    for version in ["1.0.0-rc.1", "0.9.0+zzz", "1.0.0", "not semver"] {
      try store.add(config(version: ByteText(version)))
    }
    #expect(try store.getFast("s", "t").version == "1.0.0")
    try store.disable("s", "t", version: "1.0.0")
    #expect(try store.getLatest("s", "t").version == "1.0.0-rc.1")
    #expect(throws: ConfigStoreError.disabled) { try store.get("s", "t", version: "1.0.0") }
    try store.enable("s", "t", version: "1.0.0")
    #expect(try store.get("s", "t", version: "1.0.0").version == "1.0.0")
  }

  @Test("an invalid config is refused with every fault, not stored, and recorded")
  func invalid() throws {
    let fixture = try GatewayFixture()
    let store = fixture.gateway.configs
    var bad = config(version: "0.0.0")
    bad.timeout = .milliseconds(5)
    bad.hookTimeout = .zero
    do {
      try store.add(bad)
      Issue.record("stored")
    } catch ConfigStoreError.invalid(let faults) {
      #expect(faults.count == 3)
    }
    #expect(store.count == 0)
    #expect(store.failedConfigs().count == 1)
    #expect(store.failedConfigs()[0].reasons.count == 3)
    fixture.clock.advance(by: .milliseconds(24 * 3_600_000 + 1))
    #expect(store.failedConfigs().isEmpty)
  }

  @Test("a config that names a denied module is refused, whichever field names it (W-31)")
  func denied() throws {
    let store = try GatewayFixture().gateway.configs
    for change in [
      { $0.function = FunctionReference("os", "cmd") },
      { $0.beforeExecute = FunctionReference("System", "halt") },
      { $0.permissionCallback = FunctionReference("File", "rm") },
      { $0.nodes = .function(FunctionReference("erlang", "nodes")) },
    ] as [(inout FunctionConfig) -> Void] {
      var bad = config()
      change(&bad)
      #expect(throws: ConfigStoreError.self) { try store.update(bad) }
    }
    #expect(store.count == 0)
  }

  @Test("a batch stores what is valid; an empty result is an error")
  func batch() throws {
    let fixture = try GatewayFixture()
    let store = fixture.gateway.configs
    #expect(try store.batchAdd([config("a"), config(""), config("b")]) == 2)
    #expect(throws: ConfigStoreError.self) { try store.batchAdd([config("")]) }
    #expect(fixture.names().filter { $0.hasPrefix("config") } == ["config.batch_add"])
  }

  @Test("each change is an event, and only when something changed")
  func events() throws {
    let fixture = try GatewayFixture()
    let store = fixture.gateway.configs
    try store.add(config())
    try store.disable("s", "t")
    try store.enable("s", "t")
    #expect(try store.delete("s", "t"))
    #expect(throws: ConfigStoreError.self) { try store.delete("s", "t") }
    #expect(throws: ConfigStoreError.notFound(store.missing("s", "t", version: nil))) {
      try store.disable("s", "t")
    }
    store.clear()
    #expect(
      fixture.names().filter { $0.hasPrefix("config") } == [
        "config.add", "config.disable", "config.enable", "config.delete", "config.clear",
      ])
  }

  @Test("what was switched off and then went can be switched on while it is away, and off again")
  func away() throws {
    let fixture = try GatewayFixture()
    let (store, receiver) = (fixture.gateway.configs, fixture.gateway.receiver)
    func push(_ version: ByteText, _ configs: [FunctionConfig]) throws {
      try receiver.push(
        PushConfig(service: "s", nodes: ["a@test"], configVersion: version, functions: configs))
    }
    let both = [config("a"), config("a", version: "1.0.0"), config("b")]
    try push("1", both)
    for version in [nil, "1.0.0"] as [ByteText?] {
      try store.disable("s", "a", version: version)
      try push("2", [config("b")])
      try store.enable("s", "a", version: version)
      try push("3", both)
      #expect(try store.get("s", "a", version: version).requestType == "a")
      try store.disable("s", "a", version: version)
      try push("4", [config("b")])
      try store.enable("s", "a", version: version)
      try store.disable("s", "a", version: version)
      try push("5", both)
      #expect(throws: ConfigStoreError.disabled) { try store.get("s", "a", version: version) }
      try store.enable("s", "a", version: version)
    }
    #expect(throws: ConfigStoreError.self) { try store.enable("s", "never") }
  }

  @Test("what an operator disabled stays so through pushes, and what a service no longer lists goes (W-46)")
  func push() throws {
    let fixture = try GatewayFixture()
    let gateway = fixture.gateway
    try gateway.configs.add(config("own"))
    func push(_ version: String, _ types: [String]) -> PushConfig {
      PushConfig(
        service: "s", nodes: ["a@test"], configVersion: ByteText(version), functions: types.map { config($0) }
      )
    }
    #expect(try gateway.receiver.push(push("1", ["a", "b"])) == .accepted(stored: 2, faults: []))
    try gateway.configs.disable("s", "a")
    #expect(try gateway.receiver.push(push("1", ["a", "b"])) == .skipped)
    #expect(try gateway.receiver.push(push("2", ["a"])) == .accepted(stored: 1, faults: []))
    #expect(throws: ConfigStoreError.disabled) { try gateway.configs.get("s", "a") }
    #expect(throws: ConfigStoreError.notFound(gateway.configs.missing("s", "b", version: nil))) {
      try gateway.configs.get("s", "b")
    }
    #expect(try gateway.configs.get("s", "own").requestType == "own")
    #expect(gateway.receiver.verify(service: "s", version: "2") == .matched)
    #expect(gateway.receiver.verify(service: "s", version: "1") == .mismatch(stored: "2"))
    #expect(gateway.receiver.verify(service: "x", version: "1") == .notFound)
  }

  @Test("a push needs the token, and its faults are all named")
  func pushRefused() throws {
    let gateway = try GatewayFixture { $0.pushToken = "secret" }.gateway
    var push = PushConfig(service: "s", nodes: ["a@test"], configVersion: "1", functions: [config()])
    #expect(throws: PushError.invalidToken) { try gateway.receiver.push(push) }
    push.token = "secres"
    #expect(throws: PushError.invalidToken) { try gateway.receiver.push(push) }
    push.token = "secret"
    #expect(try gateway.receiver.push(push) == .accepted(stored: 1, faults: []))
    #expect(gateway.receiver.pushedConfig("s")?.token == nil)
    let empty = PushConfig(service: "", nodes: [], configVersion: "", functions: [])
    #expect(throws: PushError.self) { try gateway.receiver.push(empty) }
  }

  @Test("a config comes back from its value as it was")
  func coding() throws {
    var full = config(version: "1.2.3")
    full.nodes = .list(["a@b"])
    full.chooseNode = .sticky("user_id")
    full.timeout = nil
    full.function = FunctionReference("My.Module", "f", ["x", 1])
    full.arguments = [
      "a": ArgumentSpec(.string, maxBytes: 9), "b": ArgumentSpec(.listNum, maxItems: 3, allowsNil: true),
      "c": ArgumentSpec(.map, required: ["k"], accept: ["k", "l"]), "d": ArgumentSpec(.num, defaultValue: 4),
    ]
    full.argumentOrder = .names(["a", "b", "c", "d"])
    full.responseType = .stream
    full.permission = .role(["admin"])
    full.permissionCallback = FunctionReference("P", "check", [true])
    full.passesRequestInfo = true
    full.disabled = true
    full.retry = .sameNode(2)
    full.beforeExecute = FunctionReference("H", "b")
    full.afterExecute = FunctionReference("H", "a")
    full.hookTimeout = .milliseconds(7)
    #expect(full.validate() == [])
    #expect(try FunctionConfig(full.value) == full)
    #expect(try FunctionConfig(Value(json: full.value.json)) == full)
  }

  @Test("a value that is no config names every field at fault")
  func badValue() {
    let value: Value = [
      "service": 5, "request_type": "t", "nodes": 3, "mfa": "f", "timeout": "soon", "retry": "often",
      "arg_types": ["a": "text", "b": ["type": "string", "max": 3]], "check_permission": "maybe",
    ]
    do {
      _ = try FunctionConfig(value)
      Issue.record("decoded")
    } catch {
      for field in [
        "service", "nodes", "mfa", "timeout", "retry", "arg_types.a", "arg_types.b", "check_permission",
      ] {
        #expect(error.faults.contains { $0.hasPrefix(ByteText(field)) }, "\(field) in \(error.faults)")
      }
    }
  }
}

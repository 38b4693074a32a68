import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Names that nobody could read")
struct HiddenNameTests {
  /// What a name must not hold, and how it is told.
  private static let hidden: [(ByteText, ByteText)] = [
    ("a\u{0}b", "U+0000"), ("a\nb", "U+000A"), ("a\tb", "U+0009"), ("a\rb", "U+000D"),
    ("a\u{1B}[2Jb", "U+001B"),
    ("a\u{7F}b", "U+007F"), ("a\u{85}b", "U+0085"), ("a\u{A0}b", "U+00A0"), ("a\u{AD}b", "U+00AD"),
    ("a\u{2028}b", "U+2028"), ("a\u{2029}b", "U+2029"), ("\u{FEFF}ab", "U+FEFF"), ("a\u{202E}b", "U+202E"),
    ("a\u{2003}b", "U+2003"), ("a\u{3000}b", "U+3000"), ("a\u{E000}b", "U+E000"), ("a\u{3164}b", "U+3164"),
    ("a\u{2800}b", "U+2800"),
    ("a\u{034F}b", "U+034F"),
    ("a\u{200B}b", "U+200B"),
  ]

  private static func config(_ change: (inout FunctionConfig) -> Void) -> [ByteText] {
    var config = FunctionConfig(
      service: "s", requestType: "t", nodes: .list(["a@b"]), function: FunctionReference("M", "f"),
      arguments: ["x": ArgumentSpec(.map)])
    change(&config)
    return config.validate()
  }

  /// Every door that a name comes in by, and how its faults call it.
  private static let doors: [(ByteText, @Sendable (ByteText) -> [ByteText])] = [
    ("service", { name in config { $0.service = name } }),
    ("request_type", { name in config { $0.requestType = name } }),
    ("version", { name in config { $0.version = name } }),
    ("arg_types.", { name in config { $0.arguments = [name: ArgumentSpec(.string)] } }),
    ("arg_types.x: required", { name in config { $0.arguments["x"]?.required = [name] } }),
    ("arg_types.x: accept", { name in config { $0.arguments["x"]?.accept = [name] } }),
    ("check_permission role", { name in config { $0.permission = .role([name]) } }),
    (
      "check_permission arg",
      { name in config { ($0.permission, $0.argumentOrder) = (.argument(name), .map) } }
    ),
    ("choose_node_mode", { name in config { $0.chooseNode = .hashKey(name) } }),
    ("nodes", { name in config { $0.nodes = .list([name + "@host"]) } }),
    ("mfa", { name in config { $0.function = FunctionReference("M", name) } }),
    ("before_execute", { name in config { $0.beforeExecute = FunctionReference(name, "f") } }),
    (
      "service",
      { name in
        PushConfig(service: name, nodes: ["a@b"], configVersion: "1", functions: []).validate()
          .filter { !$0.hasPrefix("fun_configs") }
      }
    ),
    (
      "config_version",
      { name in
        PushConfig(service: "s", nodes: ["a@b"], configVersion: name, functions: []).validate()
          .filter { !$0.hasPrefix("fun_configs") }
      }
    ),
    (
      "service",
      { name in
        PullSource(service: name, nodes: .list(["a@b"]), function: FunctionReference("M", "f")).validate()
      }
    ),
    (
      "node",
      { name in
        do {
          _ = try Gateway(configuration: GatewayConfiguration(node: name))
          return []
        } catch let error as ConfigFaults { return error.faults } catch { return [] }
      }
    ),
    (
      "key",
      { name in
        do throws(RateLimitError) {
          try RateLimit.global(key: .argument(name), maxRequests: 1, window: .seconds(1)).validate()
          return []
        } catch { return [ByteText("\(error)".split(separator: ": ").dropFirst().joined(separator: ": "))] }
      }
    ),
    (
      "service",
      { name in
        do throws(ConfigStoreError) {
          try GatewayFixtureMaker.gateway().register(Endpoint("f") { 1 }, service: name)
          return []
        } catch {
          guard case .invalid(let faults) = error else { return [] }
          return faults
        }
      }
    ),
    ("svc/", { name in GatewayFixtureMaker.gateway().faults(of: Endpoint(name) { 1 }) }),
    (
      "svc/f: argument",
      { name in GatewayFixtureMaker.gateway().faults(of: Endpoint("f", Argument(name, Int.self)) { $0 }) }
    ),
  ]

  private enum GatewayFixtureMaker {
    static func gateway() -> Gateway { try! GatewayFixture().gateway }
  }

  @Test("are refused at every door, in words that tell what is in them and where", arguments: hidden.indices)
  func refused(_ index: Int) {
    let (name, scalar) = Self.hidden[index]
    for (field, faults) in Self.doors {
      let found = faults(name)
      #expect(found.count == 1, "\(field) \(scalar): \(found)")
      #expect(
        found.first?.hasPrefix(field) == true && found.first?.string.contains(scalar.string) == true,
        "\(field): \(found)")
      #expect(found.allSatisfy { $0.string.unicodeScalars.allSatisfy { !$0.isHidden } }, "\(field): \(found)")
    }
  }

  @Test("those of any script, with blanks, signs and emoji, are taken")
  func taken() {
    for name in ["users list", "über", "用户", "می‌خواهم", "a-b.c:d", "👩‍💻", "e\u{301}"] as [ByteText] {
      for (field, faults) in Self.doors where field != "nodes" {
        #expect(faults(name) == [], "\(field) \(name)")
      }
    }
  }

  @Test("a group has no such name")
  func groups() throws {
    let fixture = try GatewayFixture()
    let relay = fixture.gateway.relay
    let connection = fixture.connect()
    for (name, scalar) in Self.hidden {
      do throws(RelayError) {
        try relay.createGroup(groupID: name, type: .public, creator: "u", connection: connection)
        Issue.record("\(scalar) was taken")
      } catch {
        #expect(
          error.clientMessage
            == "group_id must not have the character \(scalar): it is not seen, or is a blank other than the space"
        )
      }
    }
    try relay.createGroup(groupID: "g", type: .public, creator: "u", connection: connection)
    #expect(try relay.groupInfo(groupID: "g").id == "g")
  }

  @Test("service, request type and version may each have 256 bytes, and no more, as endpoints and as configs")
  func lengths() async throws {
    for letter in ["x", ".", "@"] {
      let name = ByteText("a" + String(repeating: letter, count: 255))
      for (service, type, version) in [(name, "t", nil), ("s", name, nil), (name, name, name)]
        as [(ByteText, ByteText, ByteText?)]
      {
        let gateway = try GatewayFixture().gateway
        var endpoint = Endpoint(type) { "here" }
        if let version { endpoint = endpoint.version(version) }
        try gateway.register(endpoint, service: service)
        #expect(await gateway.response(service, type).result == "here")
        // The same again, as its config is written.
        let config = try gateway.configs.get(service, type, version: version)
        #expect(config.validate() == [])
        try gateway.configs.update(try FunctionConfig(config.value))
        let faults = gateway.faults(of: Endpoint(type + "x") { 1 })
        #expect(faults.isEmpty == (type == "t"))
      }
    }
    #expect(
      Self.config { $0.function = FunctionReference("M" + ByteText(String(repeating: "m", count: 255)), "f") }
        == [])
    #expect(
      Self.config { $0.function = FunctionReference("M" + ByteText(String(repeating: "m", count: 256)), "f") }
        == ["mfa has a module of 257 bytes, allowed are 256"])
    #expect(
      Self.config { $0.function = FunctionReference("M", "f" + ByteText(String(repeating: "f", count: 256))) }
        == ["mfa has a function of 257 bytes, allowed are 256"])
  }
}

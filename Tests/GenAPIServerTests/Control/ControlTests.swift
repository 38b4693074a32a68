import Foundation
import GenAPIChannels
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPIServer

@Suite("Commands over the Unix socket")
struct ControlTests {
  private func gateway(_ actions: Set<AdminAction> = []) throws -> Gateway {
    var configuration = GatewayConfiguration(node: "gw")
    configuration.logger.logLevel = .critical
    configuration.adminActions = actions
    let gateway = try Gateway(configuration: configuration)
    for type in ["a", "b", "c"] as [ByteText] {
      try gateway.configs.add(
        FunctionConfig(
          service: "s", requestType: type, function: FunctionReference("S", type),
          arguments: ["id": ArgumentSpec(.string)], permission: .anyAuthenticated))
    }
    return gateway
  }

  private func ask(
    _ gateway: Gateway, _ name: String, _ fields: ValueObject = [:], accept: String = "application/json",
    claims: [ByteText] = []
  ) async throws -> (status: Int, value: Value?, text: String) {
    let route = try #require(
      ControlRoutes.all(for: gateway, claims: { claims })[ByteText("/control/\(name)")])
    let answer = await route(HTTPQuestion(accept: accept, body: Value.object(fields).jsonBytes, userID: 7))
    return (answer.status, try? Value(json: answer.body), String(decoding: answer.body, as: UTF8.self))
  }

  /// What fits each of a command's parameters.
  private func sample(_ command: ControlCommand) -> ValueObject {
    var fields = ValueObject()
    for parameter in command.words + command.options where parameter.isRequired {
      fields[ByteText(parameter.name)] =
        switch parameter.kind {
        case .text: parameter.placeholder == "on|off" ? "on" : "user_id"
        case .function: "s/a"
        case .number: 5
        case .texts: ["x"]
        case .object: [:]
        }
    }
    return fields
  }

  @Test("what is no object of JSON is told with what is wrong and where, at both ends")
  func noObject() async throws {
    let parameter = try #require(ControlCommand.named("push")?.words.first)
    let digits = String(repeating: "7", count: 1_200)
    let route = try #require(ControlRoutes.all(for: try gateway())["/control/push"])
    for (text, words) in [
      (
        #"{"a": \#(digits)}"#,
        ": expected an integer of at most 1000 digits, not 77777777777777777777… (1200 digits) at byte 6"
      ),
      ("{\"a\" 1}", ": expected ':' at byte 5"), ("[1]", ", not an array"), ("7", ", not a number"),
    ] {
      #expect(throws: ControlFault.arguments("FILE must be a JSON object\(words)")) {
        try parameter.value(of: text)
      }
      let answer = await route(HTTPQuestion(accept: "", body: Array(text.utf8), userID: 7))
      #expect(answer.status == 400)
      #expect(
        String(decoding: answer.body, as: UTF8.self).hasPrefix("a command is told a JSON object\(words)"))
    }
  }

  @Test("docs/console.md and the manual have every command as it is")
  func documented() throws {
    func text(_ path: String) throws -> String {
      let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../docs/\(path)")
        .standardized
      return try String(contentsOf: file, encoding: .utf8)
    }
    let lines = Set(try text("console.md").split(separator: "\n").map(String.init))
    let missing = ControlCommand.all.map(\.row).filter { !lines.contains($0) }
    #expect(missing.isEmpty, "rows to be there:\n\(missing.joined(separator: "\n"))")
    let manual = try text("genapi-gateway.1").replacing("\\-", with: "-")
    let unmentioned = ControlCommand.all.map(\.name).filter { !manual.contains(".It Cm \($0)") }
    #expect(unmentioned.isEmpty, "not in the manual: \(unmentioned)")
  }

  @Test("a server on TCP takes no commands")
  func unixOnly() throws {
    let gateway = try gateway()
    #expect(throws: PhoenixServerError.self) {
      try PhoenixServer(
        gateway: gateway, configuration: PhoenixServerConfiguration(),
        authenticator: CustomAuthenticator { _ in throw AuthenticationRefused("no") },
        commands: ControlRoutes.all(for: gateway))
    }
  }

  @Test("a command that has more bytes than it may is told how many it may have")
  func tooLarge() async throws {
    let path = FileManager.default.temporaryDirectory.path + "/big\(UInt32.random(in: 0...UInt32.max)).sock"
    var configuration = PhoenixServerConfiguration()
    configuration.unixPath = path
    configuration.channels.topics = []
    let gateway = try gateway([.pushConfig])
    let server = try PhoenixServer(
      gateway: gateway, configuration: configuration,
      authenticator: CustomAuthenticator { _ in throw AuthenticationRefused("no") },
      commands: ControlRoutes.all(for: gateway))
    try await server.start()
    let push = try #require(ControlCommand.named("push"))
    let text = ByteText(String(repeating: "x", count: 4 << 20))
    let answer = try await ControlClient(path: path, timeoutMs: 60_000).call(
      push, ["push": ["service": .string(text)]], wantsJSON: false)
    let told = String(decoding: answer.body, as: UTF8.self)
    #expect(
      !answer.isDone && told.hasPrefix("a command may have 4194304 bytes of JSON, and this has more"),
      "\(told)")
    await server.stop()
  }

  @Test("what changes something is refused unless its action is listed, and says which that is")
  func refused() async throws {
    let gateway = try gateway()
    for command in ControlCommand.all {
      let answer = try await ask(gateway, command.name, sample(command))
      if let action = command.action {
        #expect(answer.status == 403, "\(command.name): \(answer.text)")
        #expect(answer.text == "\(action.rawValue) is not allowed: gateway.admin_actions does not list it\n")
      } else {
        #expect(answer.status == 200 && answer.value?.object != nil, "\(command.name): \(answer.text)")
      }
    }
    #expect(gateway.configs.count == 3 && gateway.rateLimiter.configuration.globalLimits.isEmpty)
  }

  @Test("each command says what it was told wrong: a field too many, too few, of another kind")
  func wrong() async throws {
    let gateway = try gateway(Set(AdminAction.allCases))
    for (name, fields, words) in [
      ("status", ["x": 1], "takes no x"), ("disable", [:], "needs SERVICE/TYPE"),
      ("disable", ["function": "nothing"], "SERVICE/TYPE is wrong"),
      ("functions", ["limit": "ten"], "N is wrong"), ("functions", ["limit": 0], "1 to 1000"),
      ("functions", ["limit": 1_001], "1 to 1000"), ("groups", ["offset": -1], "0 or more"),
      ("set-limit", ["key": "user_id", "max": 1], "needs N"),
      ("error-detail", ["state": "maybe"], "on or off"),
      ("push", ["push": [:]], "service must be a non-empty string"),
    ] as [(String, ValueObject, String)] {
      let answer = try await ask(gateway, name, fields)
      #expect(answer.status == 400 || answer.status == 409, "\(name): \(answer.status)")
      #expect(answer.text.contains(words), "\(name): \(answer.text)")
    }
    #expect(try await ask(gateway, "enable", ["function": "s/x"]).status == 404)
    #expect(try await ask(gateway, "delete", ["function": "s/x"]).status == 404)
    #expect(try await ask(gateway, "remove-limit", ["key": "user_id"]).status == 409)
  }

  @Test("a limit that can never count is refused, and one that counts nothing now is told")
  func idleLimits() async throws {
    let gateway = try gateway(Set(AdminAction.allCases))
    func set(_ key: String, _ function: Value = .null, claims: [ByteText] = []) async throws -> (Int, String)
    {
      let fields: ValueObject = [
        "key": .string(ByteText(key)), "max": 5, "window_ms": 1_000, "function": function,
      ]
      let answer = try await ask(gateway, "set-limit", fields, accept: "text/plain", claims: claims)
      return (answer.status, answer.text)
    }
    let unknown = try await set("claim(tenant)")
    #expect(unknown == (400, "\"tenant\" is not in auth.claims, so no request has it\n"))
    #expect(gateway.rateLimiter.configuration.globalLimits.isEmpty)
    #expect(try await set("claim(tenant)", claims: ["tenant"]).0 == 200)
    let nowhere = try await set("user_id", "s/nosuch")
    #expect(nowhere.0 == 200 && nowhere.1.contains("it counts nothing: there is no function s/nosuch now"))
    let argument = try await set("amount", "s/a")
    #expect(argument.0 == 200 && argument.1.contains("has an argument amount now"), "\(argument)")
    #expect(try await set("id", "s/a").1.contains("nothing") == false)
  }

  @Test(
    "names with blanks that would not be seen have quotes in what is said of limits and of functions that are not there"
  )
  func blankNames() async throws {
    let gateway = try gateway([.updateRateLimitConfig])
    func said(_ name: String, _ fields: ValueObject) async throws -> String {
      try await ask(gateway, name, fields, accept: "text/plain").text
    }
    let set = try await said(
      "set-limit", ["key": "user id ", "max": 5, "window_ms": 1_000, "function": " nope /t"])
    #expect(set.hasPrefix("in force: \" nope \"/t \"user id \" 5/1000ms; it counts nothing:"), "\(set)")
    let removed = try await said("remove-limit", ["key": "user id ", "function": " nope /t"])
    #expect(removed.hasPrefix("the limits of \" nope \"/t on \"user id \" are removed"), "\(removed)")
    let again = try await said("remove-limit", ["key": "user id ", "function": " nope /t"])
    #expect(again.contains("no rate limit with scope \" nope \"/t and key \"user id \""), "\(again)")
    for name in ["call-flow", "inspect"] {
      let flow = try await said(name, ["function": " nope /t\u{A0}"])
      #expect(
        flow.contains("unsupported function: \"t\\u{a0}\" version latest of service \" nope \""), "\(flow)")
    }
  }

  @Test("a list comes in pages, for people with how to go on")
  func pages() async throws {
    let gateway = try gateway()
    let first = try await ask(gateway, "functions", ["limit": 2]).value
    #expect(first?["functions"]?.array?.count == 2 && first?["total"] == 3 && first?["next_offset"] == 2)
    let rest = try await ask(gateway, "functions", ["limit": 2, "offset": 2]).value
    #expect(rest?["functions"]?.array?.count == 1 && rest?["next_offset"] == .null)
    let text = try await ask(gateway, "functions", ["limit": 2], accept: "text/plain").text
    #expect(text.contains("s/a") && text.hasSuffix("… and 1 more: --offset 2\n"), "\(text)")
  }

  @Test("what is allowed is done")
  func done() async throws {
    let gateway = try gateway(Set(AdminAction.allCases))
    #expect(try await ask(gateway, "disable", ["function": "s/a"]).status == 200)
    #expect(throws: ConfigStoreError.disabled) { try gateway.configs.get("s", "a") }
    #expect(try await ask(gateway, "enable", ["function": "s/a"]).status == 200)
    #expect(try await ask(gateway, "error-detail", ["state": "on"]).status == 200 && gateway.showsErrorDetail)
    for max in [5, 9] as [Int64] {
      let limit: ValueObject = ["key": "user_id", "max": .int(max), "window_ms": 1_000]
      #expect(try await ask(gateway, "set-limit", limit).status == 200)
      #expect(gateway.rateLimiter.configuration.globalLimits.map(\.maxRequests) == [Int(max)])
    }
    _ = gateway.rateLimiter.check(keyValue: "u", scope: .global, key: "user_id")
    let usage = try await ask(gateway, "limits", ["user": "u"]).value?["usages"]?.array?.first
    #expect(usage?["used"] == 1 && usage?["remaining"] == 8)
    #expect(try await ask(gateway, "reset-limit", ["value": "u", "key": "user_id"]).status == 200)
    #expect(try await ask(gateway, "remove-limit", ["key": "user_id"]).status == 200)
    let inspected = try await ask(gateway, "inspect", ["function": "s/a", "args": ["id": 1]]).value
    #expect(inspected?["permitted"] == false && inspected?["argument_error"]?.string != nil)
    let push: Value = [
      "service": "p", "nodes": ["a@b"], "config_version": "1",
      "fun_configs": [["service": "p", "request_type": "t", "mfa": "P.t"]],
    ]
    #expect(try await ask(gateway, "push", ["push": push]).status == 200 && gateway.configs.count == 4)
    #expect(try await ask(gateway, "delete", ["function": "p/t"]).status == 200 && gateway.configs.count == 3)
  }
}

import GenAPIChannels
import GenAPIGateway
import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIServer

@Suite("What commands print of names from outside")
struct ControlEscapingTests {
  /// A line of its own where it is printed as it is, a colour, and what turns around what stands behind it.
  private static func name(_ name: ByteText) -> ByteText {
    "\(name)\nFORGED\r\u{1B}[31m\u{202E}\u{2028}\u{85}"
  }

  /// - Parameter name: what its names are made by; with hostile ones it is refused.
  private static func config(
    _ service: ByteText, _ type: ByteText, by name: (ByteText) -> ByteText = { $0 }
  ) -> FunctionConfig {
    FunctionConfig(
      service: name(service), requestType: name(type), nodes: .list(["n@h"]),
      function: FunctionReference(name("S"), name("f")),
      arguments: [name("id"): ArgumentSpec(.string)], permission: .argument(name("id")), version: name("1"),
      beforeExecute: FunctionReference(name("S"), name("g")))
  }

  /// A gateway where everything that has a name has a hostile one.
  private static func gateway() async throws -> (Gateway, TestConnection) {
    var configuration = GatewayConfiguration(node: "gw")
    configuration.logger.logLevel = .critical
    configuration.adminActions = Set(AdminAction.allCases)
    let gateway = try Gateway(configuration: configuration)
    try gateway.receiver.push(
      PushConfig(
        service: "s", nodes: ["n@h"], configVersion: "v", functions: [config("s", "a")]))
    try gateway.configs.add(config("own", "a"))
    var wrong = config("s", "wrong", by: name)
    wrong.timeoutMs = 1
    #expect(throws: ConfigStoreError.self) { try gateway.configs.add(wrong) }
    gateway.functions.register("S.parts") { _ in
      try await Task.sleep(for: .seconds(600))
      return .ok(1)
    }
    gateway.functions.register("S.fail") { _ in .error(FunctionError(name("reason"))) }
    for (type, response) in [("parts", .stream), ("fail", .sync)] as [(ByteText, ResponseType)] {
      try gateway.configs.add(
        FunctionConfig(
          service: "s", requestType: type, function: FunctionReference("S", type),
          arguments: ["key": ArgumentSpec(.string)], argumentOrder: .map, responseType: response,
          permission: .open))
    }
    for scope in [.global, .api(service: "s", requestType: "fail")] as [RateLimitScope] {
      try gateway.rateLimiter.addLimit(
        RateLimit(scope: scope, key: .argument("key"), maxRequests: 1, window: .seconds(60)))
    }
    try gateway.rateLimiter.addLimit(
      RateLimit(scope: .global, key: .field(.userID), maxRequests: 1_000, window: .seconds(60)))
    let connection = gateway.connect(as: ClientIdentity(userID: name("u")))
    for _ in 0..<3 {
      await gateway.send("s", "fail", ["key": .string(name("value"))], from: connection)
    }
    _ = await gateway.handle(
      [
        "service": "s", "request_type": "parts",
        "request_id": .string(name("r")), "args": ["key": "x"],
      ], from: connection.identity, on: connection)
    try gateway.relay.createGroup(
      groupID: "g", type: .public, creator: name("u"), connection: connection)
    return (gateway, connection)
  }

  /// With a function that can be taken, and one that cannot.
  private static var push: ValueObject {
    let wrong: ValueObject = ["service": .string(name("p")), "request_type": .string(name("x"))]
    return [
      "service": "p", "nodes": .array(["n@h"]),
      "config_version": "2",
      "fun_configs": .array([config("p", "a").value, .object(wrong)]),
    ]
  }

  private static func fields(of command: ControlCommand) -> [ValueObject] {
    let function = FunctionPath.text(service: "s", requestType: "a")
    func value(_ parameter: ControlParameter) -> Value {
      switch parameter.kind {
      case .function: .string(function)
      case .number: 5
      case .texts: [.string(name("role"))]
      case .object:
        parameter.name == "push" ? .object(push) : .object([name("id"): .string(name("x"))])
      case .text:
        .string(name(ByteText(["user": "u", "key": "key", "service": "s"][parameter.name] ?? "x")))
      }
    }
    let required = (command.words + command.options).filter(\.isRequired)
    let all = (command.words + command.options).filter {
      !["limit", "offset", "window_ms"].contains($0.name) || $0.isRequired
    }
    return [required, all].map { parameters in
      var fields = ValueObject()
      for parameter in parameters { fields[ByteText(parameter.name)] = value(parameter) }
      return fields
    }
  }

  @Test("no command prints a line that begins with what a name says, or anything that a terminal acts on")
  func escaped() async throws {
    let (gateway, connection) = try await Self.gateway()
    // What looks is asked before anything is changed.
    for command in ControlCommand.all {
      for (index, fields) in Self.fields(of: command).enumerated() {
        let route = try #require(ControlRoutes.all(for: gateway)[command.path])
        let answer = await route(
          HTTPQuestion(accept: "text/plain", body: Value.object(fields).jsonBytes, userID: 7))
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix("FORGED") }, "\(command.name): \(text)")
        let hidden = text.unicodeScalars.filter { $0.isHidden && $0 != "\n" }
        #expect(hidden.isEmpty, "\(command.name): \(hidden.map(\.value))")
        if index == 0, Self.showing.contains(command.name) {
          #expect(text.contains("␊FORGED"), "\(command.name): \(text)")
        }
      }
    }
    gateway.disconnect(connection)
  }

  /// Names of services and functions are refused where they are hostile. Commands that have something hostile to show here, so that the test looks at more than empty tables.
  private static let showing: Set<String> = [
    "failed", "streams", "limits",
  ]
}

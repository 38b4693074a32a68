import ErlangNode
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("What the console prints of names from outside", .serialized)
struct ConsoleEscapingTests {
  private static func name(_ name: ByteText) -> ByteText {
    "\(name)\nFORGED\r\u{1B}[31m\u{202E}\u{2028}\u{85}"
  }

  /// - Parameter name: what its names are made by; with hostile ones it is refused.
  private static func config(_ type: ByteText, by name: (ByteText) -> ByteText = { $0 }) -> FunctionConfig {
    FunctionConfig(
      service: name("s"), requestType: name(type), nodes: .list(["n@test"]),
      function: FunctionReference(name("S"), name("f")),
      arguments: [name("id"): ArgumentSpec(.string)], permission: .argument(name("id")), version: name("1"))
  }

  /// Commands that print, with what each is told.
  private static func arguments(of command: ConsoleCommand) -> [Term] {
    let request = Term.fields([
      "service": .text(name("s")), "request_type": .text(name("a")), "user_id": .text(name("u")),
      "version": .text(name("1")), "args": .map(TermMap([(key: .text(name("id")), value: .text(name("u")))])),
    ])
    let texts = [Term.text(name("s")), .text(name("a")), .text(name("1"))]
    switch Console.Name(command.names[0])?.function {
    case "inspect_print": return [request]
    case "call_flow_print": return texts
    case "rl_status": return [.text(name("u"))]
    default: return Array(repeating: .list([]), count: command.arity.lowerBound)
    }
  }

  @Test("no line begins with what a name says, and there is nothing in it that a terminal acts on")
  func escaped() async throws {
    try await ConsoleFixture().with { fixture in
      let gateway = fixture.gateway
      try gateway.receiver.push(
        PushConfig(
          service: "s", nodes: ["n@test"], configVersion: "v", functions: [Self.config("a")]))
      var wrong = Self.config("wrong", by: Self.name)
      wrong.timeoutMs = 1
      #expect(throws: ConfigStoreError.self) { try gateway.configs.add(wrong) }
      try gateway.rateLimiter.addLimit(
        RateLimit(scope: .global, key: .argument("key"), maxRequests: 1, window: .seconds(60)))
      let processes = RelayProcesses(gateway: gateway)
      var printing = 0
      for command in ConsoleCommand.all where command.action == nil {
        let call = ConsoleCall(
          gateway: gateway, node: fixture.gatewayNode, caller: Caller(node: "other@127.0.0.1"),
          processes: processes, arguments: Self.arguments(of: command))
        guard case .printed(let text) = try? await command.run(call) else { continue }
        printing += 1
        let lines = text.string.split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("FORGED") }, "\(command.names): \(text)")
        let hidden = text.string.unicodeScalars.filter { $0.isHidden && $0 != "\n" }
        #expect(hidden.isEmpty, "\(command.names): \(hidden.map(\.value))")
      }
      #expect(printing >= 13)
    }
  }

  private func name(_ name: ByteText) -> ByteText { Self.name(name) }
}

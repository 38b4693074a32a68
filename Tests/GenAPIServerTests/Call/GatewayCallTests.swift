import GenAPIChannels
import GenAPITelemetry
import GenAPIValue
import Locking
import Testing

@testable import GenAPIServer

@Suite("A single call of a gateway")
struct GatewayCallTests {
  private func call(
    _ port: Int, _ function: String, _ args: ValueObject = [:],
    _ change: (inout GatewayCall) -> Void = { _ in }
  ) async throws -> [CallAnswer] {
    var call = GatewayCall(
      client: PhoenixClientConfiguration(port: port), function: try CalledFunction(parsing: function),
      args: args)
    // For a starved machine.
    call.client.connectTimeout = .seconds(60)
    call.timeoutMs = 60_000
    change(&call)
    let answers = Mutex<[CallAnswer]>([])
    try await call.run { answer in answers.withLock { $0.append(answer) } }
    return answers.withLock { $0 }
  }

  @Test("a plain function's result comes, in both versions of the protocol", arguments: ["2.0.0", "1.0.0"])
  func plain(vsn: String) async throws {
    let answers = try await TestGateway.with { port in
      try await call(port, "s/echo", ["message": "hi"]) {
        $0.client.vsn = vsn
        $0.version = "2.0.0"
      }
    }
    #expect(answers.map(\.result) == ["hi"] && answers.map(\.kind) == [.last])
  }

  @Test(
    "names with strokes are named as ctl names them: the first divides, one in a service's name has a backslash"
  )
  func strokes() throws {
    for (text, service, requestType) in [
      ("s/echo", "s", "echo"), ("s/v1/echo", "s", "v1/echo"), (#"a\/b/echo"#, "a/b", "echo"),
      (#"a\\/b\c"#, #"a\"#, #"b\c"#), ("s//", "s", "/"), (#"\//x/"#, "/", "x/"),
    ] as [(String, ByteText, ByteText)] {
      let function = try CalledFunction(parsing: text)
      #expect(function.service == service && function.requestType == requestType, "\(text)")
      #expect(FunctionPath.text(service: service, requestType: requestType) == ByteText(text))
    }
    for text in ["", "s", "s/", "/t", "/", #"a\/b"#, "//"] {
      #expect(throws: CalledFunctionError.self, "\(text)") { try CalledFunction(parsing: text) }
    }
  }

  @Test("an asynchronous function's result follows its receipt")
  func later() async throws {
    let answers = try await TestGateway.with { try await call($0, "s/later", ["ms": 1]) }
    #expect(answers.compactMap(\.result) == [1] && answers.map(\.kind) == [.receipt, .last])
  }

  @Test("a stream's parts come one by one, without its beginning and its empty end", arguments: [0, 1, 3])
  func stream(count: Int64) async throws {
    let answers = try await TestGateway.with {
      try await call($0, "s/count", ["count": .int(count), "interval_ms": 0])
    }
    #expect(answers.compactMap(\.result) == (0..<count).map { .int($0 + 1) })
    #expect(answers.first?.kind == .receipt && answers.last?.kind == .last)
  }

  @Test("a function that never answers ends with its receipt when nobody waits, else by the time")
  func mute() async throws {
    try await TestGateway.with { port in
      let answers = try await call(port, "s/mute") { $0.waitsForAnswer = false }
      #expect(answers.map(\.kind) == [.receipt] && answers[0].result == nil)
      await #expect(throws: CallError.unanswered("no answer within 100 ms")) {
        try await call(port, "s/mute") { $0.timeoutMs = 100 }
      }
    }
  }

  @Test("an error is told as the gateway gave it, and so are versions and functions that do not exist")
  func errors() async throws {
    try await TestGateway.with { port in
      await #expect(throws: CallError.failed("on purpose", canRetry: false)) {
        try await call(port, "s/fail", ["reason": "on purpose"])
      }
      let cases: [(String, ByteText?)] = [("s/nothing", nil), ("s/echo", "9.9.9")]
      for (function, version) in cases {
        let error = await #expect(throws: CallError.self) {
          try await call(port, function, ["message": "hi"]) { $0.version = version }
        }
        guard case .failed? = error else {
          Issue.record("\(function): \(error.debugDescription)")
          continue
        }
      }
    }
  }

  @Test(
    "what keeps an answer away is told: no server, a topic that is refused, a connection that ends, silence")
  func unanswered() async throws {
    func reason(_ port: Int, _ change: (inout GatewayCall) -> Void = { _ in }) async -> String {
      let error = await #expect(throws: CallError.self) { try await call(port, "s/time", [:], change) }
      guard case .unanswered(let reason)? = error else { return "" }
      return reason
    }
    #expect(await reason(1).hasPrefix("127.0.0.1:1: cannot connect: nobody listens"))
    let topic = try await TestGateway.with { port in await reason(port) { $0.topic = "other:x" } }
    #expect(topic.hasPrefix("the topic other:x cannot be joined"))
    let server = try await TestSocketServer.start { socket, message in
      guard socket > 1 else { return [] }
      if message.contains("phx_join") { return [.text(TestSocketServer.joinReply)] }
      return [.close(.goingAway, "restart")]
    }
    #expect(await reason(server.port) { $0.timeoutMs = 50 } == "no answer within 50 ms")
    #expect(
      await reason(server.port) == "the connection ended before the answer (close code 1001, restart)")
    await server.stop()
    let silent = try await TestSocketServer.start(upgrades: false) { _, _ in [] }
    #expect(
      await reason(silent.port) { $0.client.connectTimeout = .milliseconds(50) }.hasSuffix(
        "no answer within 50 ms"))
    await silent.stop()
  }

  @Test("an answer that cannot be read is told, with the reason")
  func unreadable() async throws {
    let server = try await TestSocketServer.start { socket, message in
      if message.contains("phx_join") { return [.text(TestSocketServer.joinReply)] }
      return [.text("[1,2"), .text("nonsense"), .close(.goingAway, "")]
    }
    let error = await #expect(throws: CallError.self) { try await call(server.port, "s/time") }
    #expect(
      "\(error as Any)".contains("; 2 messages of the gateway could not be read: "),
      "\(String(describing: error))")
    await server.stop()
  }

  @Test("what the reader of the answers throws ends the call")
  func broken() async throws {
    struct Full: Error {}
    try await TestGateway.with { port in
      let call = GatewayCall(
        client: PhoenixClientConfiguration(port: port), function: try CalledFunction(parsing: "s/count"),
        args: ["count": 1_000_000, "interval_ms": 0])
      await #expect(throws: Full.self) { try await call.run { _ in throw Full() } }
    }
  }
}

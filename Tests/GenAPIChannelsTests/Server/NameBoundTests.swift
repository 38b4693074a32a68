import GenAPIGateway
import GenAPIValue
import TOON
import Testing

@testable import GenAPIChannels

@Suite("Names in messages are bounded in bytes")
struct NameBoundTests {
  private static let long = ByteText("a" + String(repeating: "\u{0316}", count: 150))

  @Test(
    "a request with a name of 301 bytes is refused in words, in any frame, and its socket goes on",
    arguments: [nil, TOONVersion.v3], [false, true])
  func requests(toon: TOONVersion?, isBinary: Bool) async throws {
    try await ServerFixture.with({ $0.toonPath = "/toon/websocket" }) { fixture in
      var configuration = PhoenixClientConfiguration(port: fixture.port)
      configuration.vsn = "2.0.0"
      configuration.toon = toon
      if toon != nil { configuration.path = "/toon/websocket" }
      let socket = try await TestSocket.connect(configuration)
      let join = try await socket.join()
      for field in ["service", "request_type", "request_id", "version", "device_id"] as [ByteText] {
        var payload = ServerFixture.request("echo", ["message": "x"]).object!
        payload[field] = .string(Self.long)
        let value = Value.object(payload)
        let text: ByteText = "Malformed request payload: \(field) has 301 bytes, allowed are 256"
        socket.client.send(
          PhoenixMessage(
            joinRef: join, ref: "7", topic: "api:lobby", event: "api",
            payload: isBinary ? .binary(value.jsonBytes) : .json(value)))
        let answer = try await socket.message().value
        #expect(answer?["error"] == .string("Invalid request: \(text)") && answer?["success"] == false)
        #expect((answer?["request_id"]?.string?.byteCount ?? 0) <= 256)
        #expect(try await socket.message().value == ["status": "error", "response": .string(text)])
      }
      socket.push(["request_id": .string(Self.long)], joinRef: join, event: "stop_stream", ref: "8")
      #expect(
        try await socket.message().value == [
          "status": "error", "response": ["reason": "request_id has 301 bytes, allowed are 256"],
        ])
      socket.push(ServerFixture.request("echo", ["message": "x"]), joinRef: join)
      #expect(try await socket.message().value?["result"] == "x")
    }
  }

  @Test("a topic, an event and a reference have 256 bytes at most, whatever the frame is written in")
  func envelope() throws {
    for (place, field) in ["join_ref", "ref", "topic", "event"].enumerated() {
      for size in [256, 257] {
        var parts: [Value] = ["1", "2", "t", "e", [:]]
        parts[place] = .string(ByteText(String(repeating: "x", count: size)))
        let one: Value = [
          "join_ref": parts[0], "ref": parts[1], "topic": parts[2], "event": parts[3], "payload": [:],
        ]
        let frames: [(MessageDecoder, [UInt8])] = [
          (MessageDecoder(version: .two), Value.array(parts).jsonBytes),
          (MessageDecoder(version: .one), one.jsonBytes),
          (
            MessageDecoder(version: .two, isTOON: true),
            try Value.array(parts).toonBytes(TOONWriter.Options(version: .v3))
          ),
        ]
        for (decoder, frame) in frames {
          if size == 256 {
            #expect(throws: Never.self) { try decoder.decode(text: frame) }
          } else {
            let error = #expect(throws: MessageError.self) { try decoder.decode(text: frame) }
            #expect(error?.description.hasPrefix("\(field) has 257 bytes, allowed are ") == true)
          }
        }
      }
    }
    let digits = try Value(json: String(repeating: "9", count: 257)).jsonBytes
    let frame = Array("[null,".utf8) + digits + Array(#","t","e",{}]"#.utf8)
    #expect(throws: MessageError.self) { try MessageDecoder(version: .two).decode(text: frame) }
  }

  @Test("the answer names the claim that is too long, and the bound, to whom the token let in")
  func claims() async throws {
    try await ServerFixture.with(
      authenticator: CustomAuthenticator { request in
        let length = Int(request.token?.string ?? "") ?? 0
        return ClientIdentity(
          userID: "u", claims: ["tenant": ByteText(String(repeating: "t", count: length))])
      }
    ) { fixture in
      func answer(_ length: Int) async throws -> String {
        let exchange = try await RawExchange.open(port: fixture.port)
        exchange.say(
          """
          GET /socket/websocket?vsn=2.0.0&token=\(length) HTTP/1.1\r
          Host: localhost\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          \r

          """)
        if length <= 1_024 {
          while fixture.server.statistics.sockets == 0 { try await Task.sleep(for: .milliseconds(5)) }
          exchange.endSending()
        }
        defer { exchange.close() }
        return try await exchange.all()
      }
      #expect(try await answer(1_024).hasPrefix("HTTP/1.1 101 "))
      let refused = try await answer(1_025)
      #expect(refused.hasPrefix("HTTP/1.1 403 "))
      #expect(refused.contains("not allowed: the claim \"tenant\" has 1025 bytes, allowed are 1024\n"))
    }
  }

  @Test("a token whose user is longer than a name lets nobody in")
  func users() async throws {
    try await ServerFixture.with { fixture in
      await #expect(throws: (any Error).self) {
        try await fixture.socket(user: String(repeating: "u", count: 257))
      }
      _ = try await fixture.socket(user: String(repeating: "u", count: 256))
    }
  }
}

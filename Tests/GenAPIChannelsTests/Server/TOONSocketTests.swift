import GenAPIGateway
import GenAPIValue
import NIOCore
import TOON
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("Sockets that speak TOON")
struct TOONSocketTests {
  private static let path = "/toon/websocket"

  private func with(
    version: TOONVersion = .v3, _ body: (ServerFixture) async throws -> Void
  ) async throws {
    try await ServerFixture.with(
      {
        $0.toonPath = ByteText(Self.path)
        $0.toonVersion = version
      }, body)
  }

  private func socket(
    _ fixture: ServerFixture, user: String = "u1", vsn: String? = "2.0.0", path: String = path
  ) async throws -> TestSocket {
    var configuration = PhoenixClientConfiguration(port: fixture.port)
    configuration.path = path
    configuration.vsn = vsn
    configuration.parameters = ["user": user]
    configuration.toon = .v3
    return try await TestSocket.connect(configuration)
  }

  @Test("join, push, the answer as a push, then the receipt, as over JSON", arguments: TOONVersion.allCases)
  func roundTrip(version: TOONVersion) async throws {
    try await with(version: version) { fixture in
      let socket = try await socket(fixture)
      let join = try await socket.join()
      socket.push(
        ServerFixture.request("echo", ["message": "a: b, \"c\"\n#"]), joinRef: join, ref: "7")
      let answer = try await socket.message()
      #expect(answer.event == "api" && answer.topic == "api:lobby" && answer.ref == nil)
      #expect(answer.joinRef == join)
      #expect(answer.value == Response.sync("1", "a: b, \"c\"\n#").value)
      let receipt = try await socket.message()
      #expect(receipt.event == "phx_reply" && receipt.ref == "7" && receipt.joinRef == join)
      #expect(receipt.value == ["status": "ok", "response": "echo"])
    }
  }

  @Test("what is pushed from another thread is TOON too, in its order")
  func later() async throws {
    try await with { fixture in
      let socket = try await socket(fixture)
      let join = try await socket.join()
      socket.push(ServerFixture.request("parts", ["count": 3]), joinRef: join)
      var parts: [Value] = []
      while parts.last?["has_more"] != false {
        let message = try await socket.message()
        if message.event == "api" { parts += [message.value ?? .null] }
      }
      #expect(parts.map { $0["result"] ?? .null } == ["init", 1, 2, 3, nil])
      socket.push(ServerFixture.request("later"), joinRef: join, ref: "8")
      // The receipt, the answer that accepts, and the result, after the receipt of the stream.
      var messages: [PhoenixMessage] = []
      while !messages.contains(where: { $0.ref == "8" })
        || !messages.contains(where: { $0.value?["result"] == "done" })
      {
        messages.append(try await socket.message())
      }
    }
  }

  @Test("a client of JSON and one of TOON are in one relay group")
  func relay() async throws {
    try await with { fixture in
      let json = try await fixture.socket(user: "ann")
      let toon = try await socket(fixture, user: "bob")
      let (joinA, joinB) = (try await json.join(), try await toon.join())
      json.push(
        ServerFixture.request("create_group", ["group_id": "g", "type": "public"]), joinRef: joinA)
      for _ in 0..<2 { _ = try await json.message() }
      toon.push(ServerFixture.request("join_group", ["group_id": "g"]), joinRef: joinB)
      for _ in 0..<2 { _ = try await toon.message() }
      for (sender, join, other, text): (TestSocket, MessageReference, TestSocket, Value) in [
        (json, joinA, toon, "- 05"), (toon, joinB, json, "true"), (json, joinA, toon, ""),
        (toon, joinB, json, "a: [1]"),
      ] {
        sender.push(
          ServerFixture.request("relay_msg", ["group_id": "g", "message": text], id: "m"),
          joinRef: join)
        // What the other was answered itself may come before.
        var relayed: Value?
        while relayed != text { relayed = try await other.message().value?["result"]?["message"] }
      }
    }
  }

  @Test("binary frames carry binary payloads, as over JSON")
  func binary() async throws {
    try await with { fixture in
      let socket = try await socket(fixture)
      let join = try await socket.join()
      socket.client.send(
        PhoenixMessage(
          joinRef: join, ref: "5", topic: "api:lobby", event: "api",
          payload: .binary(ServerFixture.request("echo", ["message": "x"]).jsonBytes)))
      #expect(try await socket.message().value?["result"] == "x")
    }
  }

  @Test(
    "a frame that is no TOON closes with 1007, one of another form with 1003, one that would grow too large with 1009",
    arguments: [
      ("[5]:\n  - \"1\"\n", 1_007), ("{\"topic\": 1}", 1_003), ("[\"1\",\"2\",\"t\",\"e\",{}]", 1_003),
      ("a: 1", 1_003),
      ("[4]: 1,2,t,e", 1_003), ("[5]: \"1\",\"2\",\"\",e,null", 1_003),
      ("[5]: \"1\",\"2\",\"\\ud800\",e,null", 1_007),
      (
        "[5]:\n  - \"1\"\n  - \"2\"\n  - t\n  - e\n  - rows[20000]{\(String(repeating: "k", count: 1_000))}:"
          + String(repeating: "\n      1", count: 20_000), 1_009
      ),
    ])
  func closes(frame: String, code: Int) async throws {
    try await with { fixture in
      let socket = try await socket(fixture)
      socket.client.send(.text, ByteBuffer(string: frame))
      #expect(try await socket.closeCode() == UInt16(code))
      let reason = [1_003: "not_understood", 1_007: "not_utf8", 1_009: "too_large"][code]!
      try await eventually { fixture.server.statistics.closed[ByteText(reason)] == 1 }
    }
  }

  @Test("the path needs version 2, and is not there unless it is set")
  func path() async throws {
    try await with { fixture in
      for vsn in ["1.0.0", nil] {
        await #expect(throws: PhoenixClientError.refused(status: 400)) {
          try await socket(fixture, vsn: vsn)
        }
      }
    }
    try await ServerFixture.with { fixture in
      await #expect(throws: PhoenixClientError.refused(status: 404)) { try await socket(fixture) }
    }
  }

  @Test("the sockets of each transport are counted apart")
  func transports() async throws {
    try await with { fixture in
      let json = try await fixture.socket()
      let toon = try await socket(fixture)
      _ = (try await json.join(), try await toon.join())
      let state = fixture.gateway.currentState().sockets
      #expect(state.byTransport == ["websocket": 1, "websocket_toon": 1])
    }
  }

  @Test("a path that is none, or that of JSON, is refused")
  func settings() {
    for path in ["toon", "/a?b", "/socket/websocket"] {
      var configuration = PhoenixServerConfiguration(port: 0)
      configuration.toonPath = ByteText(path)
      #expect(throws: PhoenixServerError.self) { try configuration.validate() }
    }
  }
}

import GenAPIGateway
import GenAPIValue
import NIOCore
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("Clients of other makers")
struct OtherClientsTests {
  private func say(_ text: String, on socket: TestSocket) {
    socket.client.send(.text, ByteBuffer(string: text))
  }

  @Test("references come back as they were sent: numbers, texts and null", arguments: ["2.0.0", "1.0.0"])
  func references(_ vsn: String) async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket(vsn: vsn)
      for (join, ref) in [("1", "2"), ("\"1\"", "\"2\""), ("null", "null"), ("1.5", "9007199254740993")] {
        say(
          vsn == "2.0.0"
            ? "[\(join),\(ref),\"api:lobby\",\"phx_join\",{}]"
            : "{\"topic\":\"api:lobby\",\"event\":\"phx_join\",\"payload\":{},\"ref\":\(ref)}", on: socket)
        var reply = try await socket.message()
        // The channel that was joined before is closed first.
        if reply.event == "phx_close" { reply = try await socket.message() }
        #expect((reply.ref?.value ?? .null).json == ref)
        // Version 1 has no join_ref.
        #expect(
          (reply.joinRef?.value ?? .null).json == (vsn == "2.0.0" ? (join == "null" ? ref : join) : "null"))
      }
    }
  }

  @Test(
    "close codes: those of the wire are echoed, others are a fault",
    arguments: [
      ([], nil), ([3], 1_002), ([0, 0], 1_002), ([0x03, 0xE7], 1_002), ([0x03, 0xE8], 1_000),
      ([0x03, 0xEC], 1_002), ([0x03, 0xED], 1_002), ([0x03, 0xEE], 1_002), ([0x03, 0xF7], 1_002),
      ([0x03, 0xF8], 1_002), ([0x07, 0xD0], 1_002), ([0x0B, 0xB7], 1_002), ([0x0B, 0xB8], 3_000),
      ([0x13, 0x87], 4_999), ([0x13, 0x88], 1_002), ([0xFF, 0xFF], 1_002), ([0x03, 0xE8, 0x62, 0x79], 1_000),
      ([0x03, 0xE8, 0xFF], 1_007),
    ] as [([UInt8], UInt16?)])
  func closeCodes(_ payload: [UInt8], _ code: UInt16?) async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      socket.client.send(.connectionClose, ByteBuffer(bytes: payload))
      #expect(try await socket.closeCode() == code)
    }
  }

  @Test("while as many requests run as may, all that is no request is answered at once")
  func busy() async throws {
    try await ServerFixture.with {
      $0.maxInFlight = 2
    } _: { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for id in 1...4 {
        socket.push(ServerFixture.request("stuck", id: "\(id)"), joinRef: join, ref: "stuck\(id)")
      }
      socket.push([:], joinRef: nil, topic: "phoenix", event: "heartbeat", ref: "beat")
      #expect(try await socket.message().ref == "beat")
      socket.push(ServerFixture.request("tail", id: "s"), joinRef: join, ref: "tail")
      socket.push(["request_id": "s"], joinRef: join, event: "stop_stream", ref: "stop")
      let last = try await socket.message()
      #expect(last.value == Response.streamEnd("s").value)
      let (receipt, stopped) = (try await socket.message(), try await socket.message())
      #expect(receipt.ref == "tail" && receipt.value == ["status": "ok", "response": "tail"])
      #expect(stopped.ref == "stop" && stopped.value?["status"] == "ok")
      // No stream: it is not stopped by this.
      socket.push(["request_id": "4"], joinRef: join, event: "stop_stream", ref: "no")
      #expect(try await socket.message().value?["status"] == "error")
      _ = try await socket.join("api:other")
      socket.push([:], joinRef: join, event: "phx_leave", ref: "leave")
      var events: [ByteText] = []
      while events.last != "phx_close" {
        let message = try await socket.message()
        events.append(message.event == "phx_reply" ? "\(message.ref?.value.string ?? "")" : message.event)
        if ["stuck3", "stuck4"].contains(events.last) { #expect(message.value?["status"] == "error") }
      }
      #expect(events.first == "leave" && events.contains("stuck3") && events.contains("stuck4"))
    }
  }

  @Test("calls that wait run in their order once there is room")
  func waiting() async throws {
    try await ServerFixture.with {
      $0.maxInFlight = 1
    } _: { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for id in 1...50 { socket.push(ServerFixture.request("later", id: "\(id)"), joinRef: join) }
      var accepted: [ByteText] = []
      while accepted.count < 50 {
        guard let value = try await socket.message().value, value["async"] == true else { continue }
        if value["result"] == .null { accepted.append(value["request_id"]?.string ?? "") }
      }
      #expect(accepted == (1...50).map({ "\($0)" }))
    }
  }

  @Test("a frame that comes in drips is not silence")
  func drips() async throws {
    try await ServerFixture.with {
      // Longer than a busy machine keeps the drips from coming.
      $0.idleTimeout = .milliseconds(1_200)
    } _: { fixture in
      let exchange = try await RawExchange.open(port: fixture.port)
      exchange.say(
        "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
          + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
      )
      while fixture.server.statistics.sockets == 0 { try await Task.sleep(for: .milliseconds(5)) }
      // One frame, masked with zeros, over three times the bound.
      let text = #"[null,"1","phoenix","heartbeat",{}]"#
      var bytes: [UInt8] = [0x81, 0x80 | UInt8(text.utf8.count), 0, 0, 0, 0]
      bytes += Array(text.utf8)
      for byte in bytes {
        exchange.say(bytes: [byte])
        try await Task.sleep(for: .milliseconds(90))
      }
      #expect(fixture.server.statistics.closed["idle"] == nil)
      let answer = try await exchange.all()
      #expect(answer.contains(#"[null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]"#))
      // Counted a moment after the client is told.
      try await eventually { fixture.server.statistics.closed["idle"] != nil }
    }
  }

  @Test(
    "JSON that is not taken is an error for its message; the socket and its channels go on",
    arguments: ["2.0.0", "1.0.0"])
  func refusedMessages(_ vsn: String) async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket(vsn: vsn)
      let join = try await socket.join()
      let deep = String(repeating: "[", count: 3_000) + String(repeating: "]", count: 3_000)
      for wrong in [#""\ud83d""#, #""\udc00x""#, #""\ud83d\u0041""#, "1e999", deep] {
        for payload in [
          #"{"service":"demo","request_type":"echo","request_id":"w","args":{"message":\#(wrong)}}"#,
          #"{"args":{"message":\#(wrong)},"request_id":"w"}"#,
        ] {
          say(
            vsn == "2.0.0"
              ? "[\(join.value.json),\"7\",\"api:lobby\",\"api\",\(payload)]"
              : #"{"topic":"api:lobby","event":"api","payload":\#(payload),"ref":"7"}"#, on: socket)
          let answer = try await socket.message()
          #expect(answer.event == "api" && answer.value?["request_id"] == "w")
          #expect(answer.value?["error"]?.string?.hasPrefix("Invalid request: ") == true)
          let reply = try await socket.message()
          #expect(reply.ref == "7" && reply.value?["status"] == "error")
        }
      }
      say(
        vsn == "2.0.0"
          ? #"[null,"8","phoenix","heartbeat",{"x":"\ud83d"}]"#
          : #"{"topic":"phoenix","event":"heartbeat","payload":{"x":"\ud83d"},"ref":"8"}"#, on: socket)
      #expect(try await socket.message().value?["status"] == "error")
      socket.push(ServerFixture.request("echo", ["message": "still"]), joinRef: join)
      #expect(try await socket.message().value?["result"] == "still")
    }
  }

  @Test("numeric ids are taken and go back as numbers, in every kind of answer")
  func numericIDs() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      func request(_ type: ByteText, _ args: ValueObject = [:]) -> Value {
        [
          "service": "demo", "request_type": .string(type), "request_id": 7, "device_id": 9,
          "args": .object(args),
        ]
      }
      func next() async throws -> Value {
        while true {
          let message = try await socket.message()
          if message.event == "api" { return message.value ?? .null }
        }
      }
      for payload in [
        request("echo", ["message": "x"]), request("nothing"), request("add", ["a": "x", "b": 1]),
        request("fail"), ["request_id": 7],
      ] {
        socket.push(payload, joinRef: join)
        #expect(try await next()["request_id"] == 7)
      }
      socket.push(request("later"), joinRef: join)
      for _ in 0..<2 { #expect(try await next()["request_id"] == 7) }
      socket.push(request("tail"), joinRef: join)
      #expect(try await next()["request_id"] == 7)
      socket.push(["request_id": 7], joinRef: join, event: "stop_stream", ref: "8")
      let end = try await next()
      #expect(end["request_id"] == 7 && end["has_more"] == false)
      socket.push(request("create_group", ["group_id": "g", "type": "public"]), joinRef: join)
      #expect(try await next()["request_id"] == 7)
      socket.push(request("relay_msg", ["group_id": "g", "message": "hi"]), joinRef: join)
      for _ in 0..<2 { #expect(try await next()["request_id"] == 7) }
    }
  }

  @Test("ids and references beyond 64 bits go back with every digit")
  func wideIntegers() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      _ = try await socket.join()
      let id = "18446744073709551616"
      say(
        "[\"1\",\(id),\"api:lobby\",\"api\",{\"service\":\"demo\",\"request_type\":\"echo\","
          + "\"request_id\":\(id),\"args\":{\"message\":\"x\"}}]", on: socket)
      let answer = try await socket.message()
      #expect(answer.value?["request_id"]?.json == id)
      #expect(try await socket.message().ref?.value.json == id)
    }
  }

  @Test("a relayed message is marked, and nothing else is")
  func relayMark() async throws {
    try await ServerFixture.with { fixture in
      let (a, b) = (try await fixture.socket(user: "ann"), try await fixture.socket(user: "bob"))
      let (joinA, joinB) = (try await a.join(), try await b.join())
      func next(_ socket: TestSocket) async throws -> Value {
        while true {
          let message = try await socket.message()
          if message.event == "api" { return message.value ?? .null }
        }
      }
      a.push(ServerFixture.request("create_group", ["group_id": "g", "type": "public"]), joinRef: joinA)
      #expect(try await next(a)["relayed"] == nil)
      b.push(ServerFixture.request("join_group", ["group_id": "g"]), joinRef: joinB)
      #expect(try await next(b)["relayed"] == nil)
      // Bob waits for an answer with the id that Ann chooses.
      b.push(ServerFixture.request("stuck", id: "42"), joinRef: joinB)
      a.push(
        ServerFixture.request("relay_msg", ["group_id": "g", "message": "hi"], id: "42"), joinRef: joinA)
      let received = try await next(b)
      #expect(received["relayed"] == true && received["request_id"] == "42")
      // Ann gets her own message, marked too, and her answer, which is not.
      let (one, two) = (try await next(a), try await next(a))
      #expect(one["relayed"] == true && two["relayed"] == nil && two["result"]?["status"] == "relayed")
    }
  }

  @Test("a wrong argument: the push names it, the reply's status is error")
  func argumentFault() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      socket.push(ServerFixture.request("add", ["a": "two", "b": 1]), joinRef: join)
      let answer = try await socket.message().value
      #expect(answer?["error"]?.string?.hasPrefix("Invalid argument: ") == true)
      let reply = try await socket.message().value
      #expect(reply?["status"] == "error")
      #expect(.string("Invalid argument: " + (reply?["response"]?.string ?? "")) == answer?["error"])
      // Any other failure of a request is an answer like others.
      socket.push(ServerFixture.request("fail"), joinRef: join)
      _ = try await socket.message()
      #expect(try await socket.message().value?["status"] == "ok")
    }
  }

  @Test("a payload's bound holds for text frames as for binary ones", arguments: [true, false])
  func payloadBound(_ isText: Bool) async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      let limit = fixture.gateway.configuration.maxPayloadBytes
      // A payload of exactly the bound is taken; the frame around it is larger.
      for extra in [0, 1] {
        let empty = ServerFixture.request("echo", ["message": ""], id: "big").json
        let padding = String(repeating: "x", count: limit - empty.utf8.count + extra)
        let payload = ServerFixture.request("echo", ["message": .string(ByteText(padding))], id: "big")
          .jsonBytes
        #expect(payload.count == limit + extra)
        if isText {
          say(
            "[\(join.value.json),\"5\",\"api:lobby\",\"api\", " + String(decoding: payload, as: UTF8.self)
              + " ]", on: socket)
        } else {
          socket.client.send(
            PhoenixMessage(
              joinRef: join, ref: "5", topic: "api:lobby", event: "api", payload: .binary(payload)))
        }
        let answer = try await socket.message().value
        if extra == 0 {
          // Taken as a payload; that its one text is too long for an argument is another matter.
          #expect(answer?["error"]?.string?.hasPrefix("Invalid argument: ") == true)
        } else {
          let text =
            "Invalid request: Request payload exceeds maximum size of \(limit) bytes (got \(limit + 1) bytes)"
          #expect(answer?["error"] == .string(ByteText(text)))
          #expect(answer?["request_id"] == (isText ? "big" : "unknown"))
        }
        #expect(try await socket.message().value?["status"] == "error")
      }
    }
  }
}

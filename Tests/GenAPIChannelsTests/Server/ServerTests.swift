import GenAPIGateway
import GenAPIValue
import InMemoryLogging
import Logging
import NIOCore
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("Sockets of a live server (channels.md)")
struct ServerTests {
  @Test("join, push, the answer as a push, then the receipt", arguments: ["2.0.0", "1.0.0", nil])
  func roundTrip(_ vsn: ByteText?) async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket(vsn: vsn?.string)
      let join = try await socket.join()
      socket.push(ServerFixture.request("echo", ["message": "hello"]), joinRef: join, ref: "7")
      let answer = try await socket.message()
      #expect(answer.event == "api" && answer.topic == "api:lobby" && answer.ref == nil)
      // Version 1 knows a channel by its topic.
      let channelRef = vsn == "2.0.0" ? join : nil
      #expect(answer.joinRef == channelRef)
      #expect(answer.value == Response.sync("1", "hello").value)
      let receipt = try await socket.message()
      #expect(receipt.event == "phx_reply" && receipt.ref == "7" && receipt.joinRef == channelRef)
      #expect(receipt.value == ["status": "ok", "response": "echo"])
    }
  }

  @Test("a heartbeat is answered")
  func heartbeat() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      socket.push([:], joinRef: nil, topic: "phoenix", event: "heartbeat", ref: "9")
      let reply = try await socket.message()
      #expect(reply.ref == "9" && reply.joinRef == nil && reply.topic == "phoenix")
      #expect(reply.value == ["status": "ok", "response": [:]])
    }
  }

  @Test("an asynchronous result and the parts of a stream follow as pushes")
  func later() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      socket.push(ServerFixture.request("later"), joinRef: join)
      var pushed: [Value] = []
      while pushed.count < 2 {
        let message = try await socket.message()
        if message.event == "api" { pushed += [message.value ?? .null] }
      }
      #expect(pushed == [Response.asyncAccepted("1").value, Response.sync("1", "done").value])
      socket.push(ServerFixture.request("parts", ["count": 3], id: "2"), joinRef: join)
      pushed = []
      while pushed.last?["has_more"] != false {
        let message = try await socket.message()
        if message.event == "api" { pushed += [message.value ?? .null] }
      }
      #expect(pushed.map { $0["result"] ?? .null } == ["init", 1, 2, 3, nil])
    }
  }

  @Test("stop_stream ends a stream; one that does not run is an error")
  func stopStream() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      socket.push(ServerFixture.request("tail"), joinRef: join)
      _ = try await socket.message()
      _ = try await socket.message()
      socket.push(["request_id": "1"], joinRef: join, event: "stop_stream", ref: "8")
      var messages = [try await socket.message(), try await socket.message()]
      messages.sort { $0.event < $1.event }
      #expect(messages[0].value == Response.streamEnd("1").value)
      #expect(messages[1].value == ["status": "ok", "response": [:]] && messages[1].ref == "8")
      socket.push(["request_id": "1"], joinRef: join, event: "stop_stream", ref: "9")
      #expect(try await socket.message().value?["status"] == "error")
    }
  }

  @Test("a relay message goes from one client to the other")
  func relay() async throws {
    try await ServerFixture.with { fixture in
      let (a, b) = (try await fixture.socket(user: "ann"), try await fixture.socket(user: "bob"))
      let (joinA, joinB) = (try await a.join(), try await b.join())
      a.push(
        ServerFixture.request("create_group", ["group_id": "g", "type": "public"]), joinRef: joinA)
      _ = try await a.message()
      _ = try await a.message()
      b.push(ServerFixture.request("join_group", ["group_id": "g"]), joinRef: joinB)
      _ = try await b.message()
      _ = try await b.message()
      a.push(
        ServerFixture.request("relay_msg", ["group_id": "g", "message": "hi"], id: "42"),
        joinRef: joinA)
      let received = try await b.message().value
      #expect(received?["request_id"] == "42" && received?["result"]?["message"] == "hi")
      #expect(received?["result"]?["from_user_id"] == "ann")
      // The socket's end is the end of the membership.
      b.client.abort()
      try await eventually { try fixture.gateway.relay.groupInfo(groupID: "g").activeCount <= 1 }
    }
  }

  @Test("errors of every kind are answers")
  func errors() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      socket.push(ServerFixture.request("fail"), joinRef: join)
      #expect(try await socket.message().value?["error"] == "Internal Server Error")
      #expect(try await socket.message().value?["status"] == "ok")
      socket.push(["service": "demo"], joinRef: join)
      let text: Value = "Invalid request: Missing required fields: request_type, request_id"
      #expect(try await socket.message().value?["error"] == text)
      #expect(try await socket.message().value?["status"] == "error")
      socket.push([:], joinRef: join, topic: "other:topic")
      #expect(try await socket.message().value?["response"] == ["reason": "unmatched topic"])
      socket.push([:], joinRef: join, event: "unknown")
      #expect(try await socket.message().value?["response"] == ["reason": "unmatched event"])
    }
  }

  @Test("a stale join_ref is ignored; joining again closes the old channel, and its streams")
  func rejoin() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let first = try await socket.join()
      socket.push(ServerFixture.request("tail"), joinRef: first)
      _ = try await socket.message()
      _ = try await socket.message()
      let ref = socket.ref()
      socket.push([:], joinRef: ref, event: "phx_join", ref: ref)
      let close = try await socket.message()
      #expect(close.event == "phx_close" && close.joinRef == first)
      #expect(try await socket.message().value?["status"] == "ok")
      try await eventually { fixture.gateway.activeStreams().isEmpty }
      socket.push(ServerFixture.request("echo", ["message": "stale"]), joinRef: first)
      socket.push(ServerFixture.request("echo", ["message": "fresh"]), joinRef: ref)
      #expect(try await socket.message().value?["result"] == "fresh")
    }
  }

  @Test(
    "a message of an earlier join is counted as dropped, and a debug line names its join_ref and the topic's")
  func dropped() async throws {
    let log = InMemoryLogHandler()
    var logger = Logger(label: "test") { _ in log }
    logger.logLevel = .debug
    try await ServerFixture.with(logger: logger) { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for ref in ["77", "", 1_000] as [MessageReference] {
        socket.push(ServerFixture.request("echo", ["message": "lost"]), joinRef: ref)
      }
      socket.push(ServerFixture.request("echo", ["message": "there"]), joinRef: join)
      #expect(try await socket.message().value?["result"] == "there")
      #expect(fixture.server.statistics.messagesDropped == 3)
      let line = try #require(log.entries.first { "\($0.message)".hasPrefix("a message is dropped") })
      #expect(
        line.level == .debug && line.metadata["join_ref"] == "77" && line.metadata["topic"] == "api:lobby")
      #expect("\(line.metadata["joined_with"]!)" == join.text.string)
    }
  }

  @Test("a binary push carries a request too")
  func binary() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      let payload = ServerFixture.request("echo", ["message": "bytes"]).jsonBytes
      socket.client.send(
        PhoenixMessage(
          joinRef: join, ref: "5", topic: "api:lobby", event: "api", payload: .binary(payload)))
      #expect(try await socket.message().value?["result"] == "bytes")
      #expect(try await socket.message().ref == "5")
    }
  }

  @Test("requests of one socket run at one time, the answers come as they are ready")
  func concurrent() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      socket.push(ServerFixture.request("stuck"), joinRef: join, ref: "1")
      socket.push(
        ServerFixture.request("echo", ["message": "first"], id: "2"), joinRef: join, ref: "2")
      #expect(try await socket.message().value?["result"] == "first")
      // The lost socket ends the work that still runs.
      socket.client.abort()
      try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
      #expect(fixture.gateway.currentState().series.contains { $0.outcomes["cancelled"] == 1 })
    }
  }

  @Test("an anonymous socket is told to authenticate where a user is required")
  func anonymous() async throws {
    try await ServerFixture.with {
      $0.channels.requiresVerifiedUserID = true
    } _: { fixture in
      let socket = try await fixture.socket(user: nil)
      let join = try await socket.join()
      socket.push(ServerFixture.request("echo", ["message": "x"]), joinRef: join)
      #expect(try await socket.message().value?["error"] == "Authentication required")
      #expect(try await socket.message().value == ["status": "error", "response": "Authentication required"])
      let known = try await fixture.socket(user: "ann")
      let knownJoin = try await known.join()
      known.push(ServerFixture.request("whoami"), joinRef: knownJoin)
      #expect(try await known.message().value?["result"] == "ann")
    }
  }

  @Test("leaving ends the channel's streams, and the socket goes on")
  func leave() async throws {
    try await ServerFixture.with { fixture in
      let socket = try await fixture.socket()
      let (one, two) = (try await socket.join("api:one"), try await socket.join("api:two"))
      socket.push(ServerFixture.request("tail"), joinRef: one, topic: "api:one")
      _ = try await socket.message()
      _ = try await socket.message()
      #expect(fixture.gateway.currentState().sockets.joined == 2)
      #expect(fixture.gateway.currentState().sockets.open == 1)
      socket.push([:], joinRef: one, topic: "api:one", event: "phx_leave")
      #expect(try await socket.message().value?["status"] == "ok")
      #expect(try await socket.message().event == "phx_close")
      try await eventually { fixture.gateway.activeStreams().isEmpty }
      socket.push(
        ServerFixture.request("echo", ["message": "still"]), joinRef: two, topic: "api:two")
      #expect(try await socket.message().value?["result"] == "still")
    }
  }

  @Test("shutting down waits for asynchronous calls and streams, and gives their results")
  func drainsAsynchronousWork() async throws {
    let fixture = try await ServerFixture { $0.drainTimeout = .seconds(20) }
    let socket = try await fixture.socket()
    let join = try await socket.join()
    socket.push(ServerFixture.request("slowly", ["milliseconds": 150], id: "a"), joinRef: join)
    socket.push(ServerFixture.request("tail", id: "t"), joinRef: join)
    while fixture.gateway.streamPool.poolState().busy + fixture.gateway.asyncPool.poolState().busy < 2 {
      await Task.yield()
    }
    async let stopped: Void = fixture.server.stop()
    let result = try await socket.message { $0.value?["result"] == "slow" }
    #expect(result.value?["request_id"] == "a")
    #expect(fixture.gateway.streamPool.poolState().busy == 1)
    socket.push(["request_id": "t"], joinRef: join, event: "stop_stream")
    let end = try await socket.message { $0.value?["request_id"] == "t" && $0.value?["has_more"] == false }
    #expect(end.value?["success"] == true)
    #expect(try await socket.closeCode() == 1_001)
    await stopped
  }

  @Test("shutting down answers what runs, refuses what is new, and closes with 1001")
  func drain() async throws {
    let fixture = try await ServerFixture { $0.drainTimeout = .seconds(5) }
    let socket = try await fixture.socket()
    let join = try await socket.join()
    try fixture.gateway.register(
      Endpoint("short") { () async throws -> String in
        try await Task.sleep(for: .milliseconds(1_500))
        return "in time"
      }, service: "demo")
    socket.push(ServerFixture.request("short"), joinRef: join)
    try await eventually { fixture.server.statistics.inFlight != 0 }
    async let stopped: Void = fixture.server.stop()
    while (try? await TestSocket.connect(port: fixture.port)) != nil {}
    // Until its turn the socket goes on.
    var answers: [Value] = []
    repeat {
      socket.push(ServerFixture.request("echo", ["message": "too late"], id: "2"), joinRef: join)
      answers.append(try await socket.message { $0.event == "api" }.value ?? .null)
    } while answers.last?["result"] == "too late"
    var code: UInt16?
    loop: while let event = await socket.next() {
      switch event {
      case .message(let message): if message.event == "api" { answers += [message.value ?? .null] }
      case .closed(let given, _):
        code = given
        break loop
      }
    }
    await stopped
    #expect(code == 1_001)
    #expect(answers.contains { $0["result"] == "in time" })
    #expect(answers.contains { $0["error"] == "Service temporarily unavailable" && $0["can_retry"] == true })
    // The sockets that were tried meanwhile count too.
    #expect(fixture.server.statistics.closed["shutdown", default: 0] >= 1)
  }
}

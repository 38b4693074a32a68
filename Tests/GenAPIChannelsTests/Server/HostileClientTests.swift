import GenAPIGateway
import GenAPIValue
import InMemoryLogging
import Logging
import NIOCore
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("Clients that mean no good (channels.md)")
struct HostileClientTests {
  /// The code a socket ends with after `attack`; a neighbour is answered afterwards.
  private func code(
    _ change: @escaping (inout PhoenixServerConfiguration) -> Void = { _ in },
    _ attack: (TestSocket) async throws -> Void
  ) async throws -> UInt16? {
    var result: UInt16?
    try await ServerFixture.with(change) { fixture in
      let neighbour = try await fixture.socket()
      let join = try await neighbour.join()
      let socket = try await fixture.socket()
      try await attack(socket)
      result = try await socket.closeCode()
      neighbour.push(ServerFixture.request("echo", ["message": "fine"]), joinRef: join)
      #expect(try await neighbour.message().value?["result"] == "fine")
    }
    return result
  }

  @Test("a frame that is not masked: 1002")
  func unmasked() async throws {
    #expect(try await code { $0.client.send(.text, ByteBuffer(string: "[]"), isMasked: false) } == 1_002)
  }

  @Test("a frame larger than the bound: 1009", arguments: [true, false])
  func oversize(_ isFragmented: Bool) async throws {
    let found = try await code {
      $0.maxMessageBytes = 1_000
    } _: { socket in
      let data = ByteBuffer(repeating: 0x20, count: isFragmented ? 900 : 1_001)
      socket.client.send(.text, data, fin: !isFragmented)
      if isFragmented { socket.client.send(.continuation, data) }
    }
    #expect(found == 1_009)
  }

  @Test(
    "text that is not UTF-8, or no JSON: 1007",
    arguments: [[0xFF, 0xFE] as [UInt8], Array("[\"\u{0}".utf8), Array("hello".utf8)])
  func invalidText(_ bytes: [UInt8]) async throws {
    #expect(try await code { $0.client.send(.text, ByteBuffer(bytes: bytes)) } == 1_007)
  }

  @Test("JSON that is no message: 1003", arguments: ["{}", "[]", "[1,2]", "[null,null,7,\"x\",{}]", "7"])
  func noMessage(_ text: String) async throws {
    #expect(try await code { $0.client.send(.text, ByteBuffer(string: text)) } == 1_003)
  }

  @Test("frames in an order that means nothing: 1002")
  func order() async throws {
    #expect(try await code { $0.client.send(.continuation, ByteBuffer(string: "x")) } == 1_002)
    let found = try await code { socket in
      socket.client.send(.text, ByteBuffer(string: "["), fin: false)
      socket.client.send(.text, ByteBuffer(string: "]"))
    }
    #expect(found == 1_002)
  }

  @Test("more messages a second than allowed: 1008")
  func flood() async throws {
    let found = try await code {
      $0.messagesPerSecond = 10
    } _: { socket in
      for _ in 0..<200 { socket.push([:], joinRef: nil, topic: "phoenix", event: "heartbeat") }
    }
    #expect(found == 1_008)
  }

  @Test("silence for too long: 1001")
  func idle() async throws {
    try await ServerFixture.with {
      $0.idleTimeout = .milliseconds(200)
    } _: { (fixture) async throws in
      let socket = try await fixture.socket()
      #expect(try await socket.closeCode() == 1_001)
      // Counted a moment after the client is told.
      try await eventually { fixture.server.statistics.closed["idle"] != nil }
    }
  }

  @Test(
    "a client that asks and does not read is asked for no more, and cut off once it has taken nothing for too long"
  )
  func slowReader() async throws {
    let log = InMemoryLogHandler()
    let logger = Logger(label: "test") { _ in log }
    func settings(_ configuration: inout PhoenixServerConfiguration) {
      configuration.outgoingBytes = 200_000
      configuration.messagesPerSecond = 1_000_000
      // Longer than a busy machine keeps both ends from running: before anything waits to be taken, silence is another reason.
      configuration.idleTimeout = .seconds(5)
    }
    try await ServerFixture.with(settings, logger: logger) { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      try await socket.client.setReading(false)
      let text = String(repeating: "x", count: 2_900)
      // Three times what both systems hold for a socket: from some answer on nothing is taken.
      for _ in 0..<200 {
        for _ in 0..<50 {
          socket.push(ServerFixture.request("echo", ["message": .string(ByteText(text))]), joinRef: join)
        }
        await Task.yield()
      }
      try await eventually { fixture.server.statistics.closed["slow_reader"] == 1 }
      let notices = log.entries.filter { "\($0.message)" == "a client that reads too slowly was cut off" }
      #expect(notices.count == 1 && notices.first?.level == .notice, "\(notices)")
      #expect(notices.first?.metadata["user"] == "u1")
      let neighbour = try await fixture.socket()
      let other = try await neighbour.join()
      neighbour.push(ServerFixture.request("echo", ["message": "fine"]), joinRef: other)
      #expect(try await neighbour.message().value?["result"] == "fine")
    }
  }

  @Test("what nobody can hold back any more has a bound, and ends the socket of who does not read")
  func behindTheBound() async throws {
    try await ServerFixture.with { fixture in
      let lazy = try await fixture.socket(user: "lazy")
      let join = try await lazy.join()
      try await lazy.client.setReading(false)
      // Each within the bound of 4 MB, and all under way before the first is there.
      for id in 0..<10 {
        lazy.push(ServerFixture.request("largeLater", ["bytes": 3_000_000], id: "\(id)"), joinRef: join)
      }
      try await eventually { fixture.server.statistics.closed["slow_reader"] == 1 }
    }
  }

  @Test("results larger than the bound reach a client that reads, one behind the other and at one time")
  func largeResults() async throws {
    try await ServerFixture.with {
      $0.outgoingBytes = 100_000
      $0.maxInFlight = 4
    } _: { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for id in 0..<6 {
        socket.push(ServerFixture.request("large", ["bytes": 3_000_000], id: "\(id)"), joinRef: join)
        socket.push([:], joinRef: nil, topic: "phoenix", event: "heartbeat")
        socket.push(ServerFixture.request("echo", ["message": "fine"], id: "e\(id)"), joinRef: join)
      }
      var results = 0
      var echoes = 0
      while results < 6 || echoes < 6 {
        let result = try await socket.message().value?["result"]?.string
        if result?.byteCount == 3_000_000 { results += 1 }
        if result == "fine" { echoes += 1 }
      }
    }
  }

  @Test(
    "a stream far larger than the bound reaches a client that is slow, and none of it waits in the gateway")
  func slowStream() async throws {
    try await ServerFixture.with {
      $0.outgoingBytes = 200_000
    } _: { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      try await socket.client.setReading(false)
      let count: Int64 = 60_000
      socket.push(ServerFixture.request("parts", ["count": .int(count)], id: "s"), joinRef: join)
      try await eventually { fixture.gateway.activeStreams().first?.chunks ?? 0 > 0 }
      var last: Int64 = -1
      while let chunks = fixture.gateway.activeStreams().first?.chunks, chunks != last {
        last = chunks
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(last < count, "the stream did not wait: \(last)")
      try await socket.client.setReading(true)
      var next: Int64 = 1
      while next <= count {
        guard let result = try await socket.message().value?["result"]?.int else { continue }
        #expect(result == next)
        next += 1
      }
      let end = try await socket.message { $0.value?["request_id"] == "s" }
      #expect(end.value?["has_more"] == false && end.value?["success"] == true)
    }
  }

  @Test("no more requests of one socket run than allowed; the others wait and are all answered")
  func backPressure() async throws {
    try await ServerFixture.with {
      $0.maxInFlight = 2
    } _: { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for index in 0..<200 {
        socket.push(
          ServerFixture.request("add", ["a": .int(Int64(index)), "b": 1], id: "\(index)"),
          joinRef: join)
      }
      var results = Set<Int64>()
      while results.count < 200 {
        let message = try await socket.message()
        if message.event == "api", let result = message.value?["result"]?.int { results.insert(result) }
        #expect(fixture.server.statistics.inFlight <= 3)
      }
      #expect(results == Set(1...200))
    }
  }

  @Test(
    "asynchronous calls count among the requests of their socket: no more run, the others wait and are all answered"
  )
  func asynchronousCalls() async throws {
    try await ServerFixture.with {
      $0.maxInFlight = 3
    } _: { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for index in 0..<30 {
        socket.push(ServerFixture.request("slowly", ["milliseconds": 5], id: "\(index)"), joinRef: join)
      }
      var results = 0
      while results < 30 {
        if try await socket.message().value?["result"] == "slow" { results += 1 }
        // Not the pool's own count: a worker is free a moment after its call has ended.
        #expect(fixture.slowCalls.most <= 3)
      }
      try await eventually { fixture.server.statistics.inFlight == 0 }
    }
  }

  @Test(
    "streams that hold every place of their socket: another call is told so, and runs when one was stopped")
  func streamsHoldAll() async throws {
    try await ServerFixture.with {
      $0.maxInFlight = 2
    } _: { fixture in
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for id in ["s1", "s2"] { socket.push(ServerFixture.request("tail", id: id), joinRef: join) }
      try await eventually { fixture.gateway.streamPool.poolState().busy >= 2 }
      socket.push(ServerFixture.request("echo", ["message": "fine"], id: "e"), joinRef: join)
      let refusal = try await socket.message { $0.value?["request_id"] == "e" }
      #expect(
        refusal.value?["error"] == "2 streams run on this connection, as many as may: stop one, and retry")
      #expect(refusal.value?["can_retry"] == true)
      #expect(fixture.gateway.currentState().sockets.refusedCalls == 1)
      socket.push(["request_id": "s1"], joinRef: join, event: "stop_stream")
      try await eventually { fixture.gateway.streamPool.poolState().busy <= 1 }
      socket.push(ServerFixture.request("echo", ["message": "fine"], id: "f"), joinRef: join)
      #expect(try await socket.message(where: { $0.value?["request_id"] == "f" }).value?["result"] == "fine")
    }
  }

  @Test("one connection too many, in all or from one address: HTTP 503; 426, 404, 405 and 400 elsewhere")
  func refusals() async throws {
    try await ServerFixture.with {
      $0.maxConnections = 2
      $0.maxConnectionsPerAddress = 2
    } _: { fixture in
      let sockets = [try await fixture.socket(), try await fixture.socket()]
      await #expect(throws: PhoenixClientError.refused(status: 503)) { try await fixture.socket() }
      #expect(fixture.server.statistics.refused == ["full": 1])
      sockets[0].client.abort()
      try await eventually { fixture.server.statistics.sockets <= 1 }
      await #expect(throws: PhoenixClientError.refused(status: 400)) {
        try await fixture.socket(vsn: "3.0.0")
      }
      await #expect(throws: PhoenixClientError.refused(status: 404)) {
        try await TestSocket.connect(port: fixture.port, path: "/elsewhere")
      }
    }
  }

  @Test("an origin that is not allowed: HTTP 403")
  func origin() async throws {
    try await ServerFixture.with { fixture in
      await #expect(throws: PhoenixClientError.refused(status: 403)) {
        try await TestSocket.connect(port: fixture.port, headers: ["origin": "https://evil.example"])
      }
      let own = try await TestSocket.connect(port: fixture.port, headers: ["origin": "http://localhost:3000"])
      _ = try await own.join()
    }
  }

  @Test("a thousand connections that say nothing, or half a request, block nobody")
  func halfOpen() async throws {
    try await ServerFixture.with {
      // Longer than a busy machine takes for the one handshake among them that is whole.
      $0.handshakeTimeout = .seconds(2)
      $0.maxConnections = 5_000
      $0.maxConnectionsPerAddress = 5_000
    } _: { fixture in
      let silent = try await RawConnections.open(1_000, port: fixture.port, saying: "GET /socket/web")
      let socket = try await fixture.socket()
      let join = try await socket.join()
      socket.push(ServerFixture.request("echo", ["message": "fine"]), joinRef: join)
      #expect(try await socket.message().value?["result"] == "fine")
      while fixture.server.statistics.refused["handshake", default: 0] < 1_000 {
        try await Task.sleep(for: .milliseconds(20))
      }
      await silent.close()
    }
  }
}

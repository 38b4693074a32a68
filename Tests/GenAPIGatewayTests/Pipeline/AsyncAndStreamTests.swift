import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Asynchronous functions and streams")
struct AsyncAndStreamTests {
  private func payload(_ requestType: ByteText) -> Value {
    ["service": "test", "request_type": .string(requestType), "request_id": "r1"]
  }

  private let user = ClientIdentity(userID: "u1")

  @Test("an async request is acknowledged first, and its result follows")
  func async() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("later") {
      $0.responseType = .async
    } _: { _ in
      .ok("done")
    }
    let connection = fixture.connect()
    let receipt = await fixture.gateway.handle(payload("later"), from: user, on: connection)
    #expect(receipt == .handled(requestType: "later"))
    #expect(await connection.received(2) == [.asyncAccepted("r1"), .sync("r1", "done")])
  }

  @Test("a function of response type none is never answered")
  func none() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("quiet") { $0.responseType = .none }
    try fixture.add("later") { $0.responseType = .async }
    let connection = fixture.connect()
    _ = await fixture.gateway.handle(payload("quiet"), from: user, on: connection)
    _ = await fixture.gateway.handle(payload("later"), from: user, on: connection)
    #expect(await connection.received(2).allSatisfy { $0.isAsync || $0.result == [] })
  }

  @Test("a stream begins with init, gives its parts, and ends")
  func stream() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("parts") {
      $0.responseType = .stream
    } _: { call in
      await call.stream?.send(1)
      call.stream?.last(2)
      #expect(await call.stream?.send(3) == false)
      return .ok(.null)
    }
    let connection = fixture.connect()
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    #expect(
      await connection.received(3) == [
        .chunk("r1", "init"), .chunk("r1", 1), .chunk("r1", 2, hasMore: false),
      ])
  }

  @Test("a stream whose function fails tells the client so (W-50)")
  func streamFailure() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("parts") {
      $0.responseType = .stream
    } _: { call in
      await call.stream?.send(1)
      throw FunctionError("gone")
    }
    let connection = fixture.connect()
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    #expect(await connection.received(3).last == .error("r1", "Internal Server Error"))
    // Counted a moment after the client is told.
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
  }

  @Test("a stream that takes too long is ended with an error (W-11)")
  func streamTimeout() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = .milliseconds(200)
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 600_000)
      return .ok(.null)
    }
    let connection = fixture.connect()
    let responses = await fixture.advancing { [self] in
      _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
      return await connection.received(2)
    }
    #expect(responses == [.chunk("r1", "init"), .error("r1", "Internal Server Error")])
  }

  @Test("a stream waits for its reader: what is made is never more than was taken and one part")
  func waitsForReader() async throws {
    let fixture = try GatewayFixture()
    let made = Atomic(0)
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { call in
      for part in 1...1_000 {
        guard await call.stream?.send(.int(Int64(part))) == true else { break }
        made.add(1, ordering: .relaxed)
      }
      return .ok(.null)
    }
    let connection = fixture.connect()
    connection.takesOne()
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    // The last part is not among them: the stream's end follows it without being asked for.
    for taken in 1..<1_000 {
      let responses = await connection.received(taken + 1)
      #expect(responses.count == taken + 1 && made.load(ordering: .relaxed) <= taken)
      #expect(responses.last == .chunk("r1", .int(Int64(taken))))
      connection.takesOne()
    }
    #expect(await connection.received(1_002).last == .streamEnd("r1"))
  }

  @Test("a stream that waits for its reader ends when it is stopped, and when its client goes")
  func waitsNoLonger() async throws {
    let fixture = try GatewayFixture()
    let begins = Atomic(0)
    let ends = Atomic(0)
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { call in
      begins.add(1, ordering: .relaxed)
      while await call.stream?.send(1) == true {}
      ends.add(1, ordering: .relaxed)
      return .ok(.null)
    }
    let connection = fixture.connect()
    connection.takesOne()
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    _ = await connection.received(2)
    #expect(fixture.gateway.stopStream(requestID: "r1", on: connection.connectionID))
    try await eventually { ends.load(ordering: .relaxed) >= 1 }
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    // A function that was given up before it began is not called at all.
    try await eventually { begins.load(ordering: .relaxed) >= 2 }
    fixture.gateway.connectionClosed(connection.connectionID, reason: "gone")
    try await eventually { ends.load(ordering: .relaxed) >= 2 }
  }

  @Test("stopping a stream ends it for the client")
  func stop() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 600_000)
      return .ok(.null)
    }
    let connection = fixture.connect()
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    #expect(fixture.gateway.stopStream(requestID: "r1", on: connection.connectionID))
    #expect(await connection.received(2).last == .streamEnd("r1"))
    #expect(!fixture.gateway.stopStream(requestID: "other", on: connection.connectionID))
  }

  @Test("one request id streams once on a connection")
  func duplicate() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 600_000)
      return .ok(.null)
    }
    let connection = fixture.connect()
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    let responses = await connection.received(2)
    #expect(responses[1].success == false)
    #expect(responses[1].error?.string.contains("r1 is running") == true)
  }

  @Test("the id of a stream that has said its last is free again, even while its function still runs")
  func idIsFree() async throws {
    let fixture = try GatewayFixture()
    let (waits, source) = AsyncStream.makeStream(of: Void.self)
    let runs = Atomic(0)
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { [clock = fixture.clock] call in
      guard runs.add(1, ordering: .relaxed).newValue == 1 else {
        try await clock.sleep(milliseconds: 600_000)
        return .ok(.null)
      }
      call.stream?.last(1)
      for await _ in waits {}
      return .ok(.null)
    }
    let connection = fixture.connect()
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    #expect(await connection.received(2).last == .chunk("r1", 1, hasMore: false))
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    #expect(await connection.received(3).last == .chunk("r1", "init"))
    // The end of the first one's function takes nothing from the second.
    source.finish()
    try await eventually { fixture.gateway.currentState().totals.inFlight <= 1 }
    #expect(fixture.gateway.stopStream(requestID: "r1", on: connection.connectionID))
    #expect(await connection.received(4).last == .streamEnd("r1"))
  }

  @Test("async work that is done is not kept by its connection, however quick it was")
  func nothingIsKept() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("later") { $0.responseType = .async }
    let connection = fixture.connect()
    for number in 0..<300 {
      let request: Value = ["service": "test", "request_type": "later", "request_id": .string("r\(number)")]
      _ = await fixture.gateway.handle(request, from: user, on: connection)
    }
    #expect(await connection.received(600).count == 600)
    let kept = fixture.gateway.connections.state.withLock { $0.entries[connection.connectionID]?.work.count }
    #expect(kept == 0)
  }

  @Test("a lost connection ends its streams, its async work and its memberships")
  func disconnect() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 600_000)
      return .ok(.null)
    }
    let connection = fixture.connect()
    let lobby = fixture.gateway.channelOpened("api:lobby", on: connection.connectionID)
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: TestConnection(lobby))
    _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
    try fixture.gateway.relay.createGroup(
      groupID: "g", type: .public, creator: "u1", connection: connection)
    _ = fixture.events()
    fixture.gateway.connectionClosed(connection.connectionID, reason: "gone")
    let names = fixture.names()
    #expect(names.contains("relay.member.leave"))
    #expect(names.contains("relay.group.delete"))
    #expect(names.contains("channel.leave"))
    #expect(names.contains("channel.socket.close"))
    let state = fixture.gateway.currentState()
    #expect(state.sockets.open == 0)
    #expect(state.totals.inFlight == 0)
  }

  @Test("all work of a connection ends with it, whatever ids it was started under")
  func allWorkEnds() async throws {
    let fixture = try GatewayFixture()
    let begun = Atomic(0)
    let over = Atomic(0)
    try fixture.add("later") {
      $0.responseType = .async
      $0.timeout = .seconds(300)
    } _: { [clock = fixture.clock] _ in
      begun.add(1, ordering: .relaxed)
      do {
        try await clock.sleep(milliseconds: 600_000)
      } catch {
        over.add(1, ordering: .relaxed)
        throw error
      }
      return .ok("done")
    }
    let connection = fixture.connect()
    for _ in 0..<5 { _ = await fixture.gateway.handle(payload("later"), from: user, on: connection) }
    try await eventually { begun.load(ordering: .relaxed) == 5 }
    fixture.gateway.connectionClosed(connection.connectionID, reason: "gone")
    try await eventually { over.load(ordering: .relaxed) == 5 }
    let state = fixture.gateway.currentState()
    #expect(state.totals.inFlight == 0 && state.pools[0].busy == 0)
  }

  @Test("a function that goes on behind the last part of its stream ends with the connection all the same")
  func behindTheLast() async throws {
    let fixture = try GatewayFixture()
    let over = Atomic(0)
    try fixture.add("parts") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { [clock = fixture.clock] call in
      call.stream?.last(1)
      do {
        try await clock.sleep(milliseconds: 600_000)
      } catch {
        over.add(1, ordering: .relaxed)
      }
      return .ok(.null)
    }
    let connection = fixture.connect()
    for count in 1...3 {
      _ = await fixture.gateway.handle(payload("parts"), from: user, on: connection)
      _ = await connection.received(2 * count)
    }
    await fixture.clock.waitForSleepers(3)
    fixture.gateway.connectionClosed(connection.connectionID, reason: "gone")
    try await eventually { over.load(ordering: .relaxed) >= 3 }
    #expect(fixture.gateway.streamPool.poolState().busy == 0)
  }

  @Test("nothing begins for a connection that is gone")
  func gone() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("later") {
      $0.responseType = .async
    } _: { _ in
      Issue.record("called")
      return .ok(.null)
    }
    let connection = fixture.connect()
    fixture.gateway.connectionClosed(connection.connectionID, reason: "gone")
    let response = await fixture.gateway.execute(fixture.request("later"), on: connection)
    #expect(response?.error == "The connection is closed")
    #expect(fixture.events().compactMap(\.stop).last?.outcome == .cancelled)
  }

  @Test(
    "of a client that goes nothing begins that waits for a worker, whether it closes or leaves a topic",
    arguments: [ResponseType.async, .none, .stream], [true, false])
  func waitingNeverBegins(_ type: ResponseType, closes: Bool) async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(workers: 2, clientSharePercent: 100)
      $0.streamPool = WorkerPoolConfiguration(workers: 2, clientSharePercent: 100)
    }
    let begun = Atomic(0)
    try fixture.add("later") {
      $0.responseType = type
      $0.timeout = .seconds(300)
    } _: { [clock = fixture.clock] _ in
      begun.add(1, ordering: .relaxed)
      try await clock.sleep(milliseconds: 600_000)
      return .ok(.null)
    }
    let connection = fixture.connect()
    let topics: [ByteText] = ["api:a", "api:b"]
    let channels = topics.map {
      TestConnection(fixture.gateway.channelOpened($0, on: connection.connectionID))
    }
    let pool = type == .stream ? fixture.gateway.streamPool : fixture.gateway.asyncPool
    for number in 0..<8 {
      var request = fixture.request("later")
      request.requestID = "r\(number)"
      _ = await fixture.gateway.execute(request, on: channels[closes ? number % 2 : 0])
    }
    try await eventually { begun.load(ordering: .relaxed) == 2 }
    #expect(pool.poolState().queued == 6)
    if closes {
      fixture.gateway.connectionClosed(connection.connectionID, reason: "gone")
    } else {
      fixture.gateway.channelClosed(topics[0], channels[0].connectionID, on: connection.connectionID)
    }
    try await eventually { pool.zombies == 0 && fixture.gateway.currentState().totals.inFlight == 0 }
    let state = pool.poolState()
    #expect(begun.load(ordering: .relaxed) == 2 && state.cancelled == 8 && state.queued == 0)
    #expect(fixture.events().compactMap(\.stop).map(\.outcome) == Array(repeating: .cancelled, count: 8))
  }

  @Test(
    "a client that goes while a hook decides about its call is not called for",
    arguments: [ResponseType.sync, .async])
  func goneWhileAHookDecides(_ type: ResponseType) async throws {
    let fixture = try GatewayFixture()
    fixture.gateway.functions.registerBeforeHook("H.slow") { [clock = fixture.clock] request, config, _ in
      try? await clock.sleep(milliseconds: 1_000)
      return .proceed(request, config)
    }
    try fixture.add("later") {
      $0.responseType = type
      $0.beforeExecute = FunctionReference("H", "slow")
    } _: { _ in
      Issue.record("called")
      return .ok(.null)
    }
    let connection = fixture.connect()
    let task = Task { await fixture.gateway.execute(fixture.request("later"), on: connection) }
    await fixture.clock.waitForSleepers()
    task.cancel()
    fixture.clock.advance(by: .seconds(1))
    // A hook that obeys being cancelled ends it before that is looked at.
    #expect(await task.value?.success == false)
  }

  @Test("one user over all connections fills no pool; what is refused says why, and others are served")
  func share() async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(workers: 20, queueLimit: 20)
    }
    try fixture.add("later") {
      $0.responseType = .async
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 600_000)
      return .ok(.null)
    }
    var errors: [ByteText] = []
    for number in 0..<10 {
      let connection = fixture.connect()
      var request = fixture.request("later")
      request.requestID = "r\(number)"
      let response = await fixture.gateway.execute(request, on: connection)
      if let error = response?.error { errors.append(error) }
      if response?.error != nil { #expect(response?.canRetry == true) }
    }
    let text: ByteText =
      "Too many of your requests are under way: at most 2 run and 2 wait at a time. Please retry when one has ended."
    #expect(errors == Array(repeating: text, count: 6))
    var other = fixture.request("later")
    other.userID = "u2"
    #expect(await fixture.gateway.execute(other, on: fixture.connect()) == .asyncAccepted("r1"))
    let pool = fixture.gateway.currentState().pools[0]
    #expect(pool.busy == 3 && pool.queued == 2 && pool.shareRejected == 6)
  }

  @Test("the topics of one socket without a user share its share")
  func anonymousShare() async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool = WorkerPoolConfiguration(workers: 20, queueLimit: 20)
    }
    try fixture.add("later") {
      $0.responseType = .async
    } _: { [clock = fixture.clock] _ in
      try await clock.sleep(milliseconds: 600_000)
      return .ok(.null)
    }
    let socket = fixture.connect(ClientIdentity())
    for number in 0..<10 {
      let topic = fixture.gateway.channelOpened("api:\(number)", on: socket.connectionID)
      var request = fixture.request("later")
      request.userID = nil
      _ = await fixture.gateway.execute(request, on: TestConnection(topic))
    }
    #expect(fixture.gateway.asyncPool.poolState().busy == 2)
    #expect(fixture.gateway.asyncPool.poolState().shareRejected == 6)
  }

  @Test("a service whose node is dead stops neither another service nor its calls to its other node")
  func oneDeadService() async throws {
    let fixture = try GatewayFixture()
    fixture.cluster.setUp("a@test", false)
    fixture.nodes["b@test"]!.register("B.f") { _ in .ok("b") }
    func add(_ service: ByteText, _ nodes: [ByteText]) throws {
      var config = FunctionConfig(service: service, requestType: "f", function: FunctionReference("B", "f"))
      config.responseType = .async
      config.nodes = .list(nodes)
      try fixture.gateway.configs.add(config)
    }
    try add("dead", ["a@test"])
    try add("healthy", ["b@test"])
    let connection = fixture.connect()
    var expected = 0
    for number in 0..<100 {
      for service in ["dead", "healthy"] as [ByteText] {
        let id: ByteText = "\(service)\(number)"
        let request = Request(service: service, requestType: "f", requestID: id, userID: "u1")
        if let response = await fixture.gateway.execute(request, on: connection) {
          if response.isAsync { expected += 1 }
          if service == "healthy" { #expect(response.isAsync) }
        }
        _ = await connection.received(expected)
        try await eventually { fixture.gateway.asyncPool.poolState().busy == 0 }
      }
    }
    #expect(connection.responses.filter { $0.result == "b" }.count == 100)
    let open = fixture.gateway.currentState().breakers.filter { $0.state == .open }
    #expect(open.map(\.service) == ["dead"] && open.map(\.node) == ["a@test"])
    #expect(fixture.gateway.health()["async_pool"]?.status == .degraded)
  }

  @Test("a payload that is no request is answered with the fault and an id where there is one")
  func invalid() async throws {
    let fixture = try GatewayFixture()
    let connection = fixture.connect()
    let receipt = await fixture.gateway.handle(
      Array(#"{"request_id": "r9"}"#.utf8), from: user, on: connection)
    let text = "Missing required fields: request_type, service"
    #expect(receipt == .refused(ByteText(text)))
    #expect(connection.responses == [.error("r9", "Invalid request: \(text)")])
    _ = await fixture.gateway.handle(Array("[".utf8), from: user, on: connection)
    #expect(connection.responses.last?.requestID == "unknown")
    #expect(fixture.gateway.currentState().totals.invalid == 2)
    #expect(!fixture.names().contains("executor.request.start"))
  }
}

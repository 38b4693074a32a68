import GenAPIValue
import Testing

@testable import GenAPITesting

@Suite("A client's inbox, and what is recorded")
struct InboxTests {
  private let connection = TestConnection(ConnectionID(1))

  private func push(_ text: Value) { connection.push(.sync("r", text)) }

  @Test("what did not come in time is the next one still, and says which it is")
  func nothingYet() async throws {
    let error = await #expect(throws: TestInboxError.nothing(number: 1, within: .milliseconds(1))) {
      try await connection.next(within: .milliseconds(1))
    }
    #expect(error?.description == "no response number 1 came within 0.001 seconds")
    push("a")
    #expect(try await connection.next().result == "a")
  }

  @Test("a wait for the next one that is cancelled says so, and uses up none", .timeLimit(.minutes(1)))
  func cancelled() async throws {
    let waiting = Task { [connection] in try await connection.next(within: .seconds(3_600)) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    push("a")
    #expect(try await connection.next().result == "a")
  }

  @Test("two that wait for the next one get one each", .timeLimit(.minutes(1)))
  func two() async throws {
    async let first = connection.next(within: .seconds(3_600)).result
    async let second = connection.next(within: .seconds(3_600)).result
    push("a")
    push("b")
    #expect(try await Set([first, second]) == ["a", "b"])
  }

  @Test("a client that goes waits for nothing more, and what had come is there", .timeLimit(.minutes(1)))
  func gone() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    let connection = gateway.connect()
    let next = Task { try await connection.next(within: .seconds(3_600)) }
    let all = Task { await connection.received(2, within: .seconds(3_600)) }
    gateway.disconnect(connection)
    let error = await #expect(throws: TestInboxError.disconnected(number: 1)) { try await next.value }
    #expect(error?.description == "the client has gone, and no response number 1 came before")
    #expect(await all.value.isEmpty)
    push("a")
    self.connection.leave()
    #expect(try await self.connection.next().result == "a")
    await #expect(throws: TestInboxError.disconnected(number: 2)) { try await self.connection.next() }
  }

  @Test(
    "a stream that nobody reads waits when the inbox is full, and goes on when it is read or the client goes")
  func bounded() async throws {
    for number in 0...TestConnection.mostUnread { connection.push(.chunk("r", .int(Int64(number)))) }
    let waiting = Task { [connection] in await connection.waitForRoom() }
    #expect(connection.isHoldingBack)
    _ = try await connection.next()
    #expect(connection.isHoldingBack)
    _ = try await connection.next()
    #expect(!connection.isHoldingBack)
    await waiting.value
    for _ in 0...2 { connection.push(.chunk("r", 1)) }
    #expect(connection.isHoldingBack)
    connection.leave()
    await connection.waitForRoom()
  }

  @Test("a stream waits for a reader that takes one part at a time", .timeLimit(.minutes(1)))
  func slow() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(
      Endpoint(streaming: "ticks") { stream in while await stream.send(1) {} }.timeout(nil), service: "svc")
    let connection = gateway.connect()
    connection.takesOne()
    await gateway.send("svc", "ticks", from: connection)
    #expect(await connection.received(2).map(\.result) == ["init", 1])
    connection.takesOne()
    #expect(await connection.received(3).count == 3)
    #expect(connection.isHoldingBack)
    gateway.disconnect(connection)
  }

  @Test("several record the events of one bus, each by a name of its own")
  func recorders() throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    let first = try RecordedEvents(gateway.bus)
    let second = try RecordedEvents(gateway.bus)
    gateway.configs.clear()
    #expect(first.names == ["config.clear"] && second.names == first.names)
    first.stop()
    let third = try RecordedEvents(gateway.bus)
    #expect(third.names.isEmpty)
    #expect(gateway.bus.handlers.count == 2)
    _ = try RecordedEvents(gateway.bus, name: "mine")
    let mine = try RecordedEvents(gateway.bus, name: "mine")
    #expect(throws: BusError.handlerExists(id: "mine")) { try RecordedEvents(gateway.bus, name: "mine") }
    withExtendedLifetime((second, mine)) {}
  }
}

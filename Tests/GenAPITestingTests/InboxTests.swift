import Foundation
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

  @Test("a wait for ever ends nobody's process, and ends with what comes", .timeLimit(.minutes(1)))
  func forEver() async throws {
    let endless = [Duration.seconds(Int64.max), .seconds(Int64.max) * 2, .seconds(1e12)]
    for limit in endless {
      let next = Task { [connection] in try await connection.next(within: limit) }
      let all = Task { [connection] in await connection.received(1, within: limit) }
      // Really waited for.
      try await Task.sleep(for: .milliseconds(20))
      push("a")
      #expect(try await next.value.result == "a")
      #expect(await all.value.isEmpty == false)
    }
    let clock = VirtualClock()
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"), clock: clock)
    try gateway.register(
      ServiceEndpoints("s") {
        Endpoint("f") { () async throws -> Int in
          try await clock.sleep(nanoseconds: 1_000)
          return 1
        }
        Endpoint(streaming: "parts") { stream in
          try await clock.sleep(nanoseconds: 1_000)
          await stream.send(1)
        }
      })
    for limit in endless {
      let call = Task { try await gateway.call("s", "f", as: Int.self, within: limit) }
      let response = Task { await gateway.response("s", "f", within: limit) }
      let parts = Task { try await gateway.parts("s", "parts", as: Int.self, within: limit) }
      #expect(await clock.waitForSleepers(of: .nanoseconds(1_000), 3, within: limit))
      clock.advance(by: .microseconds(1))
      #expect(try await call.value == 1)
      #expect(await response.value.result == 1)
      #expect(try await parts.value == [1])
    }
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

  @Test(
    "each of several parts that a slow reader takes in a row comes, also before there is any",
    .timeLimit(.minutes(1)))
  func takenInARow() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(
      Endpoint(streaming: "ticks") { stream in while await stream.send(1) {} }.timeout(nil), service: "svc")
    let connection = gateway.connect()
    for _ in 0..<5 { connection.takesOne() }
    await gateway.send("svc", "ticks", from: connection)
    #expect(await connection.received(6).count == 6)
    for _ in 0..<10 { connection.takesOne() }
    #expect(await connection.received(16).count == 16)
    #expect(connection.isHoldingBack && connection.responses.count == 16)
    gateway.disconnect(connection)
  }

  @Test("results that are written in another form are read in it")
  func coding() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    let coding = ValueCoding(dates: .millisecondsSince1970)
    let date = Date(timeIntervalSince1970: 1.5)
    try gateway.register(
      ServiceEndpoints("s") {
        Endpoint("now") { date }
        Endpoint(streaming: "dates") { stream in
          await stream.send(try ValueEncoder(coding: coding).encode(date))
        }
      }.results(coding))
    #expect(try await gateway.call("s", "now", coding: coding) == date)
    #expect(try await gateway.parts("s", "dates", as: Date.self, coding: coding) == [date])
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

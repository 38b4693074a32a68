import GenAPITesting
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

/// A task may begin and end on another thread before whoever submitted it is back to note which task it was.
@Suite("Work that ends before its task is noted")
struct EarlyEndTests {
  private func begin(
    _ table: ConnectionTable, _ work: ConnectionTable.Work = .task(nil), on id: ConnectionID
  ) throws -> ConnectionTable.Ticket {
    guard case .began(let ticket) = table.begin(work, requestID: "r1", on: id) else {
      throw FunctionError("not begun")
    }
    return ticket
  }

  private func opened() -> (ConnectionTable, ConnectionID) {
    let table = ConnectionTable()
    let id = ConnectionID(7)
    table.state.withLock {
      $0.entries[id] = ConnectionTable.Entry(transport: "local", identity: .anonymous, openedNs: 0)
    }
    return (table, id)
  }

  @Test("a call that is over by itself is not cancelled when its task comes: its pool counts how it ended")
  func over() async throws {
    let fixture = try PoolFixture(poolThreshold: 1)
    let (table, id) = opened()
    let ticket = try begin(table, on: id)
    let task = try fixture.submit(1)
    table.end(ticket)
    table.took(task, ticket)
    await fixture.end(1, .success(.infrastructureFailure("down")))
    let state = fixture.pool.poolState()
    #expect(state.cancelled == 0 && state.executed == 1 && state.failed == 1 && state.breaker == .open)
  }

  @Test("one whose connection went before is cancelled", arguments: [true, false])
  func gone(isCutOff: Bool) throws {
    let fixture = try PoolFixture()
    let (table, id) = opened()
    let ticket = try begin(table, on: id)
    let task = try fixture.submit(1)
    if isCutOff { _ = table.takeWork(of: id) } else { _ = table.state.withLock { $0.remove(id) } }
    table.took(task, ticket)
    #expect(fixture.pool.poolState().cancelled == 1)
    #expect(table.state.withLock { $0.cutOff.isEmpty })
  }

  @Test("one that its pool refused after its connection went leaves nothing behind")
  func refused() throws {
    let (table, id) = opened()
    let ticket = try begin(table, on: id)
    _ = table.takeWork(of: id)
    #expect(table.state.withLock { $0.cutOff.count } == 1)
    table.end(ticket)
    #expect(table.state.withLock { $0.cutOff.isEmpty })
  }

  @Test(
    "a stream that was stopped before is cancelled, one that has said its last is not",
    arguments: [true, false])
  func streams(isStopped: Bool) throws {
    let fixture = try PoolFixture()
    let (table, id) = opened()
    let stream = StreamHandle(
      requestID: "r1",
      origin: StreamHandle.Origin(
        function: FunctionIdentity(service: "test", requestType: "parts"), userID: nil, startedNs: 0),
      push: { _ in }, room: {}, errorText: { _ in "error" })
    let ticket = try begin(table, .stream(stream, nil), on: id)
    let task = try fixture.submit(1)
    if isStopped { stream.stop() } else { stream.complete() }
    table.took(task, ticket)
    #expect(fixture.pool.poolState().cancelled == (isStopped ? 1 : 0))
  }

  @Test("of many short asynchronous calls none counts as cancelled")
  func many() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("job") {
      $0.responseType = .async
    } _: { _ in
      .ok(.null)
    }
    let connection = fixture.connect()
    for number in 1...4_000 {
      var request = fixture.request("job")
      request.requestID = "r\(number)"
      _ = await fixture.gateway.execute(request, on: connection)
    }
    let pool = { fixture.gateway.asyncPool.poolState() }
    try await eventually { pool().busy == 0 && pool().queued == 0 }
    #expect(pool().cancelled == 0)
    #expect(pool().executed + pool().rejected == 4_000)
    withExtendedLifetime(connection) {}
  }
}

import Locking
import OutsideText
import TestWaiting
import Testing

@testable import ErlangNode

@Suite("Calls that take turns", .serialized)
struct CallTurnTests {
  private final class Order: Sendable { let list = Mutex<[Int]>([]) }

  private final class Gauge: Sendable {
    let now = Atomic(0)
    let most = Atomic(0)

    func inside(_ body: () async -> Void) async {
      let count = now.add(1, ordering: .sequentiallyConsistent).newValue
      most.max(count, ordering: .sequentiallyConsistent)
      await body()
      now.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  @Test(
    "one has the turn, the others wait in their order up to the bound, and it passes on with the last who holds it"
  )
  func turns() async throws {
    let turns = CallTurns()
    var first = await turns.take()
    let order = Order()
    var waiting: [Task<Void, Never>] = []
    for index in 0..<600 {
      waiting.append(
        Task {
          let turn = await turns.take()
          order.list.withLock { $0.append(turn == nil ? -1 : index) }
        })
      try await eventually { turns.waiting == index + 1 }
    }
    #expect(order.list.withLock { $0.isEmpty } && first != nil)
    first = nil
    for task in waiting { await task.value }
    #expect(order.list.withLock { $0 } == Array(0..<600) && turns.waiting == 0)
    #expect(await turns.take() != nil)
  }

  @Test("more than may wait are refused")
  func bound() async throws {
    let turns = CallTurns()
    var first = await turns.take()
    let waiting = (0..<CallTurns.most).map { _ in Task { await turns.take() != nil } }
    try await eventually { turns.waiting == CallTurns.most }
    #expect(await turns.take() == nil)
    withExtendedLifetime(first) {}
    first = nil
    for task in waiting { #expect(await task.value) }
  }

  @Test("of one node one call runs at a time, and another node's runs beside it")
  func nodes() async throws {
    let pair = try await SwiftPair()
    let gauge = Gauge()
    let (opened, open) = AsyncStream.makeStream(of: Void.self)
    pair.second.registerInTurn("test", "work") { arguments, _ in
      await gauge.inside { await Task.yield() }
      return arguments[0]
    }
    pair.second.registerInTurn("test", "hang") { _, _ in
      for await _ in opened {}
      return .atom("ok")
    }
    let second = pair.second.name
    let answers = try await withThrowingTaskGroup(of: Term.self) { group in
      for index in 0..<200 {
        group.addTask { try await pair.first.call(second, "test", "work", [.integer(Int64(index))]) }
      }
      return try await group.reduce(into: Set<Term>()) { $0.insert($1) }
    }
    #expect(answers.count == 200 && gauge.most.load(ordering: .sequentiallyConsistent) == 1)
    let hanging = Task { try? await pair.first.call(second, "test", "hang", []) }
    // By rpc, too.
    let behind = Task { try? await pair.first.rpc(second, "test", "work", [.integer(1)]) }
    var configuration = pair.first.configuration
    configuration.name = "other@127.0.0.1"
    let other = try LocalNode(configuration)
    #expect(try await other.call(second, "test", "work", [.integer(7)]) == .integer(7))
    open.finish()
    #expect(await hanging.value == .atom("ok"))
    #expect(await behind.value == .integer(1))
    await other.stop()
    await pair.end()
  }
}

import Locking
import Testing

@testable import GenAPITelemetry

/// What many threads emit at once, in slots that know nothing of each other, comes out as one sequence.
@Suite("The slots of the bus")
struct EmitSlotTests {
  private static let event = SampleEvents.catalogue[0]

  /// Emits from several threads while `body` runs, and until it returns.
  private func whileEmitting(
    _ bus: TelemetryBus, threads: Int, each: Int, _ body: @escaping @Sendable (_ isOver: () -> Bool) -> Void
  ) async {
    let ended = Tally()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<threads {
        group.addTask {
          for _ in 0..<each { bus.emit(Self.event) }
          ended.add()
        }
      }
      group.addTask { body { ended.count == threads } }
    }
  }

  @Test("the usual events are small, so that a queue of them is; what is rare is kept apart")
  func small() {
    #expect(MemoryLayout<TelemetryEvent>.stride <= 64)
    #expect(MemoryLayout<EmittedEvent>.stride <= 88)
  }

  @Test("drained while they emit, events come in the order of their numbers and none is missing")
  func inOrder() async throws {
    let bus = TelemetryBus(node: "gw1")
    let subscription = try bus.subscribe("s", to: .all, queue: 1_000_000)
    let seen = Mutex<[Int64]>([])
    await whileEmitting(bus, threads: 3, each: 20_000) { isOver in
      var batch = TelemetrySubscription.Batch()
      repeat {
        let wasOver = isOver()
        subscription.drain(into: &batch)
        seen.withLock { $0 += batch.events.map(\.sequence) }
        if wasOver { break }
      } while true
    }
    #expect(subscription.drain().events.isEmpty)
    #expect(seen.withLock { $0 } == Array(1...60_000))
  }

  @Test("what one drain takes is all that was emitted before it")
  func complete() async throws {
    let bus = TelemetryBus(node: "gw1")
    let subscription = try bus.subscribe("s", to: .all, queue: 1_000_000)
    let missing = Tally()
    await whileEmitting(bus, threads: 3, each: 20_000) { isOver in
      while !isOver() {
        let before = bus.progress.sequence
        let last = subscription.drain().events.last?.sequence
        if let last, last < before { missing.add() }
      }
    }
    #expect(missing.count == 0)
  }

  @Test("a queue holds no more than its bound, whoever fills it, and what it loses is counted")
  func bounded() async throws {
    let bus = TelemetryBus(node: "gw1")
    let subscription = try bus.subscribe("s", to: .all, queue: 100)
    await whileEmitting(bus, threads: 4, each: 1_000) { _ in }
    let batch = subscription.drain()
    #expect(batch.events.count <= 100)
    #expect(Int64(batch.events.count) + (batch.dropped?.count ?? 0) == 4_000)
    #expect(bus.progress.dropped == batch.dropped?.count)
    // All places are free again.
    for _ in 0..<200 { bus.emit(Self.event) }
    #expect(subscription.drain().events.count == 100)
  }

  @Test("who attaches while others emit misses nothing after the first event")
  func joining() async throws {
    let bus = TelemetryBus(node: "gw1")
    _ = try bus.subscribe("first", to: .all, queue: 1)
    let gaps = Tally()
    await whileEmitting(bus, threads: 3, each: 20_000) { isOver in
      while !isOver() {
        guard let late = try? bus.subscribe("late", to: .all, queue: 1_000_000) else { continue }
        let sequences = (late.drain().events + late.drain().events).map(\.sequence)
        for (one, next) in zip(sequences, sequences.dropFirst()) where next != one + 1 {
          gaps.add()
        }
        late.cancel()
      }
    }
    #expect(gaps.count == 0)
  }

  @Test("an old subscription does not end the one that has its id now")
  func cancelledTwice() throws {
    let bus = TelemetryBus(node: "gw1")
    let old = try bus.subscribe("s", to: .all)
    old.cancel()
    let new = try bus.subscribe("s", to: .all)
    old.cancel()
    bus.emit(Self.event)
    #expect(new.drain().events.count == 1)
    #expect(old.drain().events.isEmpty)
  }

  @Test("a handler hears every event of threads that emit at once, in order")
  func handler() async throws {
    let bus = TelemetryBus(node: "gw1")
    let collector = Collector()
    try bus.attach("h", to: .all, queue: 1_000_000) { collector.add($0) }
    await whileEmitting(bus, threads: 3, each: 2_000) { _ in }
    #expect(collector.wait(for: 6_000))
    #expect(collector.events.map(\.sequence) == Array(1...6_000))
  }
}

private final class Tally: Sendable {
  private let value = Atomic<Int>(0)

  var count: Int { value.load(ordering: .sequentiallyConsistent) }

  func add() { value.add(1, ordering: .sequentiallyConsistent) }
}

import Benchmark
import GenAPITelemetry
import Synchronization

/// Emitting an event, beside what it cannot be cheaper than.
func emitBenchmarks() {
  let event = startEvent()

  // On the heap and made elsewhere: what nobody else can see would be looked at once.
  let flag = Made { Flag() }
  Benchmark("baseline: atomic load and branch") { benchmark in
    let flag = try flag.get()
    for _ in benchmark.scaledIterations where flag.wanted.load(ordering: .relaxed) != 0 { blackHole(event) }
  }
  let unheard = TelemetryBus(node: "bench")
  Benchmark("emit, nobody attached") { benchmark in
    for _ in benchmark.scaledIterations { unheard.emit(.executorRequestStart, event) }
  }
  let events = Made { Appended() }
  Benchmark("baseline: append under a lock") { benchmark in
    let events = try events.get()
    for _ in benchmark.scaledIterations { events.append(event) }
  }
  Benchmark("baseline: read the clock") { benchmark in
    let time = SystemTime()
    for _ in benchmark.scaledIterations { blackHole(time.now()) }
  }
  let heard = Made { try Heard() }
  Benchmark("emit, a queue attached") { benchmark in
    let heard = try heard.get()
    for index in benchmark.scaledIterations {
      heard.bus.emit(event)
      if index % 500 == 499 { heard.drain() }
    }
  }
  // How far apart the two processors are: nothing that both write to can be cheaper than a part of this.
  let word = Flag()
  let echo = Companion {
    { _ in
      if word.wanted.load(ordering: .acquiring) == 1 { word.wanted.store(0, ordering: .releasing) }
    }
  }
  accompaniedBenchmark("baseline: hand a word to the other thread and back", by: echo) { benchmark in
    for _ in benchmark.scaledIterations {
      word.wanted.store(1, ordering: .releasing)
      while word.wanted.load(ordering: .acquiring) != 0 {}
    }
  }
  // Each thread has requests of its own; the other one empties the queue, too, as the exporter's thread would.
  let other = Companion {
    let (heard, event) = (try heard.get(), startEvent())
    return { index in
      heard.bus.emit(event)
      if index % 500 == 499 { heard.drain() }
    }
  }
  accompaniedBenchmark("emit, a queue attached, 2 threads at once", by: other) { benchmark in
    let heard = try heard.get()
    for _ in benchmark.scaledIterations { heard.bus.emit(event) }
  }
}

private func startEvent() -> TelemetryEvent {
  let function = FunctionIdentity(service: "user_service", requestType: "get_user")
  let context = RequestContext(requestID: "req_1", function: function, userID: "u_1")
  return .requestStart(context, systemTime: 1_700_000_000_000_000_000)
}

/// A bus and the queue of one reader, who takes what is there now and then.
private final class Heard: Sendable {
  let bus = TelemetryBus(node: "bench")
  private let subscription: TelemetrySubscription
  private let batch = Mutex(TelemetrySubscription.Batch())

  init() throws { subscription = try bus.subscribe("bench", to: .all, queue: 65_536) }

  func drain() { batch.withLock { subscription.drain(into: &$0) } }
}

private final class Flag: Sendable {
  let wanted = Atomic<UInt64>(0)
}

private final class Appended: Sendable {
  private let events = Mutex<[TelemetryEvent]>([])

  func append(_ event: TelemetryEvent) {
    events.withLock { events in
      if events.count == 500 { events.removeAll(keepingCapacity: true) }
      events.append(event)
    }
  }
}

import Benchmark
import GenAPITelemetry
import Synchronization

/// Emitting an event, beside what it cannot be cheaper than.
func emitBenchmarks() {
  let context = RequestContext(
    requestID: "req_1", function: FunctionIdentity(service: "user_service", requestType: "get_user"),
    userID: "u_1")
  let event = TelemetryEvent.requestStart(context, systemTime: 1_700_000_000_000_000_000)

  Benchmark("baseline: atomic load and branch") { benchmark in
    let wanted = Atomic<UInt64>(0)
    for _ in benchmark.scaledIterations where wanted.load(ordering: .relaxed) != 0 { blackHole(event) }
  }
  Benchmark("emit, nobody attached") { benchmark in
    let bus = TelemetryBus(node: "bench")
    for _ in benchmark.scaledIterations { bus.emit(event) }
  }
  Benchmark("baseline: append under a lock") { benchmark in
    let events = Mutex<[TelemetryEvent]>([])
    events.withLock { $0.reserveCapacity(4_096) }
    for index in benchmark.scaledIterations {
      events.withLock { events in
        if index % 4_096 == 0 { events.removeAll(keepingCapacity: true) }
        events.append(event)
      }
    }
  }
  Benchmark("baseline: read the two clocks") { benchmark in
    let time = SystemTime()
    for _ in benchmark.scaledIterations { blackHole(time.wallMicroseconds() &+ time.monotonicNanoseconds()) }
  }
  Benchmark("emit, a queue attached") { benchmark in
    let bus = TelemetryBus(node: "bench")
    guard let subscription = try? bus.subscribe("bench", to: .all, queue: 65_536) else { return }
    var batch = TelemetrySubscription.Batch()
    for index in benchmark.scaledIterations {
      bus.emit(event)
      if index % 4_096 == 0 { subscription.drain(into: &batch) }
    }
  }
}

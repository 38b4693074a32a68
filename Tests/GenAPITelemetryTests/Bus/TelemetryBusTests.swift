import GenAPITelemetry
import TestWaiting
import Testing

@Suite("The telemetry bus")
struct TelemetryBusTests {
  static let start = SampleEvents.catalogue[0]
  static let retry = SampleEvents.catalogue[3]

  @Test("a handler gets the events it attached to, in order, and no others")
  func attach() throws {
    let bus = TelemetryBus(node: "gw1")
    let collector = Collector()
    try bus.attachExecutor("h") { collector.add($0) }
    for event in SampleEvents.catalogue { bus.emit(event) }
    #expect(collector.wait(for: 5))
    #expect(collector.events.map(\.name) == Array(EventName.catalogue.prefix(5)))
    bus.detach("h")
  }

  @Test("an event that is printed is a line of its name and its fields, whoever named them")
  func printed() {
    for event in SampleEvents.catalogue + SampleEvents.extensions {
      let text = "\(EmittedEvent(sequence: 1, wallMicroseconds: 2, monotonicNanoseconds: 3, event: event))"
      #expect(text.hasPrefix("\(event.name.path)"), "\(text)")
      #expect(!text.contains("(") && !text.contains("ByteText") && !text.contains("\n"), "\(text)")
    }
    let start =
      "\(EmittedEvent(sequence: 1, wallMicroseconds: 2, monotonicNanoseconds: 3, event: Self.start))"
    #expect(start.contains(" service="), "\(start)")
    let removed = TelemetryEvent.configChange(
      .add, ConfigChange(service: "a\u{1B}b", requestType: "c", version: nil))
    let text = "\(EmittedEvent(sequence: 1, wallMicroseconds: 2, monotonicNanoseconds: 3, event: removed))"
    #expect(!text.contains("\u{1B}"))
  }

  @Test("attachAll leaves out extensions unless asked for")
  func attachAll() throws {
    let bus = TelemetryBus(node: "gw1")
    let plain = Collector()
    let whole = Collector()
    try bus.attachAll("plain") { plain.add($0) }
    try bus.attachAll("whole", includingExtensions: true) { whole.add($0) }
    for event in SampleEvents.extensions + SampleEvents.catalogue { bus.emit(event) }
    #expect(plain.wait(for: 31))
    #expect(whole.wait(for: EventName.allCases.count))
    #expect(plain.events.map(\.name) == EventName.catalogue)
  }

  @Test(
    "events that were lost on their way to the bus have numbers, are counted, and are told to whoever is attached"
  )
  func lost() throws {
    let bus = TelemetryBus(node: "gw1")
    let subscription = try bus.subscribe("s", to: .all)
    bus.emit(Self.start)
    bus.lose(0)
    bus.lose(-1)
    bus.lose(3)
    bus.emit(Self.start)
    bus.lose(2)
    let batch = subscription.drain()
    #expect(batch.events.map(\.sequence) == [1, 5])
    #expect(batch.dropped == DroppedEvents(count: 5, fromSequence: 2, toSequence: 7))
    #expect(bus.progress == (7, 5) && bus.handlers.map(\.dropped) == [5])
    bus.lose(.max)
    #expect(bus.progress.dropped > 1_000_000)
  }

  @Test("an id can be attached once only")
  func duplicate() throws {
    let bus = TelemetryBus(node: "gw1")
    try bus.attachAll("h") { _ in }
    #expect(throws: BusError.handlerExists(id: "h")) { try bus.attachAll("h") { _ in } }
  }

  @Test("no more handlers than the limit")
  func handlerLimit() throws {
    var limits = TelemetryBus.Limits()
    limits.handlers = 2
    let bus = TelemetryBus(node: "gw1", limits: limits)
    _ = try bus.subscribe("a", to: .all)
    _ = try bus.subscribe("b", to: .all)
    #expect(throws: BusError.tooManyHandlers(limit: 2)) { try bus.subscribe("c", to: .all) }
  }

  @Test("a handler's delivered events are those that it has seen, not those that its thread has taken")
  func seen() throws {
    let bus = TelemetryBus(node: "gw1")
    let gate = Gate()
    try bus.attach("hangs", to: .all) { _ in gate.pass() }
    let subscription = try bus.subscribe("reads", to: .all)
    for _ in 0..<10 { bus.emit(Self.start) }
    #expect(gate.waitForSomebody())
    func status(_ id: String) -> HandlerStatus? { bus.handlers.first { $0.id == id } }
    #expect(status("hangs")?.delivered == 0 && status("hangs")?.queued == 10)
    #expect(status("reads")?.queued == 10)
    #expect(subscription.drain().events.count == 10)
    #expect(status("reads")?.delivered == 10 && status("reads")?.queued == 0)
    gate.open()
  }

  @Test("a handler without an id is refused")
  func nameless() {
    let bus = TelemetryBus(node: "gw1")
    for id in ["", " \t"] {
      #expect(throws: BusError.noID) { try bus.attachExecutor(id) { _ in } }
      #expect(throws: BusError.noID) { try bus.subscribe(id, to: .all) }
    }
    #expect(bus.handlers.isEmpty)
  }

  @Test("a detached handler gets nothing more, and its id is free again")
  func detach() throws {
    let bus = TelemetryBus(node: "gw1")
    let collector = Collector()
    try bus.attachAll("h") { collector.add($0) }
    bus.emit(Self.start)
    #expect(collector.wait(for: 1))
    #expect(bus.detach("h"))
    #expect(!bus.detach("h"))
    bus.emit(Self.start)
    #expect(bus.handlers.isEmpty)
    try bus.attachAll("h") { collector.add($0) }
    bus.emit(Self.retry)
    #expect(collector.wait(for: 2))
    #expect(collector.events.map(\.name) == [.executorRequestStart, .executorRetry])
  }

  @Test("an event whose name is given is not built while nobody is attached, and is counted all the same")
  func lazy() throws {
    let bus = TelemetryBus(node: "gw1")
    bus.countUnheard()
    var built = 0
    func event() -> TelemetryEvent {
      built += 1
      return Self.start
    }
    bus.emit(.executorRequestStart, event())
    #expect(built == 0)
    let subscription = try bus.subscribe("s", to: .all)
    bus.emit(.executorRequestStart, event())
    #expect(built == 1)
    subscription.cancel()
    bus.emit(.executorRequestStart, event())
    #expect(built == 1)
    #expect(bus.counts == ["phoenix_gen_api.executor.request.start": 3])
  }

  @Test(
    "on a bus that counts only what is heard no event is built for nobody, nor counted",
    arguments: [false, true])
  func unheard(isNamed: Bool) throws {
    let bus = TelemetryBus(node: "gw1")
    var built = 0
    func emit() {
      func event() -> TelemetryEvent {
        built += 1
        return Self.start
      }
      if isNamed { bus.emit(.executorRequestStart, event()) } else { bus.emit(event()) }
      bus.count(.rateLimiterCheck)
    }
    emit()
    #expect(built == 0)
    #expect(bus.counts == [:])
    let subscription = try bus.subscribe("s", to: .all)
    emit()
    #expect(built == 1)
    subscription.cancel()
    emit()
    #expect(built == 1)
    #expect(bus.counts == ["phoenix_gen_api.executor.request.start": 1])
  }

  @Test("a bus that is told to count what nobody hears counts from then on, whoever comes and goes")
  func counting() throws {
    let bus = TelemetryBus(node: "gw1")
    bus.emit(Self.start)
    bus.countUnheard()
    #expect(EventName.allCases.allSatisfy { !bus.wants($0) })
    bus.emit(Self.start)
    bus.count(.rateLimiterCheck)
    let subscription = try bus.subscribe("s", to: .names(.executorRetry))
    #expect(EventName.allCases.filter(bus.wants) == [.executorRetry])
    bus.emit(Self.start)
    bus.count(.rateLimiterCheck)
    subscription.cancel()
    bus.emit(Self.start)
    #expect(
      bus.counts == [
        "phoenix_gen_api.executor.request.start": 3, "phoenix_gen_api.rate_limiter.check": 2,
      ])
  }

  @Test("a handler that throws is detached and reported, and harms no other")
  func throwing() async throws {
    struct Broken: Error, CustomStringConvertible { let description = "broken handler" }
    let bus = TelemetryBus(node: "gw1")
    let collector = Collector()
    let threw = Gate()
    try bus.attachAll("bad") { _ in
      threw.open()
      throw Broken()
    }
    try bus.attachAll("good") { collector.add($0) }
    bus.emit(Self.retry)
    threw.pass()
    bus.emit(Self.start)
    #expect(collector.wait(for: 2))
    try await eventually { !bus.failures.isEmpty }
    let failure = try #require(bus.failures.first)
    #expect(failure.id == "bad")
    #expect(failure.event == .executorRetry)
    #expect(failure.error == "broken handler")
    #expect(bus.handlers.map(\.id) == ["good"])
  }

  @Test("a handler that hangs harms neither the emitter nor the others")
  func hanging() throws {
    let bus = TelemetryBus(node: "gw1")
    let gate = Gate()
    let collector = Collector()
    try bus.attach("hangs", to: .all, queue: 4) { _ in gate.pass() }
    try bus.attachAll("works") { collector.add($0) }
    bus.emit(Self.start)
    #expect(gate.waitForSomebody())
    for _ in 0..<10 { bus.emit(Self.start) }
    #expect(collector.wait(for: 11))
    let status = try #require(bus.handlers.first { $0.id == "hangs" })
    // The one that it hangs in is not delivered, and waits as the others do.
    #expect(status.delivered == 0)
    #expect(status.dropped == 6)
    #expect(status.queued == 5)
    gate.open()
  }

  @Test("a full queue drops the newest and counts them")
  func full() throws {
    let bus = TelemetryBus(node: "gw1")
    let subscription = try bus.subscribe("s", to: .all, queue: 3)
    for _ in 0..<5 { bus.emit(Self.start) }
    let batch = subscription.drain()
    #expect(batch.events.map(\.sequence) == [1, 2, 3])
    #expect(batch.dropped == DroppedEvents(count: 2, fromSequence: 4, toSequence: 5))
    #expect(bus.progress.dropped == 2)
    #expect(subscription.drain().dropped == nil)
    bus.emit(Self.start)
    #expect(subscription.drain().events.map(\.sequence) == [6])
  }

  @Test("sequence numbers have no gaps, whoever emits and whoever listens")
  func gapless() async throws {
    let bus = TelemetryBus(node: "gw1")
    let subscription = try bus.subscribe("all", to: .allAndExtensions, queue: 10_000)
    _ = try bus.subscribe("some", to: .names(.configAdd), queue: 1)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for index in 0..<1_000 { bus.emit(SampleEvents.catalogue[index % 31]) } }
      }
    }
    let events = subscription.drain().events
    #expect(events.map(\.sequence) == Array(1...4_000))
    #expect(bus.progress.sequence == 4_000)
  }

  @Test("counts how often each event was emitted, also before and after somebody was attached")
  func counts() throws {
    let bus = TelemetryBus(node: "gw1")
    bus.countUnheard()
    bus.emit(Self.start)
    let subscription = try bus.subscribe("s", to: .category(.executor))
    bus.emit(Self.start)
    subscription.cancel()
    bus.emit(Self.retry)
    #expect(bus.progress.sequence == 1)
    #expect(
      bus.counts == [
        "phoenix_gen_api.executor.request.start": 2, "phoenix_gen_api.executor.retry": 1,
      ])
  }

  @Test("an event carries the node's wall clock and monotonic time")
  func times() throws {
    let bus = TelemetryBus(node: "gw1", time: FixedTime())
    let subscription = try bus.subscribe("s", to: .all)
    bus.emit(Self.start)
    let event = try #require(subscription.drain().events.first)
    #expect(event.wallMicroseconds == 42)
    #expect(event.monotonicNanoseconds == 7)
  }

  @Test("wants tells whether somebody listens for an event")
  func wants() throws {
    let bus = TelemetryBus(node: "gw1")
    #expect(!bus.wants(.executorRetry))
    let subscription = try bus.subscribe("s", to: .category(.executor))
    #expect(bus.wants(.executorRetry))
    #expect(!bus.wants(.configAdd))
    subscription.cancel()
    #expect(!bus.wants(.executorRetry))
  }
}

private struct FixedTime: TimeSource {
  func monotonicNanoseconds() -> Int64 { 7 }
  func wallMicroseconds() -> Int64 { 42 }
}

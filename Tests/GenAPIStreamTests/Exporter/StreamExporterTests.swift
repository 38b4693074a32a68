import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestWaiting
import Testing

@Suite("The stream exporter, over a socket")
struct StreamExporterTests {
  @Test("a subscriber gets hello, then a snapshot, then states")
  func order() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      guard case .hello(let hello) = try await client.next() else {
        Issue.record("the first frame is no hello")
        return
      }
      #expect(hello.proto == 1)
      #expect(hello.node == "gw1")
      #expect(hello.auth == .none)
      try await client.send(#"{"t":"subscribe","interval_ms":100}"#)
      guard case .snapshot(_, _, let state) = try await client.next() else {
        Issue.record("the second frame is no snapshot")
        return
      }
      #expect(state.series == StubSource.twoServices().series)
      #expect(state.totals.requests == 7)
      #expect(state.subscribers.count == 1)
      fixture.source.set { $0.totals.requests = 8 }
      let requests = try await client.next("a state with the totals") { frame -> Int64? in
        if case .state(_, _, let change) = frame { change.totals?.requests } else { nil }
      }
      #expect(requests == 8)
    }
  }

  @Test("a client that says nothing gets the default subscription")
  func silentClient() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      _ = try await client.next("a snapshot") { $0.type == "snapshot" ? true : nil }
    }
  }

  @Test("events come in order and without gaps")
  func events() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await fixture.subscriber(at: address)
      for index in 0..<2_000 { fixture.bus.emit(TestEvents.start(id: "req_\(index)")) }
      for index in 0..<2_000 {
        let record = try await client.event()
        #expect(record.requestID == "req_\(index)")
        #expect(record.sequence == Int64(index) + 1)
        #expect(record.known == .executorRequestStart)
      }
    }
  }

  @Test("nothing is attached to the bus while nobody subscribes")
  func detached() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      #expect(!fixture.bus.wants(.executorRetry))
      let client = try await fixture.subscriber(at: address)
      #expect(fixture.bus.wants(.executorRetry))
      await client.close()
      try await eventually { !fixture.bus.wants(.executorRetry) }
      #expect(fixture.bus.handlers.isEmpty)
    }
  }

  @Test("many subscribers cost the bus one queue")
  func oneQueue() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      var clients: [LineClient] = []
      for _ in 0..<5 { clients.append(try await fixture.subscriber(at: address)) }
      #expect(fixture.bus.handlers.count == 1)
      fixture.bus.emit(TestEvents.stop())
      for client in clients { #expect(try await client.event().durationUs == 1_234) }
    }
  }

  @Test("a filter keeps other services' events and state away")
  func filter() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      try await client.send(
        #"{"t":"subscribe","interval_ms":100,"filter":{"services":["user_*"],"names":["*.stop"]}}"#)
      // On a busy machine the exporter may have given up waiting for the subscription and sent everything; the
      // snapshot that answers it follows.
      var state = try await client.snapshot()
      if state.series.count > 1 { state = try await client.snapshot() }
      #expect(state.series.map(\.service) == ["user_service"])
      #expect(state.limits.map(\.id) == ["user_service", "all"])
      fixture.bus.emit(TestEvents.stop("order_service"))
      fixture.bus.emit(TestEvents.start("user_service"))
      fixture.bus.emit(TestEvents.stop("user_service"))
      let record = try await client.event()
      #expect(record.service == "user_service")
      #expect(record.sequence == 3)
    }
  }

  @Test("subscribing again changes the filter and gives a fresh snapshot")
  func resubscribe() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await fixture.subscriber(at: address)
      fixture.source.set { $0.totals.requests = 99 }
      try await client.send(
        #"{"t":"subscribe","interval_ms":60000,"filter":{"exclude":{"services":["user_*"]}}}"#)
      var state = try await client.snapshot()
      if state.totals.requests != 99 { state = try await client.snapshot() }
      #expect(state.totals.requests == 99)
      #expect(state.series.map(\.service) == ["order_service"])
      fixture.bus.emit(TestEvents.stop("user_service"))
      fixture.bus.emit(TestEvents.stop("order_service"))
      #expect(try await client.event().service == "order_service")
    }
  }

  @Test("a subscriber that is gone without a word leaves its place at once, however long its interval is")
  func place() async throws {
    let fixture = ExporterFixture { $0.maximumSubscribers = 1 }
    try await fixture.run { address in
      let subscribe = #"{"t":"subscribe","interval_ms":60000,"events":false}"#
      for _ in 0..<3 {
        let client = try await fixture.subscriber(at: address, subscribe)
        await client.close()
        try await eventually { await fixture.exporter.statistics().subscribers == 0 }
      }
      // One that only closes its sending side reads on.
      let reader = try await fixture.subscriber(at: address, subscribe)
      try await reader.endInput()
      _ = try await reader.next("a ping") { $0.type == "ping" ? $0 : nil }
      #expect(await fixture.exporter.statistics().subscribers == 1)
      await reader.close()
    }
  }

  @Test("a client that wants no events gets states only")
  func statesOnly() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await fixture.subscriber(
        at: address, #"{"t":"subscribe","events":false,"interval_ms":100}"#)
      #expect(!fixture.bus.wants(.executorRequestStop))
      _ = try await client.next("a state") { $0.type == "state" ? true : nil }
    }
  }

  @Test("a ping is answered")
  func ping() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await fixture.subscriber(at: address)
      try await client.send(#"{"t":"ping"}"#)
      _ = try await client.next("a pong") { $0.type == "pong" ? true : nil }
    }
  }

  @Test("stopping says bye with the reason, then closes")
  func bye() async throws {
    let fixture = ExporterFixture()
    try await fixture.exporter.start()
    let client = try await fixture.subscriber(at: fixture.exporter.boundAddress!)
    async let stopped: Void = fixture.exporter.stop(reason: "upgrade")
    let reason = try await client.next("a bye") { frame -> String? in
      if case .bye(let reason) = frame { reason.string } else { nil }
    }
    #expect(reason == "upgrade")
    try await client.waitForEnd()
    await stopped
  }

  @Test("one look at the gateway serves all subscribers of an interval")
  func sharedState() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      var clients: [LineClient] = []
      for _ in 0..<8 {
        clients.append(
          try await fixture.subscriber(at: address, #"{"t":"subscribe","interval_ms":1000}"#))
      }
      let before = fixture.source.asked
      for client in clients { _ = try await client.next("a state") { $0.type == "state" ? true : nil } }
      // One interval, and at most one more that begins while the frames are read.
      #expect(fixture.source.asked - before <= 2)
    }
  }

  @Test("an event with a text of any length comes, the text cut and saying so")
  func hugeEvent() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await fixture.subscriber(at: address)
      fixture.bus.emit(TestEvents.stop(error: ByteText(String(repeating: "x", count: 1 << 20))))
      fixture.bus.emit(TestEvents.start())
      let record = try await client.event()
      let error = try #require(record.metadata("error")?.string)
      #expect(record.sequence == 1 && error.hasPrefix("xxx") && error.utf8.count <= 1_024)
      #expect(error.hasSuffix("… (cut, 1048576 bytes)"))
      #expect(try await client.event().sequence == 2)
    }
  }
}

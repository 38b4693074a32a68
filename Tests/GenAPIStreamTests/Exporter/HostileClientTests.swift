import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestRandom
import TestWaiting
import Testing

@Suite("The stream exporter and clients that misbehave")
struct HostileClientTests {
  private static let token = "open, sesame, open"

  @Test(
    "a line that cannot be obeyed is answered with its code, then the connection closes",
    arguments: [
      ("no json", "malformed"),
      ("[1,2]", "malformed"),
      (#"{"a":1}"#, "malformed"),
      (#"{"t":"dance"}"#, "unknown_frame"),
      (#"{"t":"hello","proto":1,"node":"x"}"#, "unknown_frame"),
      (#"{"t":"subscribe","interval_ms":99}"#, "bad_field"),
      (#"{"t":"subscribe","interval_ms":60001}"#, "bad_field"),
      (#"{"t":"subscribe","interval_ms":"fast"}"#, "bad_field"),
      (#"{"t":"subscribe","events":1}"#, "bad_field"),
      (#"{"t":"subscribe","filter":{"services":"a"}}"#, "bad_field"),
      (#"{"t":"subscribe","filter":{"users":[1]}}"#, "bad_field"),
      (#"{"t":"subscribe","filter":{"names":[""]}}"#, "bad_field"),
      (#"{"t":"subscribe","encoding":"compact"}"#, "unsupported_encoding"),
    ])
  func refused(line: String, code: ByteText) async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      try await client.send(line)
      #expect(try await client.errorCode().rawValue == code)
      try await client.waitForEnd()
    }
  }

  @Test("a megabyte without a line end is refused")
  func endlessLine() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      try? await client.send([UInt8](repeating: UInt8(ascii: "a"), count: (1 << 20) + 10))
      #expect(try await client.errorCode() == .tooLong)
      try await client.waitForEnd()
    }
  }

  @Test("a megabyte of random bytes is refused, and others do not notice")
  func randomBytes() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let other = try await fixture.subscriber(at: address)
      var random = SeededRandom(seed: 9)
      let client = try await LineClient.connect(to: address)
      // The server may close before it took everything.
      try? await client.send((0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &random) })
      try await client.waitForEnd()
      fixture.bus.emit(TestEvents.start())
      #expect(try await other.event().sequence == 1)
    }
  }

  @Test("half a line and then nothing harms nobody")
  func halfLine() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      try await client.send(Array(#"{"t":"subscr"#.utf8))
      await client.close()
      let other = try await fixture.subscriber(at: address)
      fixture.bus.emit(TestEvents.start())
      #expect(try await other.event().sequence == 1)
    }
  }

  @Test("lines may come byte by byte and end with CR LF")
  func slowLine() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      for byte in Array("\r\n{\"t\":\"subscribe\"}\r\n".utf8) { try await client.send([byte]) }
      _ = try await client.snapshot()
    }
  }

  @Test("a client that closes its sending side goes on reading, as echo into nc does")
  func halfClosed() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      try await client.send(#"{"t":"subscribe","interval_ms":100}"#)
      try await client.endInput()
      _ = try await client.snapshot()
      fixture.bus.emit(TestEvents.start())
      #expect(try await client.event().sequence == 1)
    }
  }

  @Test("one subscriber too many is told so and closed")
  func tooMany() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      var clients: [LineClient] = []
      for _ in 0..<32 { clients.append(try await LineClient.connect(to: address)) }
      for client in clients { _ = try await client.next() }
      let last = try await LineClient.connect(to: address)
      #expect(try await last.errorCode() == .tooManySubscribers)
      try await last.waitForEnd()
      #expect(await fixture.exporter.statistics().refused == 1)
      await clients[0].close()
      try await eventually { await fixture.exporter.statistics().subscribers < 32 }
      let next = try await LineClient.connect(to: address)
      #expect(try await next.next().type == "hello")
    }
  }

  @Test("without the token nobody gets anything but the hello")
  func token() async throws {
    let fixture = ExporterFixture {
      $0.token = ByteText(Self.token)
      $0.wrongTokenDelay = .milliseconds(50)
    }
    try await fixture.run { address in
      for line in [
        #"{"t":"subscribe"}"#, #"{"t":"subscribe","token":"open"}"#, #"{"t":"subscribe","token":""}"#,
      ] {
        let client = try await LineClient.connect(to: address)
        guard case .hello(let hello) = try await client.next() else {
          Issue.record("no hello")
          return
        }
        #expect(hello.auth == .token)
        try await client.send(line)
        guard case .error(let code, _) = try await client.next() else {
          Issue.record("something else than an error came")
          return
        }
        #expect(code == .unauthorized)
      }
      let client = try await LineClient.connect(to: address)
      try await client.send(#"{"t":"subscribe","token":"\#(Self.token)"}"#)
      _ = try await client.snapshot()
    }
  }

  @Test("a subscriber that does not read loses events, is told how many, and slows nobody")
  func neverReads() async throws {
    let fixture = ExporterFixture { $0.subscriberBufferBytes = 1_000_000 }
    try await fixture.run { address in
      let lazy = try await LineClient.connect(to: address, reads: false)
      try await lazy.send(#"{"t":"subscribe","interval_ms":60000}"#)
      let eager = try await fixture.subscriber(at: address)
      try await eventually { await fixture.exporter.statistics().subscribers >= 2 }
      // The system's own buffers take some megabytes before the exporter's begins to fill.
      let text = String(repeating: "x", count: 20_000)
      var emitted: Int64 = 0
      while await fixture.exporter.statistics().eventsDropped == 0 {
        try #require(emitted < 20_000)
        for _ in 0..<20 { fixture.bus.emit(TestEvents.stop(error: ByteText(text))) }
        emitted += 20
        while try await eager.event().sequence < emitted {}
      }
      lazy.startReading()
      var seen: Int64 = 0
      var lost: Int64 = 0
      var next: Int64 = 0
      while seen + lost < emitted {
        let frame = try await lazy.next()
        switch frame {
        case .snapshot(_, let sequence, _):
          seen = sequence
          next = sequence + 1
        case .event(let record):
          #expect(record.sequence == next)
          seen += 1
          next += 1
        case .dropped(_, let events):
          #expect(events.fromSequence == next)
          lost += events.count
          next = events.toSequence + 1
        default: break
        }
      }
      #expect(lost > 0)
      #expect(seen + lost == emitted)
      // What a scrape adds to the drops of the gateway's own queue.
      #expect(fixture.exporter.missedEvents == lost)
    }
  }

  @Test("a subscriber that takes nothing for too long is cut off")
  func stalled() async throws {
    let fixture = ExporterFixture {
      $0.subscriberBufferBytes = 50_000
      $0.stallTimeout = .milliseconds(200)
    }
    try await fixture.run { address in
      let lazy = try await LineClient.connect(to: address, reads: false)
      try await lazy.send(#"{"t":"subscribe","interval_ms":60000}"#)
      try await eventually { fixture.bus.wants(.executorRequestStop) }
      let text = String(repeating: "x", count: 20_000)
      while await fixture.exporter.statistics().closed["stalled"] == nil {
        fixture.bus.emit(TestEvents.stop(error: ByteText(text)))
      }
      #expect(await fixture.exporter.statistics().subscribers == 0)
    }
  }
}

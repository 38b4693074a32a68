import GenAPIValue
import Locking
import Logging
import NIOCore
import NIOPosix
import TestWaiting
import Testing

@testable import GenAPIStream

@Suite("The stream exporter and strangers")
struct StrangersTests {
  private static let token = "a secret of 16 b"

  @Test("strangers that fill the door do not keep an operator out, and are bounded")
  func operatorComesIn() async throws {
    let fixture = ExporterFixture { $0.token = ByteText(Self.token) }
    try await fixture.run { address in
      var strangers: [LineClient] = []
      for _ in 0..<100 { strangers.append(try await LineClient.connect(to: address)) }
      let subscriber = try await fixture.subscriber(
        at: address, #"{"t":"subscribe","token":"\#(Self.token)"}"#)
      let statistics = await fixture.exporter.statistics()
      #expect(statistics.subscribers == 1)
      // All come from one address: four wait, the others gave way, the oldest first.
      #expect(statistics.gaveWay >= 96)
      #expect(try await strangers[0].errorCode() == .tooManyStrangers)
      await subscriber.close()
    }
  }

  @Test("where descriptors are scarce silent connections give way, the oldest first, and subscribers stay")
  func scarce() async throws {
    let fixture = ExporterFixture()
    try await fixture.run { address in
      let subscriber = try await fixture.subscriber(at: address)
      var silent: [LineClient] = []
      for count in 1...4 as ClosedRange<Int64> {
        silent.append(try await LineClient.connect(to: address))
        try await eventually { await fixture.exporter.statistics().accepted == count + 1 }
      }
      let hub = fixture.exporter.hub
      try await hub.loop.submit { hub.closeSilent(beyond: nil) }.get()
      #expect(await fixture.exporter.statistics().gaveWay == 0)
      try await hub.loop.submit { hub.closeSilent(beyond: 2) }.get()
      for client in silent[..<3] { try await client.waitForEnd() }
      let statistics = await fixture.exporter.statistics()
      #expect(statistics.gaveWay == 3 && statistics.subscribers == 2)
      fixture.bus.emit(TestEvents.start())
      #expect(try await subscriber.event().sequence == 1)
      await subscriber.close()
    }
  }

  @Test("a wrong token is answered late, counted, and holds its place though the guesser hangs up")
  func guesses() async throws {
    let fixture = ExporterFixture {
      $0.token = ByteText(Self.token)
      $0.wrongTokenDelay = .seconds(60)
    }
    try await fixture.run { address in
      for number in 1...4 as ClosedRange<Int64> {
        let client = try await LineClient.connect(to: address)
        try await client.send(#"{"t":"subscribe","token":"guess \#(number)"}"#)
        try await eventually { await fixture.exporter.statistics().wrongTokens >= number }
        await client.close()
      }
      let next = try await LineClient.connect(to: address)
      #expect(try await next.errorCode() == .tooManyStrangers)
      #expect(await fixture.exporter.statistics().refusedGuessers == 1)
    }
  }

  @Test("a token is exchanged through a time when both let in, and nobody who watches is sent away")
  func rotation() async throws {
    let (old, new) = (Self.token, "another of 16 byt")
    let fixture = ExporterFixture {
      $0.token = ByteText(Self.token)
      $0.wrongTokenDelay = .milliseconds(1)
    }
    func subscribe(_ token: String) -> String { #"{"t":"subscribe","token":"\#(token)","interval_ms":100}"# }
    try await fixture.run { address in
      func isLetIn(_ token: String) async throws -> Bool {
        let client = try await LineClient.connect(to: address)
        try await client.send(subscribe(token))
        let frame = try await client.next("an answer") { ["snapshot", "error"].contains($0.type) ? $0 : nil }
        await client.close()
        return frame.type == "snapshot"
      }
      let watching = try await fixture.subscriber(at: address, subscribe(old))
      #expect(try await !isLetIn(new))
      try fixture.exporter.replaceTokens(ByteText(new), others: [ByteText(old)])
      let (first, second) = (try await isLetIn(old), try await isLetIn(new))
      #expect(first && second)
      let early = try await LineClient.connect(to: address)
      _ = try await early.next("its hello") { $0.type == "hello" ? $0 : nil }
      try fixture.exporter.replaceTokens(ByteText(new))
      // Nor is one let in that had come before and says the old token after.
      try await early.send(subscribe(old))
      #expect(try await early.errorCode() == .unauthorized)
      let (third, fourth) = (try await isLetIn(old), try await isLetIn(new))
      #expect(!third && fourth)
      // Still there, and answered.
      try await watching.send(#"{"t":"ping","at":1}"#)
      _ = try await watching.next("an answer") { $0.type == "pong" ? $0 : nil }
      // It may ask for something else, with the token that it came with, or with the one that its file holds now.
      for token in [old, new, old] {
        try await watching.send(subscribe(token))
        _ = try await watching.next("a snapshot for \(token)") {
          #expect($0.type != "error", "\(token)")
          return $0.type == "snapshot" ? $0 : nil
        }
      }
      try await watching.send(subscribe("neither of the two, though long"))
      #expect(try await watching.errorCode() == .unauthorized)
      await watching.close()
    }
  }

  @Test("a subscriber that was let in does not count as a stranger")
  func subscribersAreNone() async throws {
    let fixture = ExporterFixture { $0.token = ByteText(Self.token) }
    try await fixture.run { address in
      var subscribers: [LineClient] = []
      for _ in 0..<20 {
        subscribers.append(
          try await fixture.subscriber(at: address, #"{"t":"subscribe","token":"\#(Self.token)"}"#))
      }
      let statistics = await fixture.exporter.statistics()
      #expect(statistics.subscribers == 20)
      #expect(statistics.gaveWay == 0)
    }
  }

  @Test("one subscriber too many is told so when it shows its token")
  func tooMany() async throws {
    let fixture = ExporterFixture {
      $0.token = ByteText(Self.token)
      $0.maximumSubscribers = 1
    }
    try await fixture.run { address in
      let first = try await fixture.subscriber(
        at: address, #"{"t":"subscribe","token":"\#(Self.token)"}"#)
      let second = try await LineClient.connect(to: address)
      try await second.send(#"{"t":"subscribe","token":"\#(Self.token)"}"#)
      #expect(try await second.errorCode() == .tooManySubscribers)
      await first.close()
    }
  }

  @Test("a stranger sends a megabyte at most, in however many lines")
  func strangersBytes() async throws {
    let fixture = ExporterFixture { $0.token = ByteText(Self.token) }
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      let line = #"{"t":"ping","x":""# + String(repeating: "x", count: 60_000) + #""}"#
      Task { for _ in 0..<40 { try? await client.send(line) } }
      #expect(try await client.errorCode() == .unauthorized)
    }
  }

  @Test("wrong tokens are logged with their number and the peer, never the token")
  func logged() async throws {
    let lines = Mutex<[String]>([])
    let keep: @Sendable (String) -> Void = { line in lines.withLock { $0.append(line) } }
    let logger = Logger(label: "test") { _ in CollectingLog(keep: keep) }
    let fixture = ExporterFixture(logger: logger) {
      $0.token = ByteText(Self.token)
      $0.wrongTokenDelay = .milliseconds(1)
    }
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      try await client.send(#"{"t":"subscribe","token":"my guess"}"#)
      #expect(try await client.errorCode() == .unauthorized)
    }
    let warnings = lines.withLock { $0.filter { $0.hasPrefix("warning") } }
    #expect(warnings.count == 1)
    #expect(warnings[0].contains("the telemetry stream was sent a wrong token"))
    #expect(warnings[0].contains("127.0.0.1") && !warnings[0].contains("my guess"))
  }

  @Test("the exporter has a loop of its own, so a slow one holds up no client's socket")
  func ownLoop() {
    let fixture = ExporterFixture()
    let shared = Array(MultiThreadedEventLoopGroup.singleton.makeIterator())
    #expect(!shared.contains { $0 === fixture.exporter.hub.loop })
  }
}

private struct CollectingLog: LogHandler {
  let keep: @Sendable (String) -> Void
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.debug

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    keep("\(event.level) \(event.message) \(event.metadata ?? [:])")
  }
}

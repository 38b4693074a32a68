import GenAPIValue
import NIOCore
import TestWaiting
import Testing

@testable import GenAPIStream

@Suite("How much a client of the stream may say")
struct InboundBudgetTests {
  private static let token = "a secret of 16 b"

  @Test("so many lines at once, and then as many as a second gives again")
  func lines() {
    var budget = InboundBudget(at: 0)
    let taken = (0...InboundBudget.mostLines).map { _ in budget.takeLine() }
    #expect(taken.dropLast().allSatisfy(\.self) && taken.last == false)
    var slow = InboundBudget(at: 0)
    var refused = 0
    for second in 0..<10_000 as Range<Int64> {
      if !slow.take(bytes: 100, at: second * 1_000) { refused += 1 }
      for _ in 0..<InboundBudget.linesPerSecond where !slow.takeLine() { refused += 1 }
    }
    #expect(refused == 0)
  }

  @Test("the longest line passes, and three of them at once do not")
  func bytes() {
    var budget = InboundBudget(at: 0)
    let line = StreamProtocol.maximumLineBytes
    let taken = (0..<3).map { _ in budget.take(bytes: line, at: 0) }
    #expect(taken == [true, true, false])
    // A clock that stands still or goes back gives nothing.
    var other = InboundBudget(at: 1_000)
    let all = other.take(bytes: 2 * line, at: 1_000)
    let more = other.take(bytes: 1, at: 0)
    #expect(all && !more)
  }

  @Test(
    "a stranger that sends only line ends is refused within its megabyte, and nothing of it is looked at for ever"
  )
  func strangersBlanks() async throws {
    let fixture = ExporterFixture { $0.token = ByteText(Self.token) }
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      let blanks = [UInt8](repeating: UInt8(ascii: "\n"), count: 65_536)
      Task { for _ in 0..<64 { try? await client.send(blanks) } }
      #expect(try await client.errorCode() == .tooMuch)
      try await eventually { await fixture.exporter.statistics().closed["too_much"] == 1 }
    }
  }

  @Test("blanks without a line end count as a stranger's bytes, too")
  func strangersBytes() async throws {
    let fixture = ExporterFixture { $0.token = ByteText(Self.token) }
    try await fixture.run { address in
      let client = try await LineClient.connect(to: address)
      let blanks = [UInt8](repeating: UInt8(ascii: " "), count: 65_536)
      Task { for _ in 0..<64 { try? await client.send(blanks) } }
      #expect(try await client.errorCode() == .unauthorized)
    }
  }

  @Test(
    "a subscriber that floods is refused, whatever it sends, and the others notice nothing",
    arguments: ["", #"{"t":"ping"}"#, #"{"t":"pong"}"#, #"{"t":"subscribe","interval_ms":100}"#])
  func floods(_ line: String) async throws {
    let fixture = ExporterFixture { $0.token = ByteText(Self.token) }
    try await fixture.run { address in
      let subscribe = #"{"t":"subscribe","interval_ms":100,"token":"\#(Self.token)"}"#
      let other = try await fixture.subscriber(at: address, subscribe)
      let client = try await fixture.subscriber(at: address, subscribe)
      let lines = Array(String(repeating: line + "\n", count: 600).utf8)
      Task { try? await client.send(lines) }
      #expect(try await client.errorCode() == .tooMuch)
      fixture.bus.emit(TestEvents.start())
      #expect(try await other.event().sequence == 1)
    }
  }

  @Test("one that subscribes again and again makes the gateway no more snapshots than a few a second")
  func snapshots() {
    let first = SubscriberFeed(Subscription(intervalMs: 100), after: nil, at: 0)
    var feed = first
    var asked = 0
    for now in stride(from: 0, to: 10_000, by: 20) as StrideTo<Int64> {
      if feed.takeRequest(id: 1, at: now) != nil { asked += 1 }
      feed = SubscriberFeed(Subscription(intervalMs: 100), after: feed, at: now)
    }
    #expect((45...51).contains(asked))
  }
}

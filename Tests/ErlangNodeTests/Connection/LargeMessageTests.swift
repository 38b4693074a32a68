import Testing

@testable import ErlangNode

@Suite("Large messages", .serialized)
struct LargeMessageTests {
  @Test(
    "messages come in the order they were sent, large and small, and the last before the end of the connection"
  )
  func order() async throws {
    let pair = try await SwiftPair()
    let inbox = try pair.second.makeMailbox(named: "inbox")
    let large = Term.list((0..<60_000).map { .integer(Int64($0)) })
    for number in 0..<60 as Range<Int64> {
      let isLarge = number % 3 == 0
      try await pair.first.send(
        .tuple([.integer(number), isLarge ? large : .atom("small")]), toProcess: "inbox", on: pair.second.name
      )
    }
    for number in 0..<60 as Range<Int64> {
      guard case .message(let message)? = await inbox.receive() else {
        Issue.record("no message")
        return
      }
      #expect(message.tupleElements?.first == .integer(number))
      if number % 3 == 0 { #expect(message.tupleElements?.last == large) }
    }
    await pair.end()
  }

  @Test("a compressed term that grows is read on another thread, and in its order")
  func compressed() async throws {
    let pair = try await SwiftPair()
    let inbox = try pair.second.makeMailbox(named: "inbox")
    try await pair.first.connect(to: pair.second.name)
    let control = Term.tuple([
      .integer(6), .pid(pair.first.core.groupLeader), .atom(""), .atom("inbox"),
    ])
    let payload = Deflater.term {
      $0.write([108, 0, 1, 0xd4, 0xc0])
      $0.run(of: 106, 120_001)
    }
    let bytes = [112] + TermEncoder().encode(control) + payload
    #expect(bytes.count < MessageCodec.quickBytes)
    let error = #expect(throws: TermError.self) { try MessageCodec.decode(bytes, MessageCodec.quick) }
    #expect(error?.reason.isSize == true)
    let peer = try #require(pair.first.core.peer(pair.second.name))
    peer.send(raw: bytes)
    try await pair.first.send(.atom("next"), toProcess: "inbox", on: pair.second.name)
    #expect(await inbox.receive() == .message(.list(Array(repeating: .list([]), count: 120_000))))
    #expect(await inbox.receive() == .message(.atom("next")))
    await pair.end()
  }

  @Test("what waits in a mailbox is bounded by bytes; one message is always taken")
  func mailboxBytes() async throws {
    let pair = try await SwiftPair()
    let inbox = try pair.second.makeMailbox(named: "inbox", limitBytes: 10_000)
    let term = Term.binary(Array(repeating: 1, count: 4_000))
    for _ in 0..<5 { try await pair.first.send(term, toProcess: "inbox", on: pair.second.name) }
    // Answered after the messages were taken: one connection, one order.
    #expect(await pair.first.ping(pair.second.name))
    #expect(inbox.lostMessages == 3)
    for _ in 0..<2 { #expect(await inbox.receive() == .message(term)) }
    let large = Term.binary(Array(repeating: 1, count: 50_000))
    try await pair.first.send(large, toProcess: "inbox", on: pair.second.name)
    #expect(await inbox.receive() == .message(large))
    await pair.end()
  }
}

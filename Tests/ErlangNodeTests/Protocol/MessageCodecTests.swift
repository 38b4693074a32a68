import TestRandom
import Testing

@testable import ErlangNode

@Suite("Messages between nodes")
struct MessageCodecTests {
  private static let pid = Pid(node: "a@h", id: 1, serial: 2, creation: 3)
  private static let other = Pid(node: "b@h", id: 4, serial: 0, creation: 5)
  private static let reference = Reference(node: "a@h", creation: 3, ids: [1, 2, 3])

  static let messages: [DistributionMessage] = [
    .send(to: pid, .text("x")), .sendNamed(from: pid, to: "rex", .integer(1)),
    .sendAlias(from: pid, to: reference, .atom("x")), .link(from: pid, to: other),
    .unlink(id: 7, from: pid, to: other), .unlinkAck(id: 7, from: pid, to: other),
    .exit(from: pid, to: other, reason: .atom("normal")), .exit2(from: pid, to: other, reason: .atom("kill")),
    .monitor(from: pid, to: .name("rex"), reference), .monitor(from: pid, to: .pid(other), reference),
    .demonitor(from: pid, to: .pid(other), reference),
    .monitorExit(from: .pid(other), to: pid, reference, reason: .tuple([.atom("x")])),
    .spawnRequest(
      reference, from: pid, groupLeader: other, module: "erpc", function: "execute_call", arity: 4,
      options: [.atom("monitor")], arguments: [.integer(1)]),
    .spawnReply(reference, to: pid, flags: 2, result: .pid(other)),
  ]

  @Test("every message comes back as it was", arguments: messages)
  func roundTrip(_ message: DistributionMessage) throws {
    #expect(try MessageCodec.decode(MessageCodec.encode(message)) == message)
  }

  @Test("cut and changed messages are read or refused, never a trap", arguments: 1...200)
  func fuzz(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes = MessageCodec.encode(Self.messages.randomElement(using: &random)!)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
    _ = try? MessageCodec.decode(bytes)
  }

  /// As a node sends them when a process is traced: the same with a token.
  static let traced: [(Term, Term?, DistributionMessage)] = [
    (.tuple([.integer(12), .atom(""), .pid(pid), .atom("t")]), .text("x"), .send(to: pid, .text("x"))),
    (
      .tuple([.integer(13), .pid(pid), .pid(other), .atom("t"), .atom("bad")]), nil,
      .exit(from: pid, to: other, reason: .atom("bad"))
    ),
    (
      .tuple([.integer(16), .pid(pid), .atom(""), .atom("rex"), .atom("t")]), .text("x"),
      .sendNamed(from: pid, to: "rex", .text("x"))
    ),
    (.tuple([.integer(23), .pid(other), .pid(pid), .atom("t")]), .text("x"), .send(to: pid, .text("x"))),
    (
      .tuple([.integer(25), .pid(pid), .pid(other), .atom("t")]), .atom("bad"),
      .exit(from: pid, to: other, reason: .atom("bad"))
    ),
    (
      .tuple([.integer(27), .pid(pid), .pid(other), .atom("t")]), .atom("bad"),
      .exit2(from: pid, to: other, reason: .atom("bad"))
    ),
    (
      .tuple([.integer(34), .pid(pid), .reference(reference), .atom("t")]), .text("x"),
      .sendAlias(from: pid, to: reference, .text("x"))
    ),
  ]

  @Test("a message with a trace token is read as the one without", arguments: traced)
  func tracing(control: Term, payload: Term?, message: DistributionMessage) throws {
    let bytes = [112] + TermEncoder().encode(control) + (payload.map { TermEncoder().encode($0) } ?? [])
    #expect(try MessageCodec.decode(bytes) == message)
  }

  @Test("a kind that is not known is told by its number")
  func unknown() throws {
    #expect(try MessageCodec.decode(MessageCodec.encode(.unknown(99))) == .unknown(99))
  }
}

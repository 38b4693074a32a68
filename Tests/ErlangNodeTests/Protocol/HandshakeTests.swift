import Testing

@testable import ErlangNode

@Suite("The handshake")
struct HandshakeTests {
  private func own(_ name: String, cookie: String = "secret") -> Handshake.Own {
    Handshake.Own(name: name, flags: .ours, creation: 7, cookie: Cookie(cookie))
  }

  /// Lets two sides talk; what each ended with.
  private func talk(
    _ a: Handshake.Own, _ b: Handshake.Own, expecting: String? = nil, status: String = "ok"
  ) throws -> (Handshake.Peer?, Handshake.Peer?) {
    var (first, packet) = Handshake.connecting(to: expecting ?? b.name, as: a, challenge: 11)
    var second = Handshake.accepting(as: b, challenge: 22)
    var toSecond = [packet]
    var toFirst: [[UInt8]] = []
    var ends: (Handshake.Peer?, Handshake.Peer?) = (nil, nil)
    packet = []
    while !toFirst.isEmpty || !toSecond.isEmpty {
      for packet in toSecond.drain() {
        for output in try second.receive(packet, status: { _ in status }) {
          switch output {
          case .send(let packet): toFirst.append(packet)
          case .done(let peer): ends.1 = peer
          }
        }
      }
      for packet in toFirst.drain() {
        for output in try first.receive(packet, status: { _ in "nok" }) {
          switch output {
          case .send(let packet): toSecond.append(packet)
          case .done(let peer): ends.0 = peer
          }
        }
      }
    }
    return ends
  }

  @Test(
    "two nodes with one cookie know each other in the end", arguments: ["ok", "ok_simultaneous", "alive"])
  func agree(_ status: String) throws {
    let (a, b) = try talk(own("a@h"), own("b@h"), status: status)
    #expect(a == Handshake.Peer(name: "b@h", flags: .ours, creation: 7))
    #expect(b == Handshake.Peer(name: "a@h", flags: .ours, creation: 7))
  }

  @Test("another cookie, another name, and a refusal are errors that say so")
  func errors() {
    #expect(throws: HandshakeError.wrongCookie("a@h")) { try talk(own("a@h"), own("b@h", cookie: "x")) }
    #expect(throws: HandshakeError.wrongName(expected: "c@h", got: "b@h")) {
      try talk(own("a@h"), own("b@h"), expecting: "c@h")
    }
    for status in ["nok", "not_allowed", "anything"] {
      #expect(throws: HandshakeError.refused(node: "b@h", status: status)) {
        try talk(own("a@h"), own("b@h"), status: status)
      }
    }
  }

  @Test("random and cut packets end in an error, never a trap", arguments: 1...300)
  func fuzz(_ seed: UInt64) {
    var random = SeededNumbers(seed)
    var sides: [Handshake] = [
      Handshake.connecting(to: "b@h", as: own("a@h"), challenge: 1).0,
      Handshake.accepting(as: own("b@h"), challenge: 2),
    ]
    for index in sides.indices {
      for _ in 0..<6 {
        var packet = (0..<Int.random(in: 0...40, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        if let tag = "sNnrac".utf8.randomElement(using: &random), !packet.isEmpty { packet[0] = tag }
        if (try? sides[index].receive(packet, status: { _ in "ok" })) == nil { break }
      }
    }
  }
}

extension Array {
  fileprivate mutating func drain() -> [Element] {
    defer { self = [] }
    return self
  }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

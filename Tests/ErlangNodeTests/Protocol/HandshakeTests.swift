import OutsideText
import TestRandom
import Testing

@testable import ErlangNode

@Suite("The handshake")
struct HandshakeTests {
  private func own(_ name: String, cookie: String = "secret") -> DistributionHandshake.Own {
    DistributionHandshake.Own(name: ByteText(name), flags: .ours, creation: 7, cookie: Cookie(cookie))
  }

  /// Lets two sides talk; what each ended with.
  private func talk(
    _ a: DistributionHandshake.Own, _ b: DistributionHandshake.Own, expecting: ByteText? = nil,
    status: String = "ok"
  ) throws -> (DistributionHandshake.Peer?, DistributionHandshake.Peer?) {
    var (first, packet) = DistributionHandshake.connecting(to: expecting ?? b.name, as: a, challenge: 11)
    var second = DistributionHandshake.accepting(as: b, challenge: 22)
    var toSecond = [packet]
    var toFirst: [[UInt8]] = []
    var ends: (DistributionHandshake.Peer?, DistributionHandshake.Peer?) = (nil, nil)
    packet = []
    while !toFirst.isEmpty || !toSecond.isEmpty {
      for packet in toSecond.drain() {
        for output in try second.receive(packet, status: { _ in ByteText(status) }) {
          switch output {
          case .send(let packet): toFirst.append(packet)
          case .done(let peer): ends.1 = peer
          case .refused: break
          }
        }
      }
      for packet in toFirst.drain() {
        for output in try first.receive(packet, status: { _ in "nok" }) {
          switch output {
          case .send(let packet): toSecond.append(packet)
          case .done(let peer): ends.0 = peer
          case .refused: break
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
    #expect(a == DistributionHandshake.Peer(name: "b@h", flags: .ours, creation: 7))
    #expect(b == DistributionHandshake.Peer(name: "a@h", flags: .ours, creation: 7))
  }

  @Test("another cookie, another name, and a refusal are errors that say so")
  func errors() {
    #expect(throws: DistributionHandshakeError.wrongCookie("a@h")) {
      try talk(own("a@h"), own("b@h", cookie: "x"))
    }
    #expect(throws: DistributionHandshakeError.wrongName(expected: "c@h", got: "b@h")) {
      try talk(own("a@h"), own("b@h"), expecting: "c@h")
    }
    for status in ["nok", "not_allowed", "anything"] {
      #expect(throws: DistributionHandshakeError.refused(node: "b@h", status: status)) {
        try talk(own("a@h"), own("b@h"), status: status)
      }
    }
  }

  @Test("a node whose name is one of a set leaves it to another that has it")
  func leavesNames() {
    var shared = own("a@h")
    shared.takesOver = false
    #expect(throws: DistributionHandshakeError.refused(node: "b@h", status: "alive")) {
      try talk(shared, own("b@h"), status: "alive")
    }
  }

  private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  /// What a node that connects says first.
  private static func name(_ name: [UInt8], flags: UInt64) -> [UInt8] {
    [UInt8(ascii: "N")] + bytes(flags) + bytes(UInt32(7)) + bytes(UInt16(name.count)) + name
  }

  @Test("the short form of the flags that every node of OTP 25 has stands for all of them")
  func shortFlags() throws {
    let short = DistributionFlags.mandatory25Digest
    #expect(DistributionFlags.ours.isSuperset(of: DistributionFlags.mandatory25.union(short)))
    var side = DistributionHandshake.accepting(as: own("b@h"), challenge: 5)
    let outputs = try side.receive(Self.name(Array("a@h".utf8), flags: short.rawValue)) { _ in "ok" }
    #expect(outputs.first == .send(Array("sok".utf8)))
    let reply = [UInt8(ascii: "r"), 0, 0, 0, 9] + Cookie("secret").digest(of: 5)
    guard case .done(let peer)? = try side.receive(reply, status: { _ in "ok" }).last else {
      Issue.record("not connected")
      return
    }
    #expect(peer.flags.isSuperset(of: .mandatory25))
    // The node that is connected to says it the same way.
    var connecting = DistributionHandshake.connecting(to: "b@h", as: own("a@h"), challenge: 1).0
    _ = try connecting.receive(Array("sok".utf8)) { _ in "" }
    let challenge =
      [UInt8(ascii: "N")] + Self.bytes(short.rawValue) + Self.bytes(UInt32(3)) + Self.bytes(UInt32(7))
      + Self.bytes(UInt16(3)) + Array("b@h".utf8)
    #expect(try connecting.receive(challenge) { _ in "" }.count == 1)
  }

  @Test("of the old form of the name the high flags come later, and may hold the short form")
  func oldForm() throws {
    for (low, high, isUnderstood) in [
      (DistributionFlags.ours.rawValue, UInt64(0), true),
      (0, DistributionFlags.mandatory25Digest.rawValue, true),
      (0, 0, false),
    ] {
      var side = DistributionHandshake.accepting(as: own("b@h"), challenge: 5)
      let name = [UInt8(ascii: "n"), 0, 5] + Self.bytes(UInt32(truncatingIfNeeded: low)) + Array("a@h".utf8)
      _ = try side.receive(name) { _ in "ok" }
      let complement = [UInt8(ascii: "c")] + Self.bytes(UInt32(high >> 32)) + Self.bytes(UInt32(7))
      _ = try side.receive(complement) { _ in "ok" }
      let reply = [UInt8(ascii: "r"), 0, 0, 0, 9] + Cookie("secret").digest(of: 5)
      let outputs = try? side.receive(reply) { _ in "ok" }
      #expect((outputs?.count == 2) == isUnderstood)
    }
  }

  @Test("a name, a status or a flag that no node sends ends the handshake, and is not repeated in the error")
  func malformed() throws {
    let forged = "a\nnode is connected node=b@h"
    for name in [Array(forged.utf8) + Array("@h".utf8), [0xff, 0x40, 0x68], [0xc3, 0x28, 0x40, 0x68]] {
      var side = DistributionHandshake.accepting(as: own("b@h"), challenge: 5)
      let error = #expect(throws: DistributionHandshakeError.self) {
        try side.receive(Self.name(name, flags: DistributionFlags.ours.rawValue)) { _ in "ok" }
      }
      #expect(error?.description.contains("\n") == false)
    }
    var side = DistributionHandshake.connecting(to: "b@h", as: own("a@h"), challenge: 1).0
    #expect(throws: DistributionHandshakeError.malformed("a status that is none")) {
      try side.receive([UInt8(ascii: "s")] + Array(forged.utf8)) { _ in "" }
    }
    side = DistributionHandshake.connecting(to: "b@h", as: own("a@h"), challenge: 1).0
    _ = try side.receive(Array("sok".utf8)) { _ in "" }
    let challenge =
      [UInt8(ascii: "N")] + Self.bytes(DistributionFlags.ours.rawValue) + Self.bytes(UInt32(3))
      + Self.bytes(UInt32(7)) + Self.bytes(UInt16(forged.utf8.count)) + Array(forged.utf8)
    #expect(throws: DistributionHandshakeError.malformed("a name that is none")) {
      try side.receive(challenge) { _ in "" }
    }
  }

  @Test("random and cut packets end in an error, never a trap", arguments: 1...300)
  func fuzz(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var sides: [DistributionHandshake] = [
      DistributionHandshake.connecting(to: "b@h", as: own("a@h"), challenge: 1).0,
      DistributionHandshake.accepting(as: own("b@h"), challenge: 2),
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

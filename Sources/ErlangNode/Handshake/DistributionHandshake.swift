import OutsideText

/// The handshake of distribution version 6 (OTP 23 and newer), as either side.
///
/// A value without I/O: it takes packets and says what to send, and in the end who the other node is.
/// https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake
struct DistributionHandshake {
  struct Peer: Equatable, Sendable {
    var name: ByteText
    var flags: DistributionFlags
    var creation: UInt32
  }

  struct Own: Sendable {
    var name: ByteText
    var flags: DistributionFlags
    var creation: UInt32
    var cookie: Cookie
    /// A connection under our name that lives gives way to this one.
    var takesOver = true
  }

  enum Output: Equatable {
    case send([UInt8])
    case done(Peer)
    /// The other node was told that it is not let in.
    case refused(node: ByteText, status: ByteText)
  }

  private enum State {
    case awaitStatus(expected: ByteText)
    case awaitChallenge(expected: ByteText)
    case awaitAck(Peer, challenge: UInt32)
    case awaitName
    /// As the one that is connected to: whether a connection that lives is to give way.
    case awaitAlive(Peer, needsComplement: Bool)
    case awaitReply(Peer, challenge: UInt32, needsComplement: Bool)
    case over
  }

  private let own: Own
  private var state: State
  private let challenge: UInt32

  private init(own: Own, state: State, challenge: UInt32) {
    self.own = own
    self.state = state
    self.challenge = challenge
  }

  /// The other side has our answer to its challenge, and is to acknowledge it: why it ends the connection then.
  var closed: DistributionHandshakeError {
    if case .awaitAck(let peer, _) = state { .closedAtCookie(peer.name.string) } else { .closed }
  }

  /// The side that connects: the first packet is its name.
  static func connecting(to node: ByteText, as own: Own, challenge: UInt32) -> (
    DistributionHandshake, [UInt8]
  ) {
    var packet: [UInt8] = [UInt8(ascii: "N")]
    packet += bytes(own.flags.rawValue) + bytes(own.creation) + bytes(UInt16(own.name.utf8.count))
    packet += Array(own.name.utf8)
    return (
      DistributionHandshake(own: own, state: .awaitStatus(expected: node), challenge: challenge), packet
    )
  }

  /// The side that is connected to.
  static func accepting(as own: Own, challenge: UInt32) -> DistributionHandshake {
    DistributionHandshake(own: own, state: .awaitName, challenge: challenge)
  }

  /// - Parameter status: what to say to a node of this name: `ok`, `ok_simultaneous`, `nok`, `not_allowed` or `alive`.
  mutating func receive(_ packet: [UInt8], status: (ByteText) -> ByteText) throws(DistributionHandshakeError)
    -> [Output]
  {
    var reader = PacketReader(packet)
    switch state {
    case .awaitStatus(let expected): return try takeStatus(&reader, expected)
    case .awaitChallenge(let expected): return try takeChallenge(&reader, expected)
    case .awaitAck(let peer, let challenge):
      guard reader.byte() == UInt8(ascii: "a"), let digest = reader.bytes(16) else {
        throw .malformed("no acknowledgement")
      }
      guard constantTimeEqual(digest, own.cookie.digest(of: challenge)) else {
        throw .wrongCookie(peer.name.string)
      }
      state = .over
      return [.done(peer)]
    case .awaitName: return try takeName(&reader, status)
    case .awaitAlive(let peer, let needsComplement):
      guard reader.byte() == UInt8(ascii: "s") else { throw .malformed("no answer to alive") }
      guard reader.rest() == Array("true".utf8) else {
        throw .refused(node: peer.name.string, status: "alive")
      }
      return [sendChallenge(to: peer, needsComplement: needsComplement)]
    case .awaitReply(let peer, let challenge, let needsComplement):
      return try takeReply(&reader, peer, challenge, needsComplement)
    case .over: throw .malformed("a packet after the end")
    }
  }

  // MARK: Connecting

  private mutating func takeStatus(_ reader: inout PacketReader, _ expected: ByteText)
    throws(DistributionHandshakeError)
    -> [Output]
  {
    guard reader.byte() == UInt8(ascii: "s") else { throw .malformed("no status") }
    let status = String(decoding: reader.rest(), as: UTF8.self)
    guard status.utf8.count <= 64, status.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7f }) else {
      throw .malformed("a status that is none")
    }
    switch status {
    case "ok", "ok_simultaneous":
      state = .awaitChallenge(expected: expected)
      return []
    case "alive":
      // A connection of an earlier life of ours, which is to give way, or of another that has our name.
      guard own.takesOver else { throw .refused(node: expected.string, status: status) }
      state = .awaitChallenge(expected: expected)
      return [.send([UInt8(ascii: "s")] + Array("true".utf8))]
    default: throw .refused(node: expected.string, status: status)
    }
  }

  private mutating func takeChallenge(_ reader: inout PacketReader, _ expected: ByteText)
    throws(DistributionHandshakeError)
    -> [Output]
  {
    guard let tag = reader.byte() else { throw .malformed("no challenge") }
    guard tag == UInt8(ascii: "N") else { throw .unsupported(node: expected.string) }
    guard let flags = reader.uint64(), let theirs = reader.uint32(), let creation = reader.uint32(),
      let length = reader.uint16(), let name = reader.text(Int(length))
    else { throw .malformed("a short challenge") }
    guard NodeName(name) != nil else { throw .malformed("a name that is none") }
    guard name == expected else { throw .wrongName(expected: expected.string, got: name.string) }
    let peer = Peer(name: name, flags: DistributionFlags(rawValue: flags).expanded, creation: creation)
    guard peer.flags.isSuperset(of: .needed) else { throw .unsupported(node: name.string) }
    state = .awaitAck(peer, challenge: challenge)
    return [.send([UInt8(ascii: "r")] + Self.bytes(challenge) + own.cookie.digest(of: theirs))]
  }

  // MARK: Accepting

  private mutating func takeName(_ reader: inout PacketReader, _ status: (ByteText) -> ByteText)
    throws(DistributionHandshakeError)
    -> [Output]
  {
    let peer: Peer
    var isOld = false
    switch reader.byte() {
    case UInt8(ascii: "N"):
      guard let flags = reader.uint64(), let creation = reader.uint32(), let length = reader.uint16(),
        let name = reader.text(Int(length))
      else { throw .malformed("a short name") }
      peer = Peer(name: name, flags: DistributionFlags(rawValue: flags).expanded, creation: creation)
    case UInt8(ascii: "n"):
      // The old form, which a new node uses when it does not know how new we are; its high flags follow later.
      guard reader.uint16() != nil, let flags = reader.uint32(),
        let name = String(validating: reader.rest(), as: UTF8.self)
      else { throw .malformed("a short name") }
      peer = Peer(name: ByteText(name), flags: DistributionFlags(rawValue: UInt64(flags)), creation: 0)
      isOld = true
    default: throw .malformed("no name")
    }
    guard NodeName(peer.name) != nil else { throw .malformed("a name that is none") }
    // Of the old form it is known only after the high flags, which may hold the short form of the others.
    guard isOld || peer.flags.isSuperset(of: .needed) else { throw .unsupported(node: peer.name.string) }
    let word = status(peer.name)
    let answer = Output.send([UInt8(ascii: "s")] + Array(word.utf8))
    switch word {
    case "ok", "ok_simultaneous": return [answer, sendChallenge(to: peer, needsComplement: isOld)]
    case "alive":
      state = .awaitAlive(peer, needsComplement: isOld)
      return [answer]
    default:
      state = .over
      return [answer, .refused(node: peer.name, status: word)]
    }
  }

  private mutating func sendChallenge(to peer: Peer, needsComplement: Bool) -> Output {
    state = .awaitReply(peer, challenge: challenge, needsComplement: needsComplement)
    return .send(
      [UInt8(ascii: "N")] + Self.bytes(own.flags.rawValue) + Self.bytes(challenge) + Self.bytes(own.creation)
        + Self.bytes(UInt16(own.name.utf8.count)) + Array(own.name.utf8))
  }

  private mutating func takeReply(
    _ reader: inout PacketReader, _ peer: Peer, _ challenge: UInt32, _ needsComplement: Bool
  ) throws(DistributionHandshakeError) -> [Output] {
    var peer = peer
    guard let tag = reader.byte() else { throw .malformed("no reply") }
    if needsComplement, tag == UInt8(ascii: "c") {
      guard let high = reader.uint32(), let creation = reader.uint32() else {
        throw .malformed("a short complement")
      }
      peer.flags = peer.flags.union(DistributionFlags(rawValue: UInt64(high) << 32)).expanded
      peer.creation = creation
      state = .awaitReply(peer, challenge: challenge, needsComplement: false)
      return []
    }
    guard tag == UInt8(ascii: "r"), let theirs = reader.uint32(), let digest = reader.bytes(16) else {
      throw .malformed("no reply to the challenge")
    }
    guard peer.flags.isSuperset(of: .needed) else { throw .unsupported(node: peer.name.string) }
    guard constantTimeEqual(digest, own.cookie.digest(of: challenge)) else {
      throw .wrongCookie(peer.name.string)
    }
    state = .over
    return [.send([UInt8(ascii: "a")] + own.cookie.digest(of: theirs)), .done(peer)]
  }

  private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}

/// Reads the fields of a handshake packet; nil when it ends before.
struct PacketReader {
  private let packet: [UInt8]
  private var position = 0

  init(_ packet: [UInt8]) { self.packet = packet }

  mutating func byte() -> UInt8? { bytes(1)?.first }
  mutating func uint16() -> UInt16? { number() }
  mutating func uint32() -> UInt32? { number() }
  mutating func uint64() -> UInt64? { number() }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard position + count <= packet.count else { return nil }
    defer { position += count }
    return Array(packet[position..<position + count])
  }

  mutating func text(_ count: Int) -> ByteText? {
    bytes(count).flatMap { ByteText(validating: $0) }
  }

  mutating func rest() -> [UInt8] {
    defer { position = packet.count }
    return Array(packet[position...])
  }

  private mutating func number<Number: FixedWidthInteger>() -> Number? {
    bytes(Number.bitWidth / 8).map { $0.reduce(Number(0)) { $0 << 8 | Number($1) } }
  }
}

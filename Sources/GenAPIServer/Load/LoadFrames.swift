import GenAPIChannels
import GenAPIValue
import NIOCore

/// The frames a load generator sends, prepared but for each request's id and mask.
struct LoadFrames: Sendable {
  /// One kind of request: its text, cut where the id goes.
  private struct Prepared {
    var pieces: [[UInt8]]
    var byteCount: Int
    /// Of all weights up to this one.
    var upTo: UInt64
  }

  static let joinRef: MessageReference = "1"

  let answers: LoadAnswerReader
  private let join: [UInt8]
  private let heartbeat: [UInt8]
  private let kinds: [Prepared]
  private let totalWeight: UInt64

  init(_ plan: LoadPlan) {
    let version = SerializerVersion(vsn: plan.client.vsn.map { ByteText($0) }) ?? .two
    let encoder = MessageEncoder(version: version, toon: plan.client.toon)
    answers = LoadAnswerReader(version: version, isTOON: plan.client.toon != nil, event: plan.event)
    func bytes(_ message: PhoenixMessage) -> [UInt8] {
      guard case .text(let bytes) = encoder.encode(message) else { return [] }
      return bytes
    }
    func text(_ ref: MessageReference, _ event: ByteText, _ payload: Value) -> [UInt8] {
      bytes(
        PhoenixMessage(
          joinRef: Self.joinRef, ref: ref, topic: plan.topic, event: event, payload: .json(payload)))
    }
    join = text(Self.joinRef, PhoenixEvent.join, [:])
    heartbeat = bytes(
      PhoenixMessage(
        ref: "beat", topic: PhoenixEvent.systemTopic, event: PhoenixEvent.heartbeat, payload: .json([:])))
    // A placeholder that no argument contains.
    let mark: ByteText = "id-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
    var upTo: UInt64 = 0
    kinds = plan.mix.map { kind in
      upTo += UInt64(max(1, kind.weight))
      let pieces = Self.cut(
        text(
          MessageReference(mark), plan.event,
          [
            "service": .string(kind.service), "request_type": .string(kind.requestType),
            "args": .object(kind.args), "request_id": .string(mark),
          ]), at: Array(mark.utf8))
      return Prepared(pieces: pieces, byteCount: pieces.reduce(0) { $0 + $1.count }, upTo: upTo)
    }
    totalWeight = upTo
  }

  private static func cut(_ text: [UInt8], at mark: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = text[...]
    while let found = rest.firstRange(of: mark) {
      pieces.append(Array(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return pieces + [Array(rest)]
  }

  func writeJoin(to buffer: inout ByteBuffer, mask: UInt32) { write(join, to: &buffer, mask) }

  func writeHeartbeat(to buffer: inout ByteBuffer, mask: UInt32) { write(heartbeat, to: &buffer, mask) }

  private func write(_ text: [UInt8], to buffer: inout ByteBuffer, _ mask: UInt32) {
    ClientFrame.write(.text, count: text.count, mask: mask, to: &buffer) { ClientFrame.put(text, $0, 0) }
  }

  /// Writes a request chosen by weight. Its id is `idStart` and the number.
  func writeRequest(
    to buffer: inout ByteBuffer, idStart: [UInt8], number: UInt64, using random: inout MaskGenerator
  ) {
    var index = 0
    if kinds.count > 1 {
      let chosen = random.next() % totalWeight
      while kinds[index].upTo <= chosen { index += 1 }
    }
    let digits = ClientFrame.digitCount(number)
    let idCount = idStart.count + digits
    let pieces = kinds[index].pieces
    let count = kinds[index].byteCount + (pieces.count - 1) * idCount
    ClientFrame.write(.text, count: count, mask: random.nextMask(), to: &buffer) { bytes in
      var position = ClientFrame.put(pieces[0], bytes, 0)
      for piece in pieces.dropFirst() {
        position = ClientFrame.put(idStart, bytes, position)
        position = ClientFrame.put(number, digits, bytes, position)
        position = ClientFrame.put(piece, bytes, position)
      }
      return position
    }
  }
}

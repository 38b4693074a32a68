import NIOCore
import NIOWebSocket

/// The frames of one turn of a socket, one after the other in one buffer: written as one piece, whatever their number.
struct FrameBatch {
  private(set) var bytes = ByteBuffer()

  /// Room for so much is kept for the next turn; a socket that is idle holds no more.
  static let keptCapacity = 4_096

  var isEmpty: Bool { bytes.readableBytes == 0 }

  /// Appends a whole message as a server sends it, in one frame that is not masked (RFC 6455, 5.2).
  mutating func append(_ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer) {
    let first: UInt8 = opcode == .text ? 0x81 : 0x82
    switch payload.count {
    case 0...125: bytes.writeMultipleIntegers(first, UInt8(payload.count))
    case 126...0xFFFF: bytes.writeMultipleIntegers(first, UInt8(126), UInt16(payload.count))
    default: bytes.writeMultipleIntegers(first, UInt8(127), UInt64(payload.count))
    }
    bytes.writeBytes(payload)
  }

  /// Bytes of a frame, its head included.
  static func size(ofPayload count: Int) -> Int {
    count + (count <= 125 ? 2 : count <= 0xFFFF ? 4 : 10)
  }

  /// Takes what was appended.
  mutating func take() -> ByteBuffer {
    defer { bytes = ByteBuffer() }
    return bytes
  }

  /// Goes on in the memory of what was written, when nobody else holds it any more.
  mutating func reuse(_ written: consuming ByteBuffer) {
    guard isEmpty, written.storageCapacity <= Self.keptCapacity else { return }
    written.clear()
    bytes = written
  }
}

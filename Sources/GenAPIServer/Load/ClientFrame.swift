import NIOCore

/// Writes a client's WebSocket frames where they go: RFC 6455, 5.2.
enum ClientFrame {
  enum Opcode: UInt8 {
    case text = 0x1
    case close = 0x8
    case pong = 0xA
  }

  /// Writes a whole message.
  ///
  /// - Parameters:
  ///   - count: of the payload, in bytes.
  ///   - payload: writes exactly so many and gives their number back.
  static func write(
    _ opcode: Opcode, count: Int, mask: UInt32, to buffer: inout ByteBuffer,
    _ payload: (UnsafeMutableRawBufferPointer) -> Int
  ) {
    // The longest header a client's frame can have.
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 14 + count) { bytes in
      bytes[0] = 0x80 | opcode.rawValue
      var header = 2
      switch count {
      case ..<126: bytes[1] = 0x80 | UInt8(count)
      case ..<65_536:
        bytes[1] = 0x80 | 126
        bytes.storeBytes(of: UInt16(count).bigEndian, toByteOffset: 2, as: UInt16.self)
        header = 4
      default:
        bytes[1] = 0x80 | 127
        bytes.storeBytes(of: UInt64(count).bigEndian, toByteOffset: 2, as: UInt64.self)
        header = 10
      }
      bytes.storeBytes(of: mask, toByteOffset: header, as: UInt32.self)
      let end = header + 4 + count
      let room = UnsafeMutableRawBufferPointer(rebasing: bytes[(header + 4)..<end])
      let written = payload(room)
      precondition(written == count, "a frame must hold what its header says")
      apply(mask, to: room)
      return end
    }
  }

  /// Eight bytes at a time; the mask lies in memory as it goes out.
  private static func apply(_ mask: UInt32, to bytes: UnsafeMutableRawBufferPointer) {
    let word = UInt64(mask) << 32 | UInt64(mask)
    var position = 0
    while position + 8 <= bytes.count {
      let plain = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      bytes.storeBytes(of: plain ^ word, toByteOffset: position, as: UInt64.self)
      position += 8
    }
    withUnsafeBytes(of: mask) { key in
      while position < bytes.count {
        bytes[position] ^= key[position & 3]
        position += 1
      }
    }
  }

  /// Puts bytes at a position and gives the position behind them.
  static func put(_ source: [UInt8], _ target: UnsafeMutableRawBufferPointer, _ position: Int) -> Int {
    let end = position + source.count
    UnsafeMutableRawBufferPointer(rebasing: target[position..<end]).copyBytes(from: source)
    return end
  }

  static func put(
    _ number: UInt64, _ digits: Int, _ target: UnsafeMutableRawBufferPointer, _ position: Int
  ) -> Int {
    var rest = number
    for index in stride(from: position + digits - 1, through: position, by: -1) {
      target[index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    return position + digits
  }

  static func digitCount(_ number: UInt64) -> Int {
    var count = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count
  }
}

/// Reads the WebSocket frames that a server sends, where they lie: RFC 6455, 5.2.
struct ServerFrames {
  enum Opcode {
    case continuation, text, binary, close, ping, pong, unknown

    init(_ bits: UInt8) {
      switch bits {
      case 0x0: self = .continuation
      case 0x1: self = .text
      case 0x2: self = .binary
      case 0x8: self = .close
      case 0x9: self = .ping
      case 0xA: self = .pong
      default: self = .unknown
      }
    }
  }

  enum Step {
    case frame(Opcode, isLast: Bool, payload: UnsafeRawBufferPointer, size: Int)
    case incomplete
    case fault(String)
  }

  let maxBytes: Int

  var tooLarge: String { "a message is larger than \(maxBytes) bytes" }

  /// The frame that begins the bytes.
  func next(_ bytes: UnsafeRawBufferPointer) -> Step {
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[1] & 0x80 == 0 else { return .fault("a frame of the server is masked") }
    var count = UInt64(bytes[1])
    var header = 2
    if count == 126 {
      guard bytes.count >= 4 else { return .incomplete }
      count = UInt64(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
      header = 4
    } else if count == 127 {
      guard bytes.count >= 10 else { return .incomplete }
      count = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
      header = 10
    }
    guard count <= UInt64(maxBytes) else { return .fault(tooLarge) }
    let size = header + Int(count)
    guard bytes.count >= size else { return .incomplete }
    return .frame(
      Opcode(bytes[0] & 0x0F), isLast: bytes[0] & 0x80 != 0,
      payload: UnsafeRawBufferPointer(rebasing: bytes[header..<size]), size: size)
  }

  /// What a close frame says, for a person.
  static func closeReason(_ payload: UnsafeRawBufferPointer) -> String {
    guard payload.count >= 2 else { return "the server closed the socket" }
    let code = UInt16(bigEndian: payload.loadUnaligned(as: UInt16.self))
    let text = String(decoding: payload.dropFirst(2), as: UTF8.self)
    return "the server closed the socket with \(code)" + (text.isEmpty ? "" : ": \(text)")
  }
}

import GenAPIValue
import NIOCore
import NIOWebSocket

/// Puts the frames of a message together and checks them against RFC 6455.
struct FrameAssembler {
  enum Message {
    case text(MessageContent)
    case binary(MessageContent)
    case ping(ByteBuffer)
    /// The client's code; nil when it gave none.
    case close(UInt16?)
    /// A pong, or a part of a message.
    case nothing
  }

  struct Fault: Error {
    var code: UInt16
    var text: ByteText
    var reason: CloseReason

    static func violation(_ text: ByteText) -> Fault { Fault(code: 1_002, text: text, reason: .protocol) }
  }

  private let maxBytes: Int
  private var parts: ByteBuffer?
  private var isText = false

  init(maxBytes: Int) { self.maxBytes = maxBytes }

  mutating func take(_ frame: WebSocketFrame) throws(Fault) -> Message {
    guard let key = frame.maskKey else { throw .violation("a client's frames must be masked") }
    guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else { throw .violation("a reserved bit is set") }
    switch frame.opcode {
    case .text, .binary:
      guard parts == nil else { throw .violation("a message began within another") }
      isText = frame.opcode == .text
      guard frame.fin else {
        parts = frame.unmaskedData
        return .nothing
      }
      return message(.masked(frame.data, key))
    case .continuation:
      var data = frame.unmaskedData
      guard var whole = parts else { throw .violation("a continuation of nothing") }
      guard whole.readableBytes + data.readableBytes <= maxBytes else {
        throw Fault(code: 1_009, text: "a message is larger than \(maxBytes) bytes", reason: .tooLarge)
      }
      parts = nil
      whole.writeBuffer(&data)
      guard frame.fin else {
        parts = whole
        return .nothing
      }
      return message(.plain(whole))
    case .ping: return .ping(frame.unmaskedData)
    case .pong: return .nothing
    case .connectionClose:
      return .close(try Self.closeCode(frame.unmaskedData))
    default: throw .violation("an unknown opcode")
    }
  }

  /// RFC 6455, sections 5.5.1 and 7.4: a code that may be on the wire, then a reason in UTF-8, or nothing at all.
  private static func closeCode(_ payload: ByteBuffer) throws(Fault) -> UInt16? {
    var payload = payload
    guard payload.readableBytes > 0 else { return nil }
    guard let code = payload.readInteger(as: UInt16.self) else {
      throw .violation("a close frame of one byte")
    }
    switch code {
    // Registered with IANA, those that only say how a socket ended (1004 to 1006, 1015) left out; then the free ones.
    case 1_000...1_003, 1_007...1_014, 3_000...4_999: break
    default: throw .violation("the close code \(code) may not be sent")
    }
    guard String(validating: payload.readableBytesView, as: UTF8.self) != nil else {
      throw Fault(code: 1_007, text: "the reason of a close is not UTF-8", reason: .notUTF8)
    }
    return code
  }

  private func message(_ content: MessageContent) -> Message { isText ? .text(content) : .binary(content) }
}

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
    case close(WebSocketErrorCode?)
    /// A pong, or a part of a message.
    case nothing
  }

  struct Fault: Error {
    var code: UInt16
    var text: ByteText
    var reason: ByteText

    static func violation(_ text: ByteText) -> Fault { Fault(code: 1_002, text: text, reason: "protocol") }
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
        throw Fault(code: 1_009, text: "a message is larger than \(maxBytes) bytes", reason: "too_large")
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
      var data = frame.unmaskedData
      return .close(data.readWebSocketErrorCode())
    default: throw .violation("an unknown opcode")
    }
  }

  private func message(_ content: MessageContent) -> Message { isText ? .text(content) : .binary(content) }
}

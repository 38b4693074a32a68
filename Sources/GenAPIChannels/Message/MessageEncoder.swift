import GenAPIValue

/// Writes the frames a server sends.
public struct MessageEncoder: Sendable {
  /// A frame ready for the socket.
  public enum Frame: Sendable, Equatable {
    case text([UInt8])
    case binary([UInt8])
  }

  public let version: SerializerVersion

  public init(version: SerializerVersion) { self.version = version }

  public func encode(_ message: ChannelMessage) -> Frame {
    switch message.payload {
    case .json(let payload): .text(text(message, payload))
    case .binary(let bytes): .binary(binary(message, bytes))
    }
  }

  private func text(_ message: ChannelMessage, _ payload: Value) -> [UInt8] {
    let joinRef = message.joinRef.map(Value.string) ?? .null
    let ref = message.ref.map(Value.string) ?? .null
    let value: Value =
      switch version {
      case .one:
        [
          "topic": .string(message.topic), "event": .string(message.event), "payload": payload, "ref": ref,
          "join_ref": joinRef,
        ]
      case .two:
        [joinRef, ref, .string(message.topic), .string(message.event), payload]
      }
    return value.jsonBytes
  }

  /// A server push: kind 0, the lengths of join_ref, topic and event, those, then the data. Parts longer than
  /// 255 bytes cannot be said in this form and are cut at a character's end.
  private func binary(_ message: ChannelMessage, _ data: [UInt8]) -> [UInt8] {
    let parts = [message.joinRef ?? "", message.topic, message.event].map(shortened)
    var bytes: [UInt8] = [BinaryKind.push.rawValue]
    for part in parts { bytes.append(UInt8(part.count)) }
    for part in parts { bytes += part }
    return bytes + data
  }

  private func shortened(_ text: String) -> [UInt8] {
    var text = text
    while text.utf8.count > 255 { text.removeLast() }
    return Array(text.utf8)
  }
}

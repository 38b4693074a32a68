import GenAPIValue
import TOON

/// Writes the frames a client sends.
struct ClientEncoder {
  let version: SerializerVersion
  let toon: TOONVersion?

  func encode(_ message: PhoenixMessage) -> MessageEncoder.Frame {
    switch message.payload {
    case .json: return MessageEncoder(version: version, toon: toon).encode(message)
    case .binary(let data):
      // Kind 0, the lengths of join_ref, ref, topic and event, those four, then the data.
      let parts = [message.joinRef?.text ?? "", message.ref?.text ?? "", message.topic, message.event].map {
        Array($0.utf8.prefix(255))
      }
      return .binary([BinaryKind.push.rawValue] + parts.map { UInt8($0.count) } + parts.flatMap { $0 } + data)
    }
  }
}

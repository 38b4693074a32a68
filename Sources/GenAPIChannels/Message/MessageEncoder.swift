import GenAPIValue
import TOON

/// Writes the frames a server sends.
public struct MessageEncoder: Sendable {
  /// A frame ready for the socket.
  public enum Frame: Sendable, Equatable {
    /// A text frame.
    case text([UInt8])
    /// A binary frame.
    case binary([UInt8])
  }

  /// The serializer's version.
  public let version: SerializerVersion
  /// The version of TOON that text frames are written in; nil writes JSON.
  public let toon: TOONVersion?

  /// Makes an encoder for a serializer's version, in JSON or in TOON.
  public init(version: SerializerVersion, toon: TOONVersion? = nil) {
    self.version = version
    self.toon = toon
  }

  /// The frame that carries the message.
  public func encode(_ message: PhoenixMessage) -> Frame {
    switch message.payload {
    case .json(let payload): .text(toon.map { text(message, payload, $0) } ?? text(message, payload))
    case .binary(let bytes): .binary(binary(message, bytes))
    }
  }

  private func text(_ message: PhoenixMessage, _ payload: Value) -> [UInt8] {
    var json = JSONWriter()
    write(
      joinRef: message.joinRef, ref: message.ref, topic: message.topic, event: message.event, to: &json
    ) { $0.value(payload) }
    return json.bytes
  }

  /// `[join_ref, ref, topic, event, payload]`. A payload that nests deeper than TOON is written is replaced by the
  /// reason, as there is nobody else to tell.
  private func text(_ message: PhoenixMessage, _ payload: Value, _ version: TOONVersion) -> [UInt8] {
    let options = TOONWriter.Options(version: version)
    func frame(_ payload: Value) throws(TOONError) -> [UInt8] {
      try Value.array([
        message.joinRef?.value ?? .null, message.ref?.value ?? .null,
        .string(message.topic),
        .string(message.event), payload,
      ]).toonBytes(options)
    }
    do throws(TOONError) {
      return try frame(payload)
    } catch {
      return (try? frame(["reason": .string(ByteText(error.message))])) ?? []
    }
  }

  /// Writes a text message of JSON into memory that is there already; `payload` writes its payload, one value.
  public func write(
    joinRef: MessageReference?, ref: MessageReference?, topic: ByteText, event: ByteText,
    to json: inout JSONWriter,
    payload: (inout JSONWriter) -> Void
  ) {
    switch version {
    // Without a join_ref: clients of version 1 know a channel by its topic.
    case .one:
      json.beginObject()
      json.key("topic")
      json.string(topic)
      json.key("event")
      json.string(event)
      json.key("payload")
      payload(&json)
      json.key("ref")
      json.reference(ref)
      json.endObject()
    case .two:
      json.beginArray()
      json.reference(joinRef)
      json.reference(ref)
      json.string(topic)
      json.string(event)
      payload(&json)
      json.endArray()
    }
  }

  /// A server push: kind 0, the lengths of join_ref, topic and event, those, then the data. Parts longer than
  /// 255 bytes cannot be said in this form and are cut at a character's end.
  private func binary(_ message: PhoenixMessage, _ data: [UInt8]) -> [UInt8] {
    let parts = [message.joinRef?.text ?? "", message.topic, message.event].map(shortened)
    var bytes: [UInt8] = [BinaryKind.push.rawValue]
    for part in parts { bytes.append(UInt8(part.count)) }
    for part in parts { bytes += part }
    return bytes + data
  }

  private func shortened(_ text: ByteText) -> [UInt8] {
    Array(text.prefix(bytes: 255).utf8)
  }
}

extension JSONWriter {
  @inline(__always)
  fileprivate mutating func reference(_ reference: MessageReference?) {
    guard let reference else { return null() }
    // Most are text.
    if reference.isNumber { value(reference.value) } else { string(reference.text) }
  }
}

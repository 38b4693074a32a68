import GenAPIValue
import TOON

/// Reads the frames a client sends.
public struct MessageDecoder: Sendable {
  /// The serializer's version.
  public let version: SerializerVersion
  /// How text frames are read that are TOON; nil reads JSON.
  private let toon: TOONReader.Options?

  /// - Parameters:
  ///   - isTOON: text frames are TOON, not JSON.
  ///   - maxBytes: the largest message. Tables of TOON repeat the keys of their headers, and what they repeat is no more
  ///     than this either.
  public init(version: SerializerVersion, isTOON: Bool = false, maxBytes: Int = 64 << 20) {
    self.version = version
    toon = isTOON ? TOONReader.Options(maxBytes: maxBytes, maxRepeatedBytes: maxBytes) : nil
  }

  /// - Throws: `MessageError` naming the part that is wrong.
  public func decode(text: [UInt8]) throws(MessageError) -> PhoenixMessage {
    try text.span.bytes.withUnsafeBytes { (bytes) throws(MessageError) in try decode(text: bytes) }
  }

  /// The same where the bytes are; they are read only during the call.
  func decode(text: UnsafeRawBufferPointer) throws(MessageError) -> PhoenixMessage {
    if let toon {
      do throws(MessageError) {
        return try decodeArray(parseTOON(text, toon))
      } catch {
        throw isJSON(text) ? .unsupported("the frame is JSON, and this socket speaks TOON") : error
      }
    }
    if version == .two, let message = decodeUsualArray(text) { return message }
    let value: Value
    do { value = try JSONReader.parse(text) } catch { throw fault(error, in: text) }
    return try decode(value: value)
  }

  /// The same, but a message whose payload has more bytes is refused; it keeps its request's id and nothing else.
  func decode(text: UnsafeRawBufferPointer, maxPayloadBytes: Int) throws(MessageError) -> PhoenixMessage {
    let message = try decode(text: text)
    // Most frames are smaller than a payload may be, and cost no second look.
    guard text.count > maxPayloadBytes else { return message }
    let count = payloadBytes(ofFrame: text)
    guard count > maxPayloadBytes else { return message }
    var emptied = message
    if case .json(let payload) = message.payload {
      emptied.payload = .json(payload["request_id"].map { ["request_id": $0] } ?? [:])
    }
    throw MessageError(
      closeCode: nil,
      description: "Request payload exceeds maximum size of \(maxPayloadBytes) bytes (got \(count) bytes)",
      message: emptied)
  }

  private func decode(value: Value) throws(MessageError) -> PhoenixMessage {
    switch version {
    case .one: try decodeObject(value)
    case .two: try decodeArray(value)
    }
  }

  private func parseTOON(
    _ text: UnsafeRawBufferPointer, _ options: TOONReader.Options
  ) throws(MessageError) -> Value {
    do throws(TOONError) {
      return try TOONReader.parse(text, options: options)
    } catch {
      guard error.rule != .size else { throw .tooLarge("\(error)") }
      throw .malformed("the frame is not TOON: \(error)")
    }
  }

  /// What a frame that cannot be read is: no JSON, which ends the socket, or JSON that holds something this server does not
  /// take, which ends that message alone.
  private func fault(_ error: JSONError, in text: UnsafeRawBufferPointer) -> MessageError {
    guard error.isRefusal, let value = try? JSONReader.parseLeniently(text),
      let message = try? decode(value: value)
    else {
      return .malformed(
        isTOON(text) ? "the frame is TOON, and this socket speaks JSON" : "the frame is not JSON: \(error)")
    }
    return MessageError(closeCode: nil, description: error.description, message: message)
  }

  /// Bytes of a frame that is looked at once more to say what it is; a client's first, its join, is small.
  private static let mostLookedAt = 65_536

  /// Whether a frame that is no TOON is one of a client that speaks JSON.
  private func isJSON(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count <= Self.mostLookedAt, let value = try? JSONReader.parse(text) else { return false }
    return value.object != nil || (try? decodeArray(value)) != nil
  }

  /// Whether a frame that is no JSON is one of a client that speaks TOON.
  private func isTOON(_ text: UnsafeRawBufferPointer) -> Bool {
    let most = Self.mostLookedAt
    guard text.first == UInt8(ascii: "["), text.count <= most,
      let value = try? TOONReader.parse(
        text, options: TOONReader.Options(maxBytes: most, maxRepeatedBytes: most))
    else { return false }
    return (try? decodeArray(value)) != nil
  }

  /// The bytes of a frame's payload; as many as it can be at most where that cannot be told.
  private func payloadBytes(ofFrame text: UnsafeRawBufferPointer) -> Int {
    guard let range = try? JSONReader.rangeOfLast(version == .two ? nil : "payload", in: text) else {
      return text.count
    }
    return range.count
  }

  /// A version 2 frame as clients write it, read without making an array of it. Any other, a faulty one too, is nil here
  /// and read as a value.
  private func decodeUsualArray(_ text: UnsafeRawBufferPointer) -> PhoenixMessage? {
    var reader = JSONReader(bytes: text)
    guard reader.take(UInt8(ascii: "[")) else { return nil }
    do {
      let joinRef = try reference(reader.element(), "join_ref")
      let ref = try reference(reader.element(), "ref")
      let topic = try name(reader.element(), "topic")
      let event = try name(reader.element(), "event")
      let payload = try reader.value(depth: 1)
      guard reader.take(UInt8(ascii: "]")), reader.isAtEnd else { return nil }
      return PhoenixMessage(joinRef: joinRef, ref: ref, topic: topic, event: event, payload: .json(payload))
    } catch {
      return nil
    }
  }

  private func decodeArray(_ value: Value) throws(MessageError) -> PhoenixMessage {
    guard let parts = value.array else {
      throw .unsupported("a version 2 frame is an array, not \(value.instead(of: "an array"))")
    }
    guard parts.count == 5 else {
      throw .unsupported(
        "a version 2 frame has 5 elements [join_ref, ref, topic, event, payload], not \(parts.count)")
    }
    return PhoenixMessage(
      joinRef: try reference(parts[0], "join_ref"), ref: try reference(parts[1], "ref"),
      topic: try name(parts[2], "topic"), event: try name(parts[3], "event"), payload: .json(parts[4]))
  }

  private func decodeObject(_ value: Value) throws(MessageError) -> PhoenixMessage {
    guard value.object != nil else {
      throw .unsupported("a version 1 frame is an object, not \(value.instead(of: "an object"))")
    }
    return PhoenixMessage(
      joinRef: try reference(value["join_ref"] ?? .null, "join_ref"),
      ref: try reference(value["ref"] ?? .null, "ref"), topic: try name(value["topic"] ?? .null, "topic"),
      event: try name(value["event"] ?? .null, "event"), payload: .json(value["payload"] ?? [:]))
  }

  private func reference(_ value: Value, _ field: ByteText) throws(MessageError) -> MessageReference? {
    if case .null = value { return nil }
    guard let reference = MessageReference(value) else {
      throw .unsupported("\(field) must be a string, a number or null, not \(value.instead(of: "a string"))")
    }
    // A number of the usual size is never long.
    if case .int = value { return reference }
    let count = reference.text.byteCount
    guard count <= MessageLimits.reference else {
      throw .unsupported("\(field) has \(count) bytes, allowed are \(MessageLimits.reference)")
    }
    return reference
  }

  private func name(_ value: Value, _ field: ByteText) throws(MessageError) -> ByteText {
    guard let text = value.string else {
      throw .unsupported("\(field) must be a string, not \(value.instead(of: "a string"))")
    }
    guard !text.isEmpty, text.byteCount <= MessageLimits.name else {
      throw .unsupported("\(field) has \(text.byteCount) bytes, allowed are 1 to \(MessageLimits.name)")
    }
    return text
  }

  /// A client's push in a binary frame: kind 0, the lengths of join_ref, ref, topic and event in a byte each,
  /// those four, then the data.
  ///
  /// - Throws: `MessageError` when the frame is of another kind, too short, or not UTF-8.
  public func decode(binary bytes: [UInt8]) throws(MessageError) -> PhoenixMessage {
    guard version == .two else { throw .unsupported("binary frames need version 2") }
    guard bytes.count >= 5 else {
      throw .unsupported("a binary frame has at least 5 bytes, not \(bytes.count)")
    }
    guard bytes[0] == BinaryKind.push.rawValue else {
      throw .unsupported("a client's binary frame is of kind 0, not \(bytes[0])")
    }
    var position = 5
    func take(_ index: Int, _ field: ByteText) throws(MessageError) -> ByteText {
      let end = position + Int(bytes[index])
      guard end <= bytes.count else { throw .unsupported("the binary frame ends within \(field)") }
      guard let text = String(validating: bytes[position..<end], as: UTF8.self) else {
        throw .malformed("\(field) of the binary frame is not UTF-8")
      }
      position = end
      return ByteText(text)
    }
    let joinRef = try take(1, "join_ref")
    let ref = try take(2, "ref")
    let topic = try name(.string(take(3, "topic")), "topic")
    let event = try name(.string(take(4, "event")), "event")
    return PhoenixMessage(
      joinRef: joinRef.isEmpty ? nil : MessageReference(joinRef),
      ref: ref.isEmpty ? nil : MessageReference(ref), topic: topic, event: event,
      payload: .binary(Array(bytes[position...])))
  }
}

extension JSONReader {
  /// An element, and the comma behind it.
  fileprivate mutating func element() throws(JSONError) -> Value {
    let value = try value(depth: 1)
    // Told to nobody: the frame is read again, as a value.
    guard take(UInt8(ascii: ",")) else { throw JSONError("expected ','", offset: 0) }
    return value
  }
}

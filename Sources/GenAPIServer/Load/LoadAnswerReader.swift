import GenAPIChannels
import GenAPIValue

/// Reads of a server's message what a load generator needs, in one pass and mostly without making anything of it.
struct LoadAnswerReader: Sendable {
  enum Message: Equatable {
    /// The last to the request with this number.
    case answer(UInt64, isOK: Bool, error: ByteText?)
    /// A part of a stream, its beginning too: more follows.
    case part(UInt64)
    /// That an async request was taken; behind parts of a stream it is their end.
    case accepted(UInt64)
    /// A reply that says only that a request was taken: its push says more, and comes before it or after it.
    case receipt(UInt64)
    case joined
    case joinRefused(ByteText)
    /// By `phx_error` or `phx_close`.
    case channelEnded(ByteText)
    case unreadable(String)
    /// A heartbeat's reply, another event.
    case other
  }

  let version: SerializerVersion
  /// As they stand in a message, quotes and all.
  private let event: [UInt8]
  private let joinRef: [UInt8]
  private let eventName: ByteText
  /// For a socket that speaks TOON, whose messages are read whole; nil reads JSON.
  private let toon: MessageDecoder?

  private static let reply = Array("\"phx_reply\"".utf8)
  private static let endings = [Array("\"phx_error\"".utf8), Array("\"phx_close\"".utf8)]

  init(version: SerializerVersion, isTOON: Bool = false, event: ByteText) {
    self.version = version
    eventName = event
    toon = isTOON ? MessageDecoder(version: version, isTOON: true) : nil
    self.event = Array(Value.string(event).json.utf8)
    joinRef = Array(LoadFrames.joinRef.value.json.utf8)
  }

  func read(_ text: UnsafeRawBufferPointer) -> Message {
    if let toon { return read(text, toon) }
    do {
      let parts = try version == .two ? array(text) : object(text)
      guard let event = parts.event, let payload = parts.payload else { return .unreadable("no message") }
      if event.elementsEqual(Self.reply) { return try reply(parts.ref, payload) }
      if event.elementsEqual(self.event) { return try answer(payload) }
      for ending in Self.endings where event.elementsEqual(ending) {
        return .channelEnded(Self.string(event) ?? "")
      }
      return .other
    } catch {
      return .unreadable("\(error)")
    }
  }

  private func read(_ text: UnsafeRawBufferPointer, _ decoder: MessageDecoder) -> Message {
    let message: PhoenixMessage
    do {
      message = try decoder.decode(text: Array(text))
    } catch {
      return .unreadable("\(error)")
    }
    guard case .json(let payload) = message.payload else { return .other }
    switch message.event {
    case PhoenixEvent.reply:
      let isOK = payload["status"] == "ok"
      let response = payload["response"] ?? .null
      let reason = response.string ?? ByteText(response.json(cut: 200))
      if message.ref == LoadFrames.joinRef { return isOK ? .joined : .joinRefused(reason) }
      guard let id = message.ref?.value.string.flatMap(Self.number) else { return .other }
      return isOK ? .receipt(id) : .answer(id, isOK: false, error: reason)
    case PhoenixEvent.error, PhoenixEvent.close: return .channelEnded(message.event)
    case eventName:
      guard let id = payload["request_id"]?.string.flatMap(Self.number) else { return .other }
      guard payload["success"] == true else {
        return .answer(id, isOK: false, error: payload["error"]?.string)
      }
      return Self.success(id, isAsync: payload["async"] == true, hasMore: payload["has_more"] == true)
    default: return .other
    }
  }

  private typealias Parts = (
    ref: UnsafeRawBufferPointer?, event: UnsafeRawBufferPointer?, payload: UnsafeRawBufferPointer?
  )

  private func array(_ text: UnsafeRawBufferPointer) throws(JSONError) -> Parts {
    var reader = JSONReader(bytes: text)
    guard reader.take(UInt8(ascii: "[")) else { return (nil, nil, nil) }
    var parts: Parts = (nil, nil, nil)
    for index in 0..<5 {
      let element = try reader.raw()
      switch index {
      case 1: parts.ref = element
      case 3: parts.event = element
      case 4: parts.payload = element
      default: break
      }
      guard index == 4 || reader.take(UInt8(ascii: ",")) else { break }
    }
    return parts
  }

  private func object(_ text: UnsafeRawBufferPointer) throws(JSONError) -> Parts {
    var parts: Parts = (nil, nil, nil)
    try fields(text) { key, value in
      if key.elementsEqual(Self.refKey) { parts.ref = value }
      if key.elementsEqual(Self.eventKey) { parts.event = value }
      if key.elementsEqual(Self.payloadKey) { parts.payload = value }
    }
    return parts
  }

  private func answer(_ payload: UnsafeRawBufferPointer) throws(JSONError) -> Message {
    var id: UInt64?
    var isOK = false
    var isAsync = false
    var hasMore = false
    var error: UnsafeRawBufferPointer?
    try fields(payload) { key, value in
      if key.elementsEqual(Self.idKey) {
        id = Self.number(of: value)
      } else if key.elementsEqual(Self.successKey) {
        isOK = value.first == UInt8(ascii: "t")
      } else if key.elementsEqual(Self.asyncKey) {
        isAsync = value.first == UInt8(ascii: "t")
      } else if key.elementsEqual(Self.hasMoreKey) {
        hasMore = value.first == UInt8(ascii: "t")
      } else if key.elementsEqual(Self.errorKey) {
        error = value
      }
    }
    guard let id else { return .other }
    guard isOK else { return .answer(id, isOK: false, error: error.flatMap(Self.string)) }
    return Self.success(id, isAsync: isAsync, hasMore: hasMore)
  }

  private static func success(_ id: UInt64, isAsync: Bool, hasMore: Bool) -> Message {
    if hasMore { return .part(id) }
    return isAsync ? .accepted(id) : .answer(id, isOK: true, error: nil)
  }

  private func reply(_ ref: UnsafeRawBufferPointer?, _ payload: UnsafeRawBufferPointer) throws(JSONError)
    -> Message
  {
    var isOK = false
    var response: UnsafeRawBufferPointer?
    try fields(payload) { key, value in
      if key.elementsEqual(Self.statusKey) {
        isOK = value.elementsEqual(Self.ok)
      } else if key.elementsEqual(Self.responseKey) {
        response = value
      }
    }
    guard let ref else { return .other }
    let reason = response.map { Self.string($0) ?? ByteText(decoding: $0).cut(bytes: 200) } ?? ""
    if ref.elementsEqual(joinRef) { return isOK ? .joined : .joinRefused(reason) }
    // That a request was taken is no answer, that it was not is one.
    guard let id = Self.number(of: ref) else { return .other }
    return isOK ? .receipt(id) : .answer(id, isOK: false, error: reason)
  }

  private func fields(
    _ text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
  ) throws(JSONError) {
    var reader = JSONReader(bytes: text)
    guard reader.take(UInt8(ascii: "{")), reader.peek == UInt8(ascii: "\"") else { return }
    repeat {
      let key = try reader.raw()
      guard reader.take(UInt8(ascii: ":")) else { return }
      body(key, try reader.raw())
    } while reader.take(UInt8(ascii: ","))
  }

  /// What stands behind the last dash of an id.
  private static func number(of id: UnsafeRawBufferPointer) -> UInt64? {
    // Without the quotes.
    number(of: id.dropFirst().dropLast())
  }

  private static func number(of id: ByteText) -> UInt64? { number(of: id.utf8) }

  private static func number(of id: some BidirectionalCollection<UInt8>) -> UInt64? {
    guard let dash = id.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    var number: UInt64 = 0
    for byte in id[id.index(after: dash)...] {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10, number < 1 << 59 else { return nil }
      number = number * 10 + UInt64(digit)
    }
    return number
  }

  private static func string(_ raw: UnsafeRawBufferPointer) -> ByteText? {
    guard raw.first == UInt8(ascii: "\"") else { return nil }
    var reader = JSONReader(bytes: raw)
    return try? reader.string()
  }

  private static let refKey = Array("\"ref\"".utf8)
  private static let eventKey = Array("\"event\"".utf8)
  private static let payloadKey = Array("\"payload\"".utf8)
  private static let idKey = Array("\"request_id\"".utf8)
  private static let successKey = Array("\"success\"".utf8)
  private static let asyncKey = Array("\"async\"".utf8)
  private static let hasMoreKey = Array("\"has_more\"".utf8)
  private static let errorKey = Array("\"error\"".utf8)
  private static let statusKey = Array("\"status\"".utf8)
  private static let responseKey = Array("\"response\"".utf8)
  private static let ok = Array("\"ok\"".utf8)
}

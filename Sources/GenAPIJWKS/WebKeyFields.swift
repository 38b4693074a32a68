import GenAPIChannels
import GenAPIValue

/// The members of a key that are looked at, each of the kind that RFC 7517 (section 4) and RFC 7518 (section 6) have it.
///
/// One of another kind is a fault of its key: taken as absent it would let the key do more than whoever wrote it meant. One
/// that is null is absent.
struct WebKeyFields {
  private let value: Value

  init(_ value: Value) { self.value = value }

  func has(_ name: ByteText) -> Bool { value[name].map { !$0.isNull } ?? false }

  func text(_ name: ByteText) throws(WebKeyFault) -> ByteText? {
    guard has(name) else { return nil }
    guard let text = value[name]?.string else { throw wrong(name, "a text") }
    return text
  }

  func texts(_ name: ByteText) throws(WebKeyFault) -> [ByteText]? {
    guard has(name) else { return nil }
    guard let items = value[name]?.array else { throw wrong(name, "a list of texts") }
    let texts = items.compactMap(\.string)
    guard texts.count == items.count else { throw WebKeyFault("has in \(name) what is no text") }
    return texts
  }

  /// What the key is called: a name as every other.
  func id() throws(WebKeyFault) -> ByteText? {
    guard let id = try text("kid") else { return nil }
    guard (1...TextLimit.name).contains(id.byteCount) else {
      throw WebKeyFault("has a kid of \(id.byteCount) bytes, and may have 1 to \(TextLimit.name)")
    }
    return id
  }

  /// A number, or a coordinate: base64url without padding (RFC 7518, section 2).
  func number(_ name: ByteText) throws(WebKeyFault) -> (text: String, bytes: [UInt8]) {
    guard let text = try text(name), !text.isEmpty else { throw WebKeyFault("has no \(name)") }
    guard let bytes = Base64URL.decodeExactly(text.string) else {
      throw WebKeyFault("has in \(name) what is no base64url without padding")
    }
    return (text.string, bytes)
  }

  private func wrong(_ name: ByteText, _ wanted: ByteText) -> WebKeyFault {
    let found = value[name]?.instead(of: wanted) ?? "missing"
    return WebKeyFault("has in \(name) \(found) instead of \(wanted)")
  }
}

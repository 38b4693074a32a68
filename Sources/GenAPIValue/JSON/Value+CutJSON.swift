/// The beginning of a value's JSON: for words about it, which hold little of it however large it is.
extension Value {
  /// The JSON text, or a beginning of it, in at most `bytes` bytes. No more of the value is looked at than that takes.
  package func json(cut bytes: Int) -> String {
    var writer = JSONWriter()
    writer.value(self, upTo: bytes)
    guard writer.count > bytes else { return writer.text }
    return writer.text.prefix(bytes: max(0, bytes - 3)) + "…"
  }

  /// Whether the JSON text has more bytes than these. No more of the value is looked at than it takes to tell.
  package func isLongerAsJSON(than bytes: Int) -> Bool {
    var writer = JSONWriter()
    writer.value(self, upTo: bytes)
    return writer.count > bytes
  }
}

extension JSONWriter {
  /// A value, until more than so many bytes are written, and little more than those: the text is whole only when it has no
  /// more.
  mutating func value(_ value: Value, upTo most: Int) {
    let left = max(0, most - count) + 1
    switch value {
    // What is behind the bound is none of the text; the quotes and a scalar that was left out are not beyond it.
    case .string(let text): string(text.prefix(bytes: left + 4))
    case .bytes(let bytes): self.value(.bytes(bytes.count <= left ? bytes : Array(bytes.prefix(left))))
    case .array(let elements):
      beginArray()
      for element in elements {
        guard count <= most else { return }
        self.value(element, upTo: most)
      }
      endArray()
    case .object(let object):
      beginObject()
      let values = object.values.elements
      for index in values.indices {
        guard count <= most else { return }
        key(escaping: object.keys[index].prefix(bytes: left + 4))
        self.value(values[index], upTo: most)
      }
      endObject()
    default: self.value(value)
    }
  }
}

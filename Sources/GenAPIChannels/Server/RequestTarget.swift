import GenAPIValue

/// The two halves of a request's target.
struct RequestTarget {
  /// Without the query, as it came.
  let path: ByteText
  let parameters: [ByteText: ByteText]

  init(_ uri: ByteText) {
    let parts = uri.parted(at: UInt8(ascii: "?"))
    path = parts?.before ?? uri
    var parameters: [ByteText: ByteText] = [:]
    // An HTTP head is bounded by its decoder, so this is too.
    for field in (parts?.after ?? "").split(separator: UInt8(ascii: "&")) where !field.isEmpty {
      let pair = field.parted(at: UInt8(ascii: "="))
      parameters[Self.decode(pair?.before ?? field)] = Self.decode(pair?.after ?? "")
    }
    self.parameters = parameters
  }

  /// `%41` and `+` as what they stand for; an escape that is none stays as it is.
  private static func decode(_ text: ByteText) -> ByteText {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return ByteText(decoding: bytes)
  }
}

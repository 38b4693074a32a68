/// The two halves of a request's target.
struct RequestTarget {
  /// Without the query, as it came.
  let path: String
  let parameters: [String: String]

  init(_ uri: String) {
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts.first ?? "")
    var parameters: [String: String] = [:]
    if parts.count > 1 {
      // An HTTP head is bounded by its decoder, so this is too.
      for field in parts[1].split(separator: "&") {
        let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        parameters[Self.decode(pair[0])] = pair.count > 1 ? Self.decode(pair[1]) : ""
      }
    }
    self.parameters = parameters
  }

  /// `%41` and `+` as what they stand for; an escape that is none stays as it is.
  private static func decode(_ text: Substring) -> String {
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
    return String(decoding: bytes, as: UTF8.self)
  }
}

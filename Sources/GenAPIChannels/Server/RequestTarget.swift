import GenAPIValue

/// The parts of a request's target: RFC 9112, section 3.2.
struct RequestTarget {
  /// Without the query, as it came; `*` for a request about the server itself.
  let path: ByteText
  let parameters: [ByteText: ByteText]
  /// The host, and the port where there is one, of a target in absolute form; it takes the place of `Host`.
  let authority: ByteText?

  /// The path without a slash at its end: to Phoenix's router, which clients know, that is the same one.
  var pathWithoutSlash: ByteText {
    path.byteCount > 1 && path.utf8.last == UInt8(ascii: "/") ? path.prefix(bytes: path.byteCount - 1) : path
  }

  /// False for a target in a form that no request here has, such as the authority alone.
  var isUnderstood: Bool { path.utf8.first == UInt8(ascii: "/") || path == "*" }

  private static let schemes = ["http://", "https://", "ws://", "wss://"]

  init(_ uri: ByteText) {
    var rest = uri.utf8[...]
    var authority: Substring.UTF8View?
    if let scheme = Self.schemes.first(where: { rest.prefix($0.utf8.count).elementsEqualIgnoringCase($0) }) {
      rest = rest.dropFirst(scheme.utf8.count)
      let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
      authority = rest[..<end]
      rest = rest[end...]
    }
    self.authority = authority.map { ByteText(Substring($0)) }
    let mark = rest.firstIndex(of: UInt8(ascii: "?"))
    let path = ByteText(Substring(rest[..<(mark ?? rest.endIndex)]))
    self.path = path.isEmpty && authority != nil ? "/" : path
    var parameters: [ByteText: ByteText] = [:]
    if let mark {
      // An HTTP head is bounded by its decoder, so this is too.
      let query = ByteText(Substring(rest[mark...].dropFirst()))
      for field in query.split(separator: UInt8(ascii: "&")) where !field.isEmpty {
        let pair = field.parted(at: UInt8(ascii: "="))
        parameters[Self.decode(pair?.before ?? field)] = Self.decode(pair?.after ?? "")
      }
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

extension Sequence<UInt8> {
  /// Whether these are the bytes of a text in lower case, or of its letters in upper case.
  fileprivate func elementsEqualIgnoringCase(_ text: String) -> Bool {
    elementsEqual(text.utf8) { byte, wanted in
      let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      return (isUpper ? byte | 0x20 : byte) == wanted
    }
  }
}

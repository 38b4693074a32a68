import GenAPIValue

extension TOONReader {
  // MARK: Bytes

  /// ASCII is taken eight bytes at a time; any other text is checked as a whole before it is read.
  mutating func checkUTF8() throws(TOONError) {
    var index = 0
    var seen: UInt64 = 0
    while index + 8 <= bytes.count {
      seen |= bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < bytes.count {
      seen |= UInt64(bytes[index])
      index += 1
    }
    looksAt(bytes.count)
    guard seen & 0x8080_8080_8080_8080 != 0, String(validating: bytes, as: UTF8.self) == nil else { return }
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
    throw error("expected well-formed UTF-8", .utf8, at: offset)
  }

  /// The first colon outside quotes.
  mutating func colon(_ start: Int, _ end: Int) -> Int? {
    let colon = firstUnquoted(start, end) { $0 == UInt8(ascii: ":") }
    looksAt((colon ?? end) - start)
    return colon
  }

  @inline(__always)
  func firstUnquoted(_ start: Int, _ end: Int, _ isWanted: (UInt8) -> Bool) -> Int? {
    var index = start
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        guard let close = closingQuote(index, end) else { return nil }
        index = close + 1
      } else {
        if isWanted(byte) { return index }
        index += 1
      }
    }
    return nil
  }

  /// The quote that ends what the quote at `start` begins.
  func closingQuote(_ start: Int, _ end: Int) -> Int? {
    var index = skipPlainWords(start + 1, end)
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "\""): return index
      case UInt8(ascii: "\\"): index += 2
      default: index += 1
      }
    }
    return nil
  }

  /// Steps over bytes that mean nothing in quotes, eight at a time, as far as that goes.
  @inline(__always)
  private func skipPlainWords(_ start: Int, _ end: Int) -> Int {
    var index = start
    while index + 8 <= end {
      let found = TextWords.inQuotes(
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      guard found == 0 else { return index + found.trailingZeroBitCount >> 3 }
      index += 8
    }
    return index
  }

  func skipSpaces(_ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, bytes[index] == 0x20 { index += 1 }
    return index
  }

  func skipSpacesBack(_ start: Int, _ end: Int) -> Int {
    var index = end
    while index > start, bytes[index - 1] == 0x20 { index -= 1 }
    return index
  }

  @inline(__always)
  func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  // MARK: Values

  /// A primitive: what stands between `start` and `end`, without the spaces around it.
  mutating func primitive(_ start: Int, _ end: Int) throws(TOONError) -> Value {
    guard start < end else { return .string("") }
    looksAt(end - start)
    let first = bytes[start]
    if first == UInt8(ascii: "\"") { return .string(try quoted(start, end)) }
    let token = slice(start, end)
    switch first {
    case UInt8(ascii: "t") where Literal.equal(token, "true"): return .bool(true)
    case UInt8(ascii: "f") where Literal.equal(token, "false"): return .bool(false)
    case UInt8(ascii: "n") where Literal.equal(token, "null"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      if Literal.isNumber(token) { return try number(token, at: start) }
    default: break
    }
    return .string(text(start, end))
  }

  /// A field's value, a list's item or a document: a primitive, or an empty array.
  mutating func value(_ start: Int, _ end: Int) throws(TOONError) -> Value {
    if end - start == 2, bytes[start] == UInt8(ascii: "["), bytes[start + 1] == UInt8(ascii: "]") {
      return .array([])
    }
    return try primitive(start, end)
  }

  private mutating func number(_ token: UnsafeRawBufferPointer, at start: Int) throws(TOONError) -> Value {
    var reader = JSONReader(bytes: token)
    guard let value = try? reader.value(depth: 0) else {
      guard options.isStrict else { return .string(text(start, start + token.count)) }
      throw error("expected a number that fits a double", .number, at: start)
    }
    return value == .double(0) ? .double(0) : value
  }

  // MARK: Texts

  /// The bytes were checked to be UTF-8.
  @inline(__always)
  func text(_ start: Int, _ end: Int) -> ByteText { ByteText(decoding: slice(start, end)) }

  /// A key: without quotes it is taken as it is.
  mutating func key(_ start: Int, _ end: Int) throws(TOONError) -> ByteText {
    looksAt(end - start)
    if start < end, bytes[start] == UInt8(ascii: "\"") { return try quoted(start, end) }
    return text(start, end)
  }

  /// A text in quotes, with nothing behind the second one.
  private mutating func quoted(_ start: Int, _ end: Int) throws(TOONError) -> ByteText {
    guard let close = closingQuote(start, end) else {
      throw error("expected '\"' at the end of a text in quotes", .escaping, at: end)
    }
    guard close == end - 1 else {
      throw error("expected nothing behind a text in quotes", .escaping, at: close + 1)
    }
    var isPlain = true
    var index = skipPlainWords(start + 1, close)
    while index < close {
      let byte = bytes[index]
      if classes[byte] & ByteClasses.escaped != 0, byte != 0x09 {
        isPlain = false
        guard !options.isStrict || byte >= 0x20 else {
          throw error("expected control characters in quotes to be escaped", .escaping, at: index)
        }
      }
      index += 1
    }
    return isPlain ? text(start + 1, close) : try unescaped(start + 1, close)
  }

  private mutating func unescaped(_ start: Int, _ end: Int) throws(TOONError) -> ByteText {
    var text: [UInt8] = []
    text.reserveCapacity(end - start)
    var index = start
    while index < end {
      guard bytes[index] == UInt8(ascii: "\\") else {
        text.append(bytes[index])
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(bytes[index + 1])
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"):
        text.append(contentsOf: try scalar(index + 2, end).utf8)
        index += 4
      default: throw error("expected one of \\ \" n r t u behind a backslash", .escaping, at: index + 1)
      }
      index += 2
    }
    return ByteText(decoding: text)
  }

  /// Four hexadecimal digits. A half of a surrogate pair is no character, and a pair is written without escapes.
  private mutating func scalar(_ start: Int, _ end: Int) throws(TOONError) -> Unicode.Scalar {
    var code: UInt32 = 0
    for index in start..<start + 4 {
      guard index < end, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
        throw error("expected four hexadecimal digits", .escaping, at: min(index, end))
      }
      code = code << 4 | UInt32(digit)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw error("expected a character, not half of a surrogate pair", .escaping, at: start)
    }
    return scalar
  }
}

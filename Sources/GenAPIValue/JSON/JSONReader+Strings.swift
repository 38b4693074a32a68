extension JSONReader {
  /// Reads the string whose first quote is here.
  ///
  /// - Throws: `JSONError` with the byte where the text stops being a string.
  public mutating func string() throws(JSONError) -> ByteText {
    position += 1
    let start = position
    let isASCII = try skipPlainText()
    guard bytes[position] == UInt8(ascii: "\"") else { return try escapedString(from: start) }
    let text = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    // ASCII cannot be invalid, and decoding it costs half as much as validating it.
    let string = isASCII ? ByteText(decoding: text) : try decoded(text, from: start)
    position += 1
    return string
  }

  /// Steps to the next quote or backslash, so that there is a byte at `position`; true when it met only ASCII.
  @discardableResult
  mutating func skipPlainText() throws(JSONError) -> Bool {
    var seen: UInt8 = 0
    while true {
      skipPlainWords()
      guard position < bytes.count else { break }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return seen < 0x80 }
      guard byte >= 0x20 else { throw error("expected control characters in a string to be escaped") }
      seen |= byte
      position += 1
    }
    throw error("expected '\"' at the end of a string, but the text ends")
  }

  /// Steps over ASCII that means nothing in a string, eight bytes at a time, as far as that goes.
  @inline(__always)
  private mutating func skipPlainWords() {
    while position + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      // Not ASCII either.
      let found = JSONBytes.special(word) | word & JSONBytes.tops
      guard found == 0 else {
        position += found.trailingZeroBitCount >> 3
        return
      }
      position += 8
    }
  }

  private func decoded(_ text: some Sequence<UInt8>, from start: Int) throws(JSONError) -> ByteText {
    guard let string = ByteText(validating: text) else {
      throw JSONError("expected UTF-8 in a string", offset: start)
    }
    return string
  }

  /// A string that has an escape in it, read up to the first one; rarer, and slower.
  private mutating func escapedString(from start: Int) throws(JSONError) -> ByteText {
    var text = Array(bytes[start..<position])
    while bytes[position] != UInt8(ascii: "\"") {
      position += 1
      try escape(into: &text)
      let plain = position
      try skipPlainText()
      text.append(contentsOf: bytes[plain..<position])
    }
    let string = try decoded(text, from: start)
    position += 1
    return string
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw error("expected the rest of an escape, but the text ends") }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      text.append(contentsOf: try escapedScalar().utf8)
      return
    default: throw error("expected one of \"\\/bfnrtu after a backslash")
    }
    position += 1
  }

  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let first = try hexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // Outside the basic plane a character is written as two halves, the high one first.
    guard (0xD800..<0xDC00).contains(first) else {
      if isLenient { return "\u{FFFD}" }
      throw refusal("expected the high half of a surrogate pair first")
    }
    let end = position
    if peek == UInt8(ascii: "\\"), end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "u") {
      position += 2
      let second = try hexDigits()
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    guard isLenient else { throw refusal("expected the low half of a surrogate pair") }
    // What follows stands for itself.
    position = end
    return "\u{FFFD}"
  }

  private mutating func hexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Self.hexDigit(byte) else {
        throw error("expected four hexadecimal digits")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}

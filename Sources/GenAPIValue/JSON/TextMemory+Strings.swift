extension TextMemory {
  /// Writes text in quotes; what needs it is escaped as JSON does. There must be room for the text and two quotes.
  @inline(__always)
  package mutating func put(quoted text: UnsafeRawBufferPointer) {
    put(UInt8(ascii: "\""))
    let isPlain = put(text) { JSONBytes.special($0) }
    if isPlain { return put(UInt8(ascii: "\"")) }
    escape(text)
    append(UInt8(ascii: "\""))
  }

  /// Copies text and looks at it, eight bytes at a time; there must be room for it.
  ///
  /// - Parameter special: not 0 when something in eight bytes is not to be written as it is.
  /// - Returns: false when there is such a thing, and nothing was written then.
  @inlinable @inline(__always)
  package mutating func put(_ text: UnsafeRawBufferPointer, special: (UInt64) -> UInt64) -> Bool {
    let length = text.count
    let target = next
    var found: UInt64 = 0
    if length >= 8 {
      var index = 0
      while index < length - 8 {
        let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
        found |= special(word)
        index += 8
      }
      // The last eight, some of them for the second time.
      let word = text.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
      target.storeBytes(of: word, toByteOffset: length - 8, as: UInt64.self)
      found |= special(word)
    } else if length >= 4 {
      let first = text.loadUnaligned(as: UInt32.self)
      let last = text.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self)
      found = special(UInt64(first) | UInt64(last) << 32)
      target.storeBytes(of: first, as: UInt32.self)
      target.storeBytes(of: last, toByteOffset: length - 4, as: UInt32.self)
    } else {
      // Letters in place of what is missing.
      var word: UInt64 = 0x6161_6161_6161_6161
      for index in 0..<length {
        word = word << 8 | UInt64(text[index])
        target.storeBytes(of: text[index], toByteOffset: index, as: UInt8.self)
      }
      found = special(word)
    }
    if found != 0 { return false }
    count += length
    return true
  }

  @inline(__always)
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  @inline(never)
  private mutating func escape(_ text: UnsafeRawBufferPointer) {
    var start = 0
    for index in text.indices where Self.isSpecial(text[index]) {
      append(UnsafeRawBufferPointer(rebasing: text[start..<index]))
      escape(text[index])
      start = index + 1
    }
    append(UnsafeRawBufferPointer(rebasing: text[start...]))
  }

  private mutating func escape(_ byte: UInt8) {
    reserve(6)
    put(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
    case 0x0A: put(UInt8(ascii: "n"))
    case 0x0D: put(UInt8(ascii: "r"))
    case 0x09: put(UInt8(ascii: "t"))
    default:
      put("u00")
      put(Self.hexDigit(byte >> 4))
      put(Self.hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

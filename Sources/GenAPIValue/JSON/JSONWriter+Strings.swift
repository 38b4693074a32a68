extension JSONWriter {
  public mutating func string(_ value: String) { string(ByteText(value)) }

  public mutating func string(_ value: ByteText) { value.withBytes { quoted(UnsafeRawBufferPointer($0)) } }

  private mutating func quoted(_ text: UnsafeRawBufferPointer) {
    // A comma and two quotes.
    memory.reserve(text.count + 3)
    separate()
    memory.put(UInt8(ascii: "\""))
    let isPlain = copy(text)
    if !isPlain { escape(text) }
    memory.append(UInt8(ascii: "\""))
  }

  /// Copies text that needs no escaping, eight bytes at a time; there must be room for it.
  ///
  /// - Returns: false when something in it has to be escaped, and nothing was written then.
  @inline(__always)
  private mutating func copy(_ text: UnsafeRawBufferPointer) -> Bool {
    let length = text.count
    let target = memory.next
    var found: UInt64 = 0
    if length >= 8 {
      var index = 0
      while index < length - 8 {
        found |= Self.move(text, to: target, at: index)
        index += 8
      }
      // The last eight, some of them for the second time.
      found |= Self.move(text, to: target, at: length - 8)
    } else if length >= 4 {
      let first = text.loadUnaligned(as: UInt32.self)
      let last = text.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self)
      found = JSONBytes.special(UInt64(first) | UInt64(last) << 32)
      target.storeBytes(of: first, as: UInt32.self)
      target.storeBytes(of: last, toByteOffset: length - 4, as: UInt32.self)
    } else {
      for index in 0..<length {
        let byte = text[index]
        if Self.isSpecial(byte) { found = 1 }
        target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      }
    }
    if found != 0 { return false }
    memory.count += length
    return true
  }

  @inline(__always)
  private static func move(_ text: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer, at index: Int)
    -> UInt64
  {
    let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
    return JSONBytes.special(word)
  }

  @inline(__always)
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  @inline(never)
  private mutating func escape(_ text: UnsafeRawBufferPointer) {
    var start = 0
    for index in text.indices where Self.isSpecial(text[index]) {
      memory.append(UnsafeRawBufferPointer(rebasing: text[start..<index]))
      escape(text[index])
      start = index + 1
    }
    memory.append(UnsafeRawBufferPointer(rebasing: text[start...]))
  }

  private mutating func escape(_ byte: UInt8) {
    memory.reserve(6)
    memory.put(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): memory.put(byte)
    case 0x0A: memory.put(UInt8(ascii: "n"))
    case 0x0D: memory.put(UInt8(ascii: "r"))
    case 0x09: memory.put(UInt8(ascii: "t"))
    default:
      memory.put("u00")
      memory.put(Self.hexDigit(byte >> 4))
      memory.put(Self.hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

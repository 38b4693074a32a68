/// A strict reader of JSON text (RFC 8259).
///
/// Never traps and never nests deeper than its bound, whatever the bytes. Integers that do not fit 64 bits
/// become doubles; of equal keys the last one wins; text that is not UTF-8 is refused.
public struct JSONReader {
  /// How deep arrays and objects may nest.
  public static let defaultMaxDepth = 128

  private let bytes: UnsafeRawBufferPointer
  private let maxDepth: Int
  private var position = 0

  /// Reads one value; only white space may surround it.
  ///
  /// - Throws: `JSONError` with the byte where the text stops being JSON.
  public static func parse(_ bytes: UnsafeRawBufferPointer, maxDepth: Int = defaultMaxDepth) throws(JSONError)
    -> Value
  {
    var reader = JSONReader(bytes: bytes, maxDepth: maxDepth)
    reader.skipSpace()
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.error("nothing may follow the value") }
    return value
  }

  private init(bytes: UnsafeRawBufferPointer, maxDepth: Int) {
    self.bytes = bytes
    self.maxDepth = maxDepth
  }

  private func error(_ message: String) -> JSONError { JSONError(message, offset: position) }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func value(depth: Int) throws(JSONError) -> Value {
    guard depth <= maxDepth else { throw error("values are nested deeper than \(maxDepth)") }
    guard let byte = peek else { throw error("a value is expected, but the text ends") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    default: throw error("a value is expected")
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONError) {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { throw error("\(word) is expected") }
    for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
      throw error("\(word) is expected")
    }
    position += count
  }

  private mutating func object(_ depth: Int) throws(JSONError) -> Value {
    position += 1
    var object = ValueObject()
    skipSpace()
    if peek == UInt8(ascii: "}") {
      position += 1
      return .object(object)
    }
    while true {
      guard peek == UInt8(ascii: "\"") else { throw error("a key in quotes is expected") }
      let key = try string()
      skipSpace()
      guard peek == UInt8(ascii: ":") else { throw error("':' is expected") }
      position += 1
      skipSpace()
      object[key] = try value(depth: depth + 1)
      skipSpace()
      switch peek {
      case UInt8(ascii: ","):
        position += 1
        skipSpace()
      case UInt8(ascii: "}"):
        position += 1
        return .object(object)
      default: throw error("',' or '}' is expected")
      }
    }
  }

  private mutating func array(_ depth: Int) throws(JSONError) -> Value {
    position += 1
    var elements: [Value] = []
    skipSpace()
    if peek == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      switch peek {
      case UInt8(ascii: ","):
        position += 1
        skipSpace()
      case UInt8(ascii: "]"):
        position += 1
        return .array(elements)
      default: throw error("',' or ']' is expected")
      }
    }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while let byte = peek {
      if byte == UInt8(ascii: "\"") {
        let slice = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        guard let text = String(validating: slice, as: UTF8.self) else {
          throw JSONError("the string is not UTF-8", offset: start)
        }
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw error("control characters must be escaped in a string") }
      position += 1
    }
    throw error("the string does not end")
  }

  /// The rest of a string that has an escape in it; slower, and rare.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var text: [UInt8] = Array(bytes[start..<position])
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONError("the string is not UTF-8", offset: start)
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20:
        position -= 1
        throw error("control characters must be escaped in a string")
      default: text.append(byte)
      }
    }
    throw error("the string does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw error("the string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += String(try escapedScalar()).utf8
    default:
      position -= 1
      throw error("unknown escape in a string")
    }
  }

  private mutating func escapedScalar() throws(JSONError) -> Character {
    let first = try hexDigits()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    // Outside the basic plane a character is written as two halves, the high one first.
    guard (0xD800..<0xDC00).contains(first), peek == UInt8(ascii: "\\") else {
      throw error("half a surrogate pair in a string")
    }
    position += 1
    guard peek == UInt8(ascii: "u") else { throw error("half a surrogate pair in a string") }
    position += 1
    let second = try hexDigits()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error("half a surrogate pair in a string") }
    return Character(scalar)
  }

  private mutating func hexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw error("\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONError) -> Value {
    let start = position
    let isNegative = peek == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var integer: Int64 = 0
    var fits = true
    let digitsStart = position
    while let digit = digit() {
      // Kept negative, because the smallest integer has no positive counterpart.
      let (product, overflowed) = integer.multipliedReportingOverflow(by: 10)
      let (difference, underflowed) = product.subtractingReportingOverflow(digit)
      if overflowed || underflowed { fits = false }
      integer = difference
    }
    let digits = position - digitsStart
    guard digits > 0 else { throw error("a digit is expected") }
    guard digits == 1 || bytes[digitsStart] != UInt8(ascii: "0") else {
      throw JSONError("a number must not start with 0", offset: digitsStart)
    }
    var isInteger = true
    if peek == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try someDigits()
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      try someDigits()
    }
    if isInteger && fits && (isNegative || integer != .min) { return .int(isNegative ? integer : -integer) }
    let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    guard let double = Double(text), double.isFinite else {
      throw JSONError("the number is too large", offset: start)
    }
    return .double(double)
  }

  private mutating func someDigits() throws(JSONError) {
    guard digit() != nil else { throw error("a digit is expected") }
    while digit() != nil {}
  }

  private mutating func digit() -> Int64? {
    guard let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
    position += 1
    return Int64(byte - UInt8(ascii: "0"))
  }
}

/// A strict reader of JSON text (RFC 8259).
///
/// Never traps and never nests deeper than its bound, whatever the bytes. Integers keep their
/// digits, up to `WideInteger.mostDigits`; of equal keys the last one wins, at the place of the first; text that is not UTF-8
/// is refused.
public struct JSONReader {
  /// How deep arrays and objects may nest unless told otherwise.
  public static let defaultMaxDepth = 128
  /// How deep they may nest at most. A level takes up to 2 KB of stack in a debug build (a quarter of that in
  /// release), and the smallest stack a thread has by default is 512 KB, on macOS.
  public static let deepestMaxDepth = 200

  /// Room for so many fields or elements is made at once; more is made as they come.
  private static let usualCount = 5

  let bytes: UnsafeRawBufferPointer
  private let maxDepth: Int
  /// Whether what is JSON but not taken is replaced: see `parseLeniently`.
  let isLenient: Bool
  var position = 0

  /// Reads one value; only white space may surround it.
  ///
  /// - Parameters:
  ///   - maxDepth: how deep arrays and objects may nest, at most `deepestMaxDepth`.
  ///   - maxBytes: the longest text that is read.
  /// - Throws: `JSONError` with the byte where the text stops being JSON.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, maxDepth: Int = defaultMaxDepth, maxBytes: Int = .max
  ) throws(JSONError) -> Value {
    guard bytes.count <= maxBytes else {
      throw JSONError("the text has \(bytes.count) bytes, more than \(maxBytes)", offset: max(0, maxBytes))
    }
    var reader = JSONReader(bytes: bytes, maxDepth: maxDepth)
    reader.skipSpace()
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.error("expected the end of the text") }
    return value
  }

  /// Reads one value; only white space may surround it.
  ///
  /// - Throws: `JSONError` with the byte where the text stops being JSON.
  public static func parse(
    _ bytes: RawSpan, maxDepth: Int = defaultMaxDepth, maxBytes: Int = .max
  ) throws(JSONError) -> Value {
    try bytes.withUnsafeBytes { (bytes) throws(JSONError) in
      try parse(bytes, maxDepth: maxDepth, maxBytes: maxBytes)
    }
  }

  /// Reads piece by piece, for text whose form is known: with `peek`, `take`, `string` and `value`.
  ///
  /// - Parameters:
  ///   - bytes: must stay where they are as long as the reader is used.
  ///   - maxDepth: how deep arrays and objects may nest, at most `deepestMaxDepth`.
  public init(bytes: UnsafeRawBufferPointer, maxDepth: Int = defaultMaxDepth) {
    self.init(bytes: bytes, maxDepth: maxDepth, isLenient: false)
  }

  init(bytes: UnsafeRawBufferPointer, maxDepth: Int, isLenient: Bool) {
    self.bytes = bytes
    self.maxDepth = min(maxDepth, Self.deepestMaxDepth)
    self.isLenient = isLenient
  }

  func error(_ message: String) -> JSONError { JSONError(message, offset: position) }

  /// For what is JSON and not taken.
  func refusal(_ message: String, at offset: Int? = nil) -> JSONError {
    JSONError(message, offset: offset ?? position, isRefusal: true)
  }

  /// Steps over a byte and the white space behind it; false when another stands there.
  @inline(__always)
  public mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    skipSpace()
    return true
  }

  /// True when all was read.
  public var isAtEnd: Bool { position == bytes.count }

  /// The byte that is read next; nil at the end.
  public var peek: UInt8? {
    @inline(__always) get { position < bytes.count ? bytes[position] : nil }
  }

  @inline(__always)
  mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Reads the value that begins here.
  ///
  /// - Parameter depth: how many arrays and objects are around it.
  /// - Throws: `JSONError` with the byte where the text stops being JSON.
  public mutating func value(depth: Int) throws(JSONError) -> Value {
    guard let byte = peek else { throw error("expected a value, but the text ends") }
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      if isLenient, depth >= maxDepth {
        try skipBrackets()
        return .null
      }
      return byte == UInt8(ascii: "{") ? try object(depth) : try array(depth)
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
    default: throw error("expected a value")
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONError) {
    let count = word.utf8CodeUnitCount
    guard bytes.count - position >= count else { throw error("expected \(word)") }
    for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
      throw error("expected \(word)")
    }
    position += count
  }

  /// Steps over an opening bracket. An array in an array is at depth 2.
  mutating func open(_ depth: Int) throws(JSONError) {
    guard depth < maxDepth else { throw refusal("expected no more than \(maxDepth) levels of nesting") }
    position += 1
    skipSpace()
  }

  private mutating func object(_ depth: Int) throws(JSONError) -> Value {
    try open(depth)
    if peek == UInt8(ascii: "}") {
      position += 1
      return .object([:])
    }
    var object = ValueObject(minimumCapacity: Self.usualCount)
    while true {
      guard peek == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
      let key = try string()
      skipSpace()
      guard peek == UInt8(ascii: ":") else { throw error("expected ':'") }
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
      default: throw error("expected ',' or '}'")
      }
    }
  }

  private mutating func array(_ depth: Int) throws(JSONError) -> Value {
    try open(depth)
    if peek == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    var elements: [Value] = []
    elements.reserveCapacity(Self.usualCount)
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
      default: throw error("expected ',' or ']'")
      }
    }
  }
}

extension JSONReader {
  /// Where the object that begins the bytes ends: checked as strictly as if it were read, but nothing is made of it.
  ///
  /// - Throws: `JSONError` with the byte where the text stops being an object.
  public static func endOfObject(
    _ bytes: UnsafeRawBufferPointer, maxDepth: Int = defaultMaxDepth
  ) throws(JSONError) -> Int {
    var reader = JSONReader(bytes: bytes, maxDepth: maxDepth)
    guard reader.peek == UInt8(ascii: "{") else { throw reader.error("expected an object") }
    try reader.skipValue(depth: 0)
    return reader.position
  }

  /// One field of an object that `endOfObject` has passed; nothing is made of the others.
  public static func field(_ key: StaticString, ofChecked bytes: UnsafeRawBufferPointer) -> Value? {
    var reader = JSONReader(bytes: bytes, maxDepth: deepestMaxDepth)
    return try? reader.lastField(key)
  }

  /// Steps over a value and the white space behind it, and gives the value's bytes as they stand; nothing is made of
  /// it. A string's bytes have their quotes and escapes.
  ///
  /// - Throws: `JSONError` with the byte where the text stops being JSON.
  public mutating func raw() throws(JSONError) -> UnsafeRawBufferPointer {
    let start = position
    try skipValue(depth: 0)
    let end = position
    skipSpace()
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// Steps over a key, its colon and the white space around that, and gives the key's bytes; nil for a key that is not
  /// ASCII as it stands, and where none is, at some byte behind here.
  public mutating func plainKey() -> UnsafeRawBufferPointer? {
    guard peek == UInt8(ascii: "\"") else { return nil }
    position += 1
    let start = position
    guard let isASCII = try? skipPlainText(), isASCII, bytes[position] == UInt8(ascii: "\"") else {
      return nil
    }
    let key = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    position += 1
    skipSpace()
    return take(UInt8(ascii: ":")) ? key : nil
  }

  /// Steps over a string and the white space behind it; nil where none is.
  public mutating func plainText() -> ByteText? {
    guard peek == UInt8(ascii: "\""), let text = try? string() else { return nil }
    skipSpace()
    return text
  }

  /// Steps over a whole number of at most 18 digits and the white space behind it; nil for any other, at some byte behind
  /// here.
  public mutating func wholeNumber() -> Int64? {
    let start = position
    var number: Int64 = 0
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      number = number &* 10 &+ Int64(digit)
      position += 1
    }
    let count = position - start
    guard (1...18).contains(count), count == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
    skipSpace()
    return number
  }

  mutating func skipValue(depth: Int) throws(JSONError) {
    guard let byte = peek else { throw error("expected a value, but the text ends") }
    switch byte {
    case UInt8(ascii: "{"): try skipObject(depth)
    case UInt8(ascii: "["): try skipArray(depth)
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
    default: _ = try value(depth: depth)
    }
  }

  private mutating func skipObject(_ depth: Int) throws(JSONError) {
    try open(depth)
    if peek == UInt8(ascii: "}") {
      position += 1
      return
    }
    while true {
      guard peek == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
      try skipString()
      try skipColon()
      try skipValue(depth: depth + 1)
      skipSpace()
      guard try !ends(with: UInt8(ascii: "}")) else { return }
    }
  }

  private mutating func skipArray(_ depth: Int) throws(JSONError) {
    try open(depth)
    if peek == UInt8(ascii: "]") {
      position += 1
      return
    }
    while true {
      try skipValue(depth: depth + 1)
      skipSpace()
      guard try !ends(with: UInt8(ascii: "]")) else { return }
    }
  }

  mutating func skipColon() throws(JSONError) {
    skipSpace()
    guard peek == UInt8(ascii: ":") else { throw error("expected ':'") }
    position += 1
    skipSpace()
  }

  /// After an entry: true at the end of the list, false after a comma.
  mutating func ends(with end: UInt8) throws(JSONError) -> Bool {
    guard let byte = peek, byte == end || byte == UInt8(ascii: ",") else {
      throw error("expected ',' or '\(UnicodeScalar(end))'")
    }
    position += 1
    if byte != end { skipSpace() }
    return byte == end
  }

  /// A string of ASCII without escapes cannot be wrong; any other is read, to be sure.
  private mutating func skipString() throws(JSONError) {
    let start = position
    position += 1
    if try skipPlainText(), bytes[position] == UInt8(ascii: "\"") {
      position += 1
      return
    }
    position = start
    _ = try string()
  }

  /// Up to 18 digits are a whole number; any other is read.
  private mutating func skipNumber() throws(JSONError) {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    let first = position
    while let byte = peek, byte &- UInt8(ascii: "0") < 10 { position += 1 }
    let count = position - first
    let goesOn = peek.map { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } ?? false
    if !goesOn, (1...18).contains(count), count == 1 || bytes[first] != UInt8(ascii: "0") { return }
    position = start
    _ = try number()
  }

  /// Of equal keys the last one wins, as when the object is read.
  private mutating func lastField(_ key: StaticString) throws(JSONError) -> Value? {
    try open(0)
    var found: Int?
    while peek == UInt8(ascii: "\"") {
      let isWanted = try takesKey(key)
      try skipColon()
      if isWanted { found = position }
      try skipValue(depth: 1)
      skipSpace()
      if try ends(with: UInt8(ascii: "}")) { break }
    }
    guard let found else { return nil }
    position = found
    return try value(depth: 1)
  }

  /// Steps over a key; true when it is this one, however it is written.
  private mutating func takesKey(_ key: StaticString) throws(JSONError) -> Bool {
    let start = position + 1
    try skipString()
    let text = UnsafeRawBufferPointer(rebasing: bytes[start..<position - 1])
    if text.elementsEqual(UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)) {
      return true
    }
    guard text.contains(UInt8(ascii: "\\")) else { return false }
    position = start - 1
    return try string() == "\(key)"
  }

  /// See `rangeOfLast`.
  mutating func lastRange(_ key: StaticString?) throws(JSONError) -> Range<Int> {
    let end = UInt8(ascii: key == nil ? "]" : "}")
    guard peek == UInt8(ascii: key == nil ? "[" : "{") else { throw error("expected an array or object") }
    try open(0)
    var found: Range<Int>?
    while peek != end {
      var isWanted = true
      if let key {
        guard peek == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
        isWanted = try takesKey(key)
        try skipColon()
      }
      let start = position
      try skipValue(depth: 1)
      if isWanted { found = start..<position }
      skipSpace()
      if try ends(with: end) { break }
    }
    guard let found else { throw error("expected what is not there") }
    return found
  }
}

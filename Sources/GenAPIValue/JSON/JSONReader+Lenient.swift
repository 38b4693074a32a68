extension JSONReader {
  /// Reads what RFC 8259 calls JSON and `parse` does not take: half of a surrogate pair becomes U+FFFD, a number beyond a
  /// double and what is nested too deep become null. For telling who sent it; nothing else may be done with it.
  ///
  /// - Throws: `JSONError` with the byte where the text stops being JSON.
  public static func parseLeniently(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> Value {
    var reader = JSONReader(bytes: bytes, maxDepth: defaultMaxDepth, isLenient: true)
    reader.skipSpace()
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.isAtEnd else { throw reader.error("expected the end of the text") }
    return value
  }

  /// Where the last element of an array lies, or the last field of this name in an object, without making anything of it.
  ///
  /// - Parameter key: nil for an array.
  /// - Throws: `JSONError` when the text is no such array or object, or the object has no such field.
  public static func rangeOfLast(
    _ key: StaticString?, in bytes: UnsafeRawBufferPointer
  ) throws(JSONError) -> Range<Int> {
    var reader = JSONReader(bytes: bytes, maxDepth: deepestMaxDepth)
    reader.skipSpace()
    return try reader.lastRange(key)
  }

  /// Steps over an array or object however deep it is: only its brackets and strings are looked at.
  mutating func skipBrackets() throws(JSONError) {
    var depth = 0
    repeat {
      guard let byte = peek else { throw error("expected a bracket, but the text ends") }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      case UInt8(ascii: "\""): _ = try string()
      default: position += 1
      }
    } while depth > 0
  }
}

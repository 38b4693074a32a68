extension JSONWriter {
  /// Writes a string with its quotes and escapes.
  public mutating func string(_ value: String) { string(ByteText(value)) }

  /// Writes a string with its quotes and escapes.
  public mutating func string(_ value: ByteText) {
    // Nil for a text that is not UTF-8 in one piece, which no ByteText is.
    if value.string.utf8.withContiguousStorageIfAvailable({ quoted(UnsafeRawBufferPointer($0)) }) == nil {
      value.withBytes { quoted(UnsafeRawBufferPointer($0)) }
    }
  }

  @inline(__always)
  private mutating func quoted(_ text: UnsafeRawBufferPointer) {
    memory.reserve(text.count + 3)
    separate()
    memory.put(quoted: text)
  }
}

extension JSONWriter {
  public mutating func string(_ value: String) {
    // Nil for a string that is not UTF-8 in one piece.
    if value.utf8.withContiguousStorageIfAvailable({ quoted(UnsafeRawBufferPointer($0)) }) == nil {
      var text = value
      text.withUTF8 { quoted(UnsafeRawBufferPointer($0)) }
    }
  }

  private mutating func quoted(_ text: UnsafeRawBufferPointer) {
    memory.reserve(text.count + 3)
    separate()
    memory.put(quoted: text)
  }
}

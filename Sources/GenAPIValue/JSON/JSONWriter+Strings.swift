extension JSONWriter {
  public mutating func string(_ value: String) { string(ByteText(value)) }

  public mutating func string(_ value: ByteText) { value.withBytes { quoted(UnsafeRawBufferPointer($0)) } }

  private mutating func quoted(_ text: UnsafeRawBufferPointer) {
    memory.reserve(text.count + 3)
    separate()
    memory.put(quoted: text)
  }
}

import GenAPIValue

extension TOONWriter {
  mutating func primitive(_ value: Value) {
    switch value {
    case .null: literal("null")
    case .bool(let value): literal(value ? "true" : "false")
    case .int(let value):
      memory.reserve(TextMemory.longestInt)
      memory.put(value)
    case .double(let value): double(value)
    case .string(let value): string(value)
    // The numbers of TOON have no bound, and no exponent is due.
    case .wideInteger(let value): value.digits.withBytes { memory.append(UnsafeRawBufferPointer($0)) }
    case .bytes(let value): string(ByteText(Base64.encode(value)))
    // Never asked for.
    case .array, .object: break
    }
  }

  mutating func literal(_ text: StaticString) {
    memory.reserve(text.utf8CodeUnitCount)
    memory.put(text)
  }

  mutating func string(_ value: ByteText) { value.withBytes { string(UnsafeRawBufferPointer($0)) } }

  mutating func key(_ value: ByteText) { value.withBytes { key(UnsafeRawBufferPointer($0)) } }

  private mutating func string(_ text: UnsafeRawBufferPointer) {
    guard let first = text.first else { return literal("\"\"") }
    memory.reserve(text.count + 2)
    let start = classes[first]
    guard start & ByteClasses.badStart == 0, text[text.count - 1] != 0x20,
      start & ByteClasses.maybeLiteral == 0 || !Literal.isLiteral(text)
    else { return memory.put(quoted: text) }
    let words = words
    if memory.put(text, special: { words.special($0) }) { return }
    if needsQuotes(text) { memory.put(quoted: text) } else { memory.append(text) }
  }

  /// Whether something in a text needs quotes wherever it stands.
  private func needsQuotes(_ text: UnsafeRawBufferPointer) -> Bool {
    text.contains { classes[$0] & quotedClasses != 0 }
  }

  private mutating func key(_ text: UnsafeRawBufferPointer) {
    guard let first = text.first else { return literal("\"\"") }
    memory.reserve(text.count + 2)
    let target = memory.next
    var all: UInt8 = ByteClasses.key
    for index in 0..<text.count {
      let byte = text[index]
      all &= classes[byte]
      target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
    if all != 0, classes[first] & ByteClasses.keyStart != 0 {
      memory.count += text.count
    } else {
      memory.put(quoted: text)
    }
  }
}

/// Appends JSON text (RFC 8259) to memory of its own; puts the commas itself.
///
/// Doubles are written as the shortest text that comes back as the same double: a whole one keeps its `.0`, so
/// it does not come back as an integer. JSON has no infinity and no NaN: they become null. Bytes become a Base64
/// string. Nothing allocates but the growing of the memory, and doubles of more than 15 characters.
///
/// ```swift
/// var json = JSONWriter()
/// json.beginObject()
/// json.key("service")
/// json.string("users")
/// json.endObject()
/// json.bytes  // {"service":"users"}
/// ```
///
/// Commas are put in by itself; that keys stand in objects and brackets match is up to the caller.
public struct JSONWriter: ~Copyable {
  @usableFromInline var memory: TextMemory
  /// A comma is due before the next key or element.
  @usableFromInline var needsComma = false

  /// - Parameter capacity: bytes that can be written before the memory grows.
  public init(capacity: Int = 256) { memory = TextMemory(capacity: capacity) }

  /// How many bytes were written.
  @inlinable public var count: Int { memory.count }

  /// What was written.
  public var bytes: [UInt8] { withBytes { Array($0) } }

  /// What was written, as text.
  public var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  /// Shows what was written, without a copy, for the time of the call.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: memory.start, count: memory.count))
  }

  /// Begins anew, in the same memory unless that has grown beyond so many bytes.
  @inlinable
  public mutating func restart(keepingAtMost limit: Int = .max) {
    if memory.capacity > limit { memory = TextMemory(capacity: 256) }
    memory.count = 0
    needsComma = false
  }

  /// Begins an object; keys and values follow in turn.
  @inlinable public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  /// Ends the object that was begun last.
  @inlinable public mutating func endObject() { end(UInt8(ascii: "}")) }
  /// Begins an array; values follow.
  @inlinable public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  /// Ends the array that was begun last.
  @inlinable public mutating func endArray() { end(UInt8(ascii: "]")) }

  @inlinable @inline(__always)
  mutating func begin(_ bracket: UInt8) {
    memory.reserve(2)
    separate()
    memory.put(bracket)
    needsComma = false
  }

  @inlinable @inline(__always)
  mutating func end(_ bracket: UInt8) {
    memory.append(bracket)
    needsComma = true
  }

  /// Puts the comma that is due; there must be room for it.
  @inlinable @inline(__always)
  mutating func separate() {
    if needsComma { memory.put(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// A key that needs no escaping.
  @inlinable @inline(__always)
  public mutating func key(_ key: StaticString) {
    memory.reserve(key.utf8CodeUnitCount + 4)
    separate()
    memory.put(UInt8(ascii: "\""))
    memory.put(key)
    memory.put("\":")
    needsComma = false
  }

  /// Any key. It has a name of its own, because a literal would take a way for any text rather than the one above.
  public mutating func key(escaping key: ByteText) {
    string(key)
    memory.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes true or false.
  @inlinable @inline(__always)
  public mutating func bool(_ value: Bool) {
    if value { literal("true") } else { literal("false") }
  }

  /// Writes null.
  @inlinable public mutating func null() { literal("null") }

  /// A value that is JSON as it stands, or the beginning of one.
  @inlinable @inline(__always)
  public mutating func literal(_ text: StaticString) {
    memory.reserve(text.utf8CodeUnitCount + 1)
    separate()
    memory.put(text)
  }

  /// Ends a line of JSON, and what follows begins anew.
  @inlinable
  public mutating func newline() {
    memory.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  /// A whole value. Nests as deep as the value does; readers of foreign text bound that.
  public mutating func value(_ value: Value) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .int(let value): int(value)
    case .wideInteger(let value): digits(value)
    case .double(let value): double(value)
    case .string(let value): string(value)
    case .bytes(let value): base64(value)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let object):
      beginObject()
      // By index: what goes through an ordered dictionary by itself holds a copy of it.
      let values = object.values.elements
      for index in values.indices {
        key(escaping: object.keys[index])
        self.value(values[index])
      }
      endObject()
    }
  }

  private mutating func digits(_ value: WideInteger) {
    memory.reserve(value.digits.byteCount + 1)
    separate()
    value.digits.withBytes { memory.append(UnsafeRawBufferPointer($0)) }
  }

  private mutating func base64(_ value: [UInt8]) {
    memory.reserve(Base64.length(value.count) + 3)
    separate()
    memory.put(UInt8(ascii: "\""))
    Base64.forEach(of: value) { memory.put($0) }
    memory.put(UInt8(ascii: "\""))
  }
}

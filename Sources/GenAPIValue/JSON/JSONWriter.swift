/// Appends JSON text (RFC 8259) to bytes; puts the commas itself.
///
/// Doubles are written as the shortest text that comes back as the same double: a whole one keeps its `.0`, so
/// it does not come back as an integer. JSON has no infinity and no NaN: they become null. Bytes become a Base64
/// string. Nothing allocates but the growing of `bytes`, and doubles of more than 15 characters.
///
/// ```swift
/// var json = JSONWriter()
/// json.beginObject()
/// json.key("service")
/// json.string("users")
/// json.endObject()  // {"service":"users"}
/// ```
///
/// Commas are put in by itself; that keys stand in objects and brackets match is up to the caller.
public struct JSONWriter {
  public var bytes: [UInt8]
  /// A comma is due before the next key or element.
  private var needsComma = false

  public init(bytes: [UInt8] = []) { self.bytes = bytes }

  /// Begins anew in the same memory.
  public mutating func restart() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  public mutating func endObject() { end(UInt8(ascii: "}")) }
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  @inline(__always)
  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// A key that needs no escaping.
  public mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func key(_ key: String) {
    separate()
    quoted(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func string(_ value: String) {
    separate()
    quoted(value)
  }

  public mutating func int(_ value: Int64) {
    separate()
    digits(value)
  }

  public mutating func double(_ value: Double) {
    separate()
    // Below 2 to the 53rd every whole double is an integer of the same value; -0.0 is not.
    if value.magnitude < 9_007_199_254_740_992, value.rounded(.towardZero) == value,
      value != 0 || value.sign == .plus
    {
      digits(Int64(value))
      literal(".0")
    } else if value.isFinite {
      bytes.append(contentsOf: value.description.utf8)
    } else {
      literal("null")
    }
  }

  public mutating func bool(_ value: Bool) {
    separate()
    literal(value ? "true" : "false")
  }

  public mutating func null() {
    separate()
    literal("null")
  }

  /// A whole value. Nests as deep as the value does; readers of foreign text bound that.
  public mutating func value(_ value: Value) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .int(let value): int(value)
    case .double(let value): double(value)
    case .string(let value): string(value)
    case .bytes(let value): base64(value)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let object):
      beginObject()
      for (key, element) in object {
        self.key(key)
        self.value(element)
      }
      endObject()
    }
  }

  @inline(__always)
  private mutating func literal(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

  private mutating func base64(_ value: [UInt8]) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    Base64.append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func digits(_ value: Int64) {
    // 19 digits and a sign at most.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { text in
      var start = text.count
      var rest = value.magnitude
      repeat {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
        start -= 1
        text[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder)
        rest = quotient
      } while rest > 0
      if value < 0 {
        start -= 1
        text[start] = UInt8(ascii: "-")
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
  }

  private mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var start = 0
      while let index = Self.firstToEscape(utf8, from: start) {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
        escape(utf8[index])
        start = index + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Looks at eight bytes at a time, as the reader does.
  @inline(__always)
  private static func firstToEscape(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let bytes = UnsafeRawBufferPointer(utf8)
    var index = start
    while index + 8 <= bytes.count,
      JSONBytes.special(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) == 0
    {
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
      index += 1
    }
    return nil
  }

  private func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    default:
      literal("u00")
      bytes.append(hexDigit(byte >> 4))
      bytes.append(hexDigit(byte & 15))
    }
  }
}

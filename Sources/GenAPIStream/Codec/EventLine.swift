import GenAPIValue
import NIOCore

/// An `event` line in the very form the exporter writes, cut up without making an object of it first.
///
/// Events are nearly all of a busy stream, and this spares each of them the outer object and its texts. A line in any
/// other form is no error: it is nil here, and read field by field.
struct EventLine {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  static func decode(_ bytes: UnsafeRawBufferPointer) -> EventRecord? {
    var line = EventLine(bytes: bytes)
    return line.record()
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func record() -> EventRecord? {
    guard skip("{\"t\":\"event\",\"seq\":"), let sequence = digits(), skip(",\"at\":"), let at = digits(),
      skip(",\"name\":\""), let name = name(), skip("\",\"m\":"), let measurements = object(),
      skip(",\"d\":"), let metadata = object(), skip("}"), position == bytes.count
    else { return nil }
    return EventRecord(
      sequence: sequence, at: at, name: name, measurements: measurements, metadata: metadata)
  }

  private mutating func skip(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
    position += count
    return true
  }

  /// At most 18 of them, which always fit.
  private mutating func digits() -> Int64? {
    let start = position
    var value: Int64 = 0
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      value = value &* 10 &+ Int64(digit)
      position += 1
    }
    let count = position - start
    guard (1...18).contains(count), count == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
    return value
  }

  /// Only lower case, digits, dots and underscores, as every event's name is.
  private mutating func name() -> String? {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"):
        position += 1
      default: return String(decoding: bytes[start..<position], as: UTF8.self)
      }
    }
    return nil
  }

  /// Finds where the object ends by its braces, then has it read.
  private mutating func object() -> ValueObject? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { return nil }
    let start = position
    var depth = 0
    var isText = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""): isText.toggle()
      case UInt8(ascii: "\\") where isText: position += 1
      case UInt8(ascii: "{") where !isText: depth += 1
      case UInt8(ascii: "}") where !isText:
        depth -= 1
        if depth == 0 {
          position += 1
          let part = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
          // One level less than a whole line may have, for the object around it.
          guard case .object(let object)? = try? JSONReader.parse(part, maxDepth: 63) else { return nil }
          return object
        }
      default: break
      }
      position += 1
    }
    return nil
  }
}

import GenAPIValue
import NIOCore

/// An `event` line in the very form the exporter writes, checked and cut up without making objects of it.
///
/// Events are nearly all of a busy stream, and few of them are looked at. A line in any other form is no error: it is
/// nil here, and read field by field.
struct EventFrameScanner {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  static func decode(_ bytes: UnsafeRawBufferPointer) -> EventRecord? {
    var line = EventFrameScanner(bytes: bytes)
    return line.record()
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func record() -> EventRecord? {
    guard skip("{\"t\":\"event\",\"seq\":"), let sequence = digits(), skip(",\"at\":"), let at = digits(),
      skip(",\"name\":\""), let name = name(), skip("\",\"m\":"), let measurements = object(),
      skip(",\"d\":"), let metadata = object(), skip("}"), position == bytes.count
    else { return nil }
    return EventRecord(
      sequence: sequence, at: at, name: name,
      fields: FieldsText(checkedMeasurements: measurements, metadata: metadata))
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
  private mutating func name() -> ByteText? {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"):
        position += 1
      default: return KnownPaths.path(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
      }
    }
    return nil
  }

  /// Checks it; one level less than a whole line may have, for the object around it.
  private mutating func object() -> UnsafeRawBufferPointer? {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
    guard let length = try? JSONReader.endOfObject(rest, maxDepth: 63) else { return nil }
    position += length
    return UnsafeRawBufferPointer(rebasing: rest[..<length])
  }
}

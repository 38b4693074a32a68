import GenAPIValue
import NIOCore

/// Says when a recorded line arrived: `"received_at"`, the last field of its object.
///
/// What a frame says of its own time is the sender's clock, which may be set while a recording runs. Written here the mark has one
/// form, at the very end of a line, so that it is found and taken off without reading the line as JSON; where another program wrote
/// the line anew, it is looked for as JSON.
enum ArrivalMark {
  /// Puts the mark before the closing brace: microseconds since the Unix epoch.
  static func put(_ at: Int64, on line: inout [UInt8]) {
    guard let end = line.lastIndex(of: UInt8(ascii: "}")) else { return }
    let isEmpty = line[..<end].last { $0 != UInt8(ascii: " ") } == UInt8(ascii: "{")
    line.insert(contentsOf: isEmpty ? Array(field.dropFirst()) + digits(at) : field + digits(at), at: end)
  }

  /// What the mark says, wherever it stands; taken off where it stands as it is put. nil for a line without one.
  static func take(from line: inout ByteBuffer) -> Int64? { takeLast(from: &line) ?? find(in: line) }

  private static func find(in line: ByteBuffer) -> Int64? {
    // Hardly any line has the word.
    guard line.withUnsafeReadableBytes(hasName), let value = try? Value(json: Array(line.readableBytesView))
    else { return nil }
    return value["received_at"]?.int.flatMap { (0..<mostMicroseconds).contains($0) ? $0 : nil }
  }

  private static func hasName(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
      if rest[quote...].starts(with: name) { return true }
      rest = rest[(quote + 1)...]
    }
    return false
  }

  private static func takeLast(from line: inout ByteBuffer) -> Int64? {
    let bytes = line.readableBytesView
    guard bytes.last == UInt8(ascii: "}") else { return nil }
    var value: Int64 = 0
    var power: Int64 = 1
    var index = bytes.index(before: bytes.endIndex)
    var count = 0
    // A longer number is none that was put here.
    while count < 17, index > bytes.startIndex {
      let before = bytes.index(before: index)
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[before]) else { break }
      value += Int64(bytes[before] - UInt8(ascii: "0")) * power
      power *= 10
      index = before
      count += 1
    }
    guard count > 0, bytes[bytes.startIndex..<index].suffix(field.count).elementsEqual(field) else {
      return nil
    }
    line.moveWriterIndex(to: line.readerIndex + (index - bytes.startIndex) - field.count)
    line.writeInteger(UInt8(ascii: "}"))
    return value
  }

  /// A longer number is none that was put here.
  private static let mostMicroseconds: Int64 = 100_000_000_000_000_000
  private static let name = Array("\"received_at\"".utf8)
  private static let field = Array(",\"received_at\":".utf8)
  private static func digits(_ value: Int64) -> [UInt8] { Array("\(max(value, 0))".utf8) }
}

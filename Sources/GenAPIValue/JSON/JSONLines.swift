import OutsideText

/// Where keys and elements of lists stand in a JSON text, since values keep no positions.
package struct JSONLines {
  /// By path, a key or the number in a list a level: the line, from 1.
  package private(set) var numbers: [[String]: Int] = [:]

  /// - Parameter json: JSON; of another text as far as it is.
  package init(_ json: some Collection<UInt8>) {
    Array(json).withUnsafeBytes { bytes in
      var reader = JSONReader(bytes: bytes)
      reader.skipSpace()
      var counted = (offset: 0, line: 1)
      try? walk(&reader, [], &counted)
    }
  }

  /// Steps over the value that begins here.
  private mutating func walk(
    _ reader: inout JSONReader, _ path: [String], _ counted: inout (offset: Int, line: Int)
  ) throws(JSONError) {
    switch reader.peek {
    case UInt8(ascii: "{"):
      try reader.open(path.count)
      if reader.take(UInt8(ascii: "}")) { return }
      repeat {
        let line = Self.line(of: reader, &counted)
        let inner = path + [try reader.string().string]
        numbers[inner] = line
        try reader.skipColon()
        try walk(&reader, inner, &counted)
        reader.skipSpace()
      } while try !reader.ends(with: UInt8(ascii: "}"))
    case UInt8(ascii: "["):
      try reader.open(path.count)
      if reader.take(UInt8(ascii: "]")) { return }
      var index = 0
      repeat {
        let inner = path + ["\(index)"]
        numbers[inner] = Self.line(of: reader, &counted)
        try walk(&reader, inner, &counted)
        reader.skipSpace()
        index += 1
      } while try !reader.ends(with: UInt8(ascii: "]"))
    default: try reader.skipValue(depth: path.count)
    }
  }

  /// The line of what is read next.
  private static func line(of reader: JSONReader, _ counted: inout (offset: Int, line: Int)) -> Int {
    counted.line += reader.bytes[counted.offset..<reader.position].count { $0 == UInt8(ascii: "\n") }
    counted.offset = reader.position
    return counted.line
  }
}

import OutsideText

extension Value {
  /// Reads JSON that a person wrote, in a file or on a command line: as any, but for a key that stands twice in one object, whose first
  /// value would be passed over without a word.
  ///
  /// - Throws: `JSONError` naming what is wrong and at which byte; of such a key it is a refusal with both lines.
  package init(
    written json: some Collection<UInt8>, maxDepth: Int = JSONReader.defaultMaxDepth
  ) throws(JSONError) {
    let bytes = Array(json)
    self = try Value(json: bytes, maxDepth: maxDepth)
    let result: Result<Void, JSONError> = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONError) in
        var reader = JSONReader(bytes: bytes, maxDepth: maxDepth)
        reader.skipSpace()
        try reader.refuseRepeatedKeys(depth: 0)
      }
    }
    try result.get()
  }
}

extension JSONError {
  /// The line of the text that this is about, from 1.
  package func line(in text: some Collection<UInt8>) -> Int {
    text.prefix(offset).reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
  }
}

extension JSONReader {
  /// Steps over the value that begins here.
  fileprivate mutating func refuseRepeatedKeys(depth: Int) throws(JSONError) {
    switch peek {
    case UInt8(ascii: "{"):
      try open(depth)
      if take(UInt8(ascii: "}")) { return }
      var places: [ByteText: Int] = [:]
      repeat {
        let place = position
        let key = try string()
        if let first = places.updateValue(place, forKey: key) { throw repeated(key, first, place) }
        try skipColon()
        try refuseRepeatedKeys(depth: depth + 1)
        skipSpace()
      } while try !ends(with: UInt8(ascii: "}"))
    case UInt8(ascii: "["):
      try open(depth)
      if take(UInt8(ascii: "]")) { return }
      repeat {
        try refuseRepeatedKeys(depth: depth + 1)
        skipSpace()
      } while try !ends(with: UInt8(ascii: "]"))
    default: try skipValue(depth: depth)
    }
  }

  private func repeated(_ key: ByteText, _ first: Int, _ second: Int) -> JSONError {
    let (line, column) = place(of: first)
    let (secondLine, secondColumn) = place(of: second)
    let places =
      line == secondLine
      ? "line \(line), columns \(column) and \(secondColumn)" : "lines \(line) and \(secondLine)"
    return refusal("the key \(PlaceText.key(key)) stands twice in one object, \(places),", at: second)
  }

  /// Line and column, in bytes, from 1.
  private func place(of offset: Int) -> (line: Int, column: Int) {
    let before = bytes[..<offset]
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return (before.count { $0 == UInt8(ascii: "\n") } + 1, offset - start + 1)
  }
}

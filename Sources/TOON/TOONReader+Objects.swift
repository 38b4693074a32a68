import GenAPIValue

extension TOONReader {
  /// The object whose opening line stands at this depth, and whose fields follow.
  mutating func scope(around depth: Int, level: Int, openedAt offset: Int) throws(TOONError) -> ValueObject {
    try open(level, at: offset)
    var object = ValueObject()
    guard let content = try contentDepth(below: depth) else { return object }
    try fields(of: &object, at: content, level: level)
    return object
  }

  mutating func fields(of object: inout ValueObject, at depth: Int, level: Int) throws(TOONError) {
    while try isNext(at: depth), let line {
      try field(of: &object, line.start, line.end, depth, level: level)
    }
  }

  /// A field, and what belongs to it on further lines.
  ///
  /// - Parameters:
  ///   - depth: where it stands; a list's item's first field stands one level deeper than its line.
  ///   - level: arrays and objects around its object.
  mutating func field(
    of object: inout ValueObject, _ start: Int, _ end: Int, _ depth: Int, level: Int
  ) throws(TOONError) {
    if let header = try header(start, end, level: level + 1) {
      if let key = header.key {
        let value = try body(of: header, depth: depth, level: level + 1)
        return try set(key, value, of: &object, at: start)
      }
      guard !options.isStrict else {
        throw error("expected a key before the count: this is a field of an object", .header, at: start)
      }
    }
    guard let colon = colon(start, end) else {
      throw error("expected ':' behind a key", .missingColon, at: end)
    }
    let key = try key(start, skipSpacesBack(start, colon))
    let valueStart = skipSpaces(colon + 1, end)
    let value: Value
    if valueStart < end {
      value = try self.value(valueStart, end)
      try advance()
    } else {
      try advance()
      value = .object(try scope(around: depth, level: level + 1, openedAt: colon))
    }
    try set(key, value, of: &object, at: start)
  }

  mutating func set(
    _ key: ByteText, _ value: Value, of object: inout ValueObject, at offset: Int
  ) throws(TOONError) {
    if object.updateValue(value, forKey: key) != nil, options.isStrict {
      throw error("the key is there twice", .duplicateKey, at: offset)
    }
  }
}

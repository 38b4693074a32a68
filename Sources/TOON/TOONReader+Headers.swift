import GenAPIValue

extension TOONReader {
  /// What announces an array or a table: `key[3]:`, `[2|]{id|name}:`, `users[2:]{age,city}:`.
  struct Header {
    var key: ByteText?
    var count: Int
    /// Of an object whose entries are rows.
    var isKeyed: Bool
    var delimiter: UInt8
    var fields: Fields?
    var start: Int
    /// What stands behind the colon.
    var rest: Int
    var end: Int
  }

  /// The columns of a table.
  struct Fields {
    var keys: [ByteText] = []
    /// The columns of each column's objects; nil for a column of primitives.
    var groups: [Fields?] = []
    /// Cells of a row.
    var leafCount = 0
    /// What a row repeats of the header, in bytes of JSON: its keys, their quotes and colons, its braces.
    var repeatedBytes = 2
    /// An object with these keys, whose rows share them; nil when two are equal.
    var template: ValueObject?
  }

  /// The header a line is; nil when it is none. A faulty one is an error in strict mode, else no header.
  mutating func header(_ start: Int, _ end: Int, level: Int) throws(TOONError) -> Header? {
    guard let bracket = bracket(start, end) else { return nil }
    placesErrors = false
    defer { placesErrors = true }
    do throws(TOONError) {
      return try header(start, bracket, end, level: level)
    } catch {
      // Without a colon it is not meant as one.
      guard options.isStrict, colon(bracket, end) != nil else { return nil }
      placesErrors = true
      throw self.error(error.message, error.rule, at: error.column)
    }
  }

  /// Where the count of a header may begin: behind nothing, a key, or a key in quotes.
  private mutating func bracket(_ start: Int, _ end: Int) -> Int? {
    var index = start
    if bytes[start] == UInt8(ascii: "\"") {
      guard let close = closingQuote(start, end) else { return nil }
      index = close + 1
    } else if classes[bytes[start]] & ByteClasses.keyStart != 0 {
      while index < end, classes[bytes[index]] & ByteClasses.key != 0 { index += 1 }
    }
    looksAt(index - start + 1)
    return index < end && bytes[index] == UInt8(ascii: "[") ? index : nil
  }

  private mutating func header(
    _ start: Int, _ bracket: Int, _ end: Int, level: Int
  ) throws(TOONError) -> Header {
    var header = Header(
      key: nil, count: 0, isKeyed: false, delimiter: TOONDelimiter.comma.rawValue, fields: nil, start: start,
      rest: end, end: end)
    var index = try count(&header, bracket + 1, end)
    if index < end, bytes[index] == UInt8(ascii: "{") {
      var fields = Fields()
      index = try self.fields(&fields, header.delimiter, index, end, level: level + 1)
      header.fields = fields
    } else if header.isKeyed {
      throw error("expected the fields of an entry behind the count", .header, at: min(index, end))
    }
    guard index < end, bytes[index] == UInt8(ascii: ":") else {
      throw error("expected ':' right behind the count or the fields", .header, at: min(index, end))
    }
    header.rest = skipSpaces(index + 1, end)
    guard header.fields == nil || header.rest == end else {
      throw error("expected no values on the line of a table's header", .header, at: header.rest)
    }
    if bracket > start { header.key = try key(start, bracket) }
    return header
  }

  /// `3]`, `3|]`, `2:]`, `2:|]`: returns what stands behind.
  private mutating func count(_ header: inout Header, _ start: Int, _ end: Int) throws(TOONError) -> Int {
    var index = start
    while index < end, Literal.isDigit(bytes[index]) {
      let (product, overflows) = header.count.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(Int(bytes[index] - UInt8(ascii: "0")))
      // No text has so many items: the largest number stands for it.
      header.count = overflows || carries ? .max : sum
      index += 1
    }
    looksAt(index - start + 3)
    guard index > start, index == start + 1 || bytes[start] != UInt8(ascii: "0") else {
      throw error("expected a count without leading zeros in the brackets", .header, at: start)
    }
    if index < end, bytes[index] == UInt8(ascii: ":") {
      header.isKeyed = true
      index += 1
    }
    if index < end, bytes[index] == TOONDelimiter.tab.rawValue || bytes[index] == TOONDelimiter.pipe.rawValue
    {
      header.delimiter = bytes[index]
      index += 1
    }
    guard index < end, bytes[index] == UInt8(ascii: "]") else {
      throw error("expected ']' behind the count", .header, at: min(index, end))
    }
    return index + 1
  }

  /// `{id,customer{name,country}}`: returns what stands behind.
  private mutating func fields(
    _ fields: inout Fields, _ delimiter: UInt8, _ start: Int, _ end: Int, level: Int
  ) throws(TOONError) -> Int {
    try open(level, at: start)
    var template = ValueObject()
    var index = start
    repeat {
      let keyStart = skipSpaces(index + 1, end)
      index = try fieldEnd(keyStart, end)
      let keyEnd = skipSpacesBack(keyStart, index)
      guard keyStart < keyEnd else { throw error("expected the name of a field", .header, at: keyStart) }
      let key = try key(keyStart, keyEnd)
      var group: Fields?
      if index < end, bytes[index] == UInt8(ascii: "{") {
        var inner = Fields()
        index = skipSpaces(try self.fields(&inner, delimiter, index, end, level: level + 1), end)
        group = inner
      }
      if template.updateValue(.null, forKey: key) != nil, options.isStrict {
        throw error("the field is named twice", .duplicateKey, at: keyStart)
      }
      fields.keys.append(key)
      fields.leafCount += group?.leafCount ?? 1
      fields.repeatedBytes += key.utf8.count + 4 + (group?.repeatedBytes ?? 0)
      fields.groups.append(group)
    } while index < end && bytes[index] == delimiter
    guard index < end, bytes[index] == UInt8(ascii: "}") else {
      throw error("expected the header's delimiter or '}' behind a field", .header, at: min(index, end))
    }
    if template.count == fields.keys.count { fields.template = template }
    return index + 1
  }

  /// Where a field's name ends: before a delimiter, or what opens or closes a group.
  private mutating func fieldEnd(_ start: Int, _ end: Int) throws(TOONError) -> Int {
    let stop = firstUnquoted(start, end) { byte in
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "|"), 0x09, UInt8(ascii: "{"), UInt8(ascii: "}"),
        UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    looksAt((stop ?? end) - start)
    guard let stop else { throw error("expected '}' at the end of the fields", .header, at: end) }
    return stop
  }
}

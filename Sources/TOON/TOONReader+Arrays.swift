import GenAPIValue

extension TOONReader {
  /// What a header announces, from its own line on.
  ///
  /// - Parameters:
  ///   - depth: where the header stands.
  ///   - level: arrays and objects around it.
  mutating func body(of header: Header, depth: Int, level: Int) throws(TOONError) -> Value {
    try open(level, at: header.start)
    if let fields = header.fields {
      try advance()
      return header.isKeyed
        ? .object(try entries(header, fields, depth)) : .array(try rows(header, fields, depth))
    }
    guard header.rest == header.end else {
      var elements: [Value] = []
      try split(header.rest, header.end, header.delimiter, into: &elements)
      try check(elements.count, header, "values")
      try advance()
      return .array(elements)
    }
    try advance()
    return .array(try list(header, depth, level: level))
  }

  private mutating func check(_ count: Int, _ header: Header, _ what: String) throws(TOONError) {
    guard options.isStrict, count != header.count else { return }
    throw error(
      "the header announces \(header.count) \(what), but there are \(count)", .count, at: header.start)
  }

  // MARK: Lists

  private mutating func list(_ header: Header, _ depth: Int, level: Int) throws(TOONError) -> [Value] {
    var elements: [Value] = []
    // A count is a claim: no more room is made for it than most lists need.
    elements.reserveCapacity(min(header.count, 8))
    if let content = try contentDepth(below: depth) {
      let span = spanDepth
      spanDepth = min(span, content)
      while try isNext(at: content), let line { elements.append(try item(line, level: level + 1)) }
      spanDepth = span
    }
    try check(elements.count, header, "items")
    return elements
  }

  private mutating func item(_ line: Line, level: Int) throws(TOONError) -> Value {
    guard bytes[line.start] == UInt8(ascii: "-"), line.end == line.start + 1 || bytes[line.start + 1] == 0x20
    else { throw error("expected '- ' before an item of the list", .listItem, at: line.start) }
    let start = skipSpaces(line.start + 1, line.end)
    guard start < line.end else {
      try advance()
      return .object(try scope(around: line.depth, level: level, openedAt: line.start))
    }
    if let header = try header(start, line.end, level: level), header.key == nil {
      if header.fields == nil { return try body(of: header, depth: line.depth, level: level) }
      guard !options.isStrict else {
        throw error("a table without a key may only be the whole document", .header, at: start)
      }
    }
    guard colon(start, line.end) != nil else {
      let value = try value(start, line.end)
      try advance()
      return value
    }
    // The first field stands one level deeper than its line, beside the fields that follow.
    try open(level, at: start)
    var object = ValueObject()
    try field(of: &object, start, line.end, line.depth + 1, level: level)
    try fields(of: &object, at: line.depth + 1, level: level)
    return .object(object)
  }

  // MARK: Tables

  private mutating func rows(_ header: Header, _ fields: Fields, _ depth: Int) throws(TOONError) -> [Value] {
    var elements: [Value] = []
    if let content = try contentDepth(below: depth) {
      let span = spanDepth
      spanDepth = min(span, content)
      while try isNext(at: content), let line {
        guard isRow(line, header.delimiter) else { break }
        elements.append(.object(try row(fields, line.start, line.end, header.delimiter)))
        try advance()
      }
      spanDepth = span
    }
    try check(elements.count, header, "rows")
    return elements
  }

  /// A line that has a colon before the first delimiter is a field and ends the table.
  private mutating func isRow(_ line: Line, _ delimiter: UInt8) -> Bool {
    let first = firstUnquoted(line.start, line.end) { $0 == delimiter || $0 == UInt8(ascii: ":") }
    looksAt((first ?? line.end) - line.start)
    return first.map { bytes[$0] == delimiter } ?? true
  }

  private mutating func entries(
    _ header: Header, _ fields: Fields, _ depth: Int
  ) throws(TOONError) -> ValueObject {
    var object = ValueObject()
    var count = 0
    if let content = try contentDepth(below: depth) {
      let span = spanDepth
      spanDepth = min(span, content)
      while try isNext(at: content), let line {
        guard let colon = colon(line.start, line.end) else {
          throw error("expected ':' behind the key of an entry", .keyedRow, at: line.end)
        }
        let key = try key(line.start, skipSpacesBack(line.start, colon))
        let row = try row(fields, skipSpaces(colon + 1, line.end), line.end, header.delimiter)
        try set(key, .object(row), of: &object, at: line.start)
        count += 1
        try advance()
      }
      spanDepth = span
    }
    try check(count, header, "entries")
    return object
  }

  private mutating func row(
    _ fields: Fields, _ start: Int, _ end: Int, _ delimiter: UInt8
  ) throws(TOONError) -> ValueObject {
    // Taken out and given back, so that the rows of a table share one memory.
    var cells = self.cells
    self.cells = []
    cells.removeAll(keepingCapacity: true)
    // An entry may have nothing behind its key, which is no cell.
    if start < end { try split(start, end, delimiter, into: &cells) }
    guard !options.isStrict || cells.count == fields.leafCount else {
      throw error("expected \(fields.leafCount) cells, not \(cells.count)", .rowWidth, at: start)
    }
    repeatedBytes += fields.repeatedBytes
    guard repeatedBytes <= options.maxRepeatedBytes else {
      throw error("the rows repeat more than \(options.maxRepeatedBytes) bytes of keys", .size, at: start)
    }
    var next = 0
    let object = Self.object(fields, cells, &next)
    self.cells = cells
    return object
  }

  private static func object(_ fields: Fields, _ cells: [Value], _ next: inout Int) -> ValueObject {
    if cells.count - next >= fields.leafCount, var object = fields.template {
      for index in fields.keys.indices { object.values[index] = value(fields, index, cells, &next) }
      return object
    }
    var object = ValueObject()
    for index in fields.keys.indices {
      guard next < cells.count else { break }
      object[fields.keys[index]] = value(fields, index, cells, &next)
    }
    return object
  }

  @inline(__always)
  private static func value(_ fields: Fields, _ index: Int, _ cells: [Value], _ next: inout Int) -> Value {
    if let group = fields.groups[index] { return .object(object(group, cells, &next)) }
    defer { next += 1 }
    return cells[next]
  }

  /// Values with a delimiter between them; nothing between two is an empty text.
  private mutating func split(
    _ start: Int, _ end: Int, _ delimiter: UInt8, into values: inout [Value]
  ) throws(TOONError) {
    var index = start
    while true {
      let stop = firstUnquoted(index, end) { $0 == delimiter } ?? end
      looksAt(stop - index + 1)
      let first = skipSpaces(index, stop)
      values.append(try primitive(first, skipSpacesBack(first, stop)))
      guard stop < end else { return }
      index = stop + 1
    }
  }
}

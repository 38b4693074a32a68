/// Walks through a TOML text as far as its form goes: which statements it has, where each key stands, and where a string,
/// a comment, an array or an inline table begins and ends.
///
/// It judges no value; the parser does. It is there for two things that the parser of `TOMLKit` cannot tell or do: the
/// positions of what it parsed, and refusing what stops it.
struct TOMLScanner {
  /// By path, a name or the number in an array a level (`functions`, `0`, `mfa`): the line, from 1. Of a key that is set twice the first,
  /// but the parser refuses that anyway.
  private(set) var lineNumbers: [[String]: Int] = [:]
  /// What the parser must not be given.
  private(set) var fault: TOMLText.Fault?

  /// What may be set again. Only statements that the parser refuses are to be looked up here.
  private(set) var repeats = TOMLRepeats()
  /// Where the first date or time is: the parser knows them, and no setting is one.
  private(set) var dateLine: Int?

  private let bytes: [UInt8]
  private var position = 0
  private(set) var line = 1
  /// False when the text has another form than TOML from `line` on.
  private(set) var isWhole = true
  /// How many tables each array of tables has so far.
  private var counts: [[String]: Int] = [:]
  /// Tables and arrays that are open.
  private var depth = 0
  /// Values so far.
  private var values = 0

  /// The parser calls itself for each level, and for each segment of a key when it frees what it read.
  static let deepest = 128
  /// Values of a text, and of one list in it: each costs the parser far more than the two bytes that it may have.
  static let mostValues = 1_000_000
  static let mostListed = 100_000

  /// The text has another form than TOML, which the parser says better.
  private struct NotTOML: Error {}

  init(_ text: String) {
    bytes = Array(text.utf8)
    do {
      try scan()
    } catch let error as TOMLText.Fault {
      fault = error
    } catch {
      isWhole = false
    }
  }

  /// The text as far as it was walked through, with the end of the line.
  var walked: String {
    let end = bytes[min(position, bytes.count)...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
    return String(decoding: bytes[..<(end ?? bytes.count)], as: UTF8.self)
  }

  private mutating func scan() throws {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    var table: [String] = []
    while true {
      skipBlank()
      guard let byte = current else { return }
      if byte == UInt8(ascii: "[") { table = try header() } else { try assignment(in: table) }
      skipSpace()
      if current == UInt8(ascii: "#") { skipComment() }
      if current == UInt8(ascii: "\r") { position += 1 }
      guard current == nil || current == UInt8(ascii: "\n") else { throw NotTOML() }
    }
  }

  // MARK: Statements

  /// `[a.b]` or `[[a.b]]`; gives the path of what follows.
  private mutating func header() throws -> [String] {
    let start = line
    position += 1
    skipSpace()
    let isArray = current == UInt8(ascii: "[")
    if isArray {
      position += 1
      skipSpace()
    }
    try checkName()
    let key = try key()
    let (name, ends) = resolved(key)
    skipSpace()
    for _ in 0..<(isArray ? 2 : 1) { try take(UInt8(ascii: "]")) }
    for count in stride(from: key.count, to: 0, by: -1) {
      let part = Array(name[..<ends[count - 1]])
      guard let first = lineNumbers[part] else { continue }
      repeats.note(header: key[..<count], part, on: start, first: first)
      break
    }
    repeats.opens(name, on: start)
    note(name, start)
    guard isArray else { return name }
    let index = counts[name, default: 0]
    counts[name] = index + 1
    note(name + ["\(index)"], start)
    return name + ["\(index)"]
  }

  /// The parser stops the program where a header's name begins with something else than a name can.
  private func checkName() throws {
    guard let byte = current else { return }
    if Self.isName(byte) || [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "]")].contains(byte) {
      return
    }
    throw expected("a name is expected after [")
  }

  /// What is missing, and what is there instead.
  private func expected(_ what: String) -> TOMLText.Fault {
    let next = String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first
    let shown =
      next.map { $0 == "\n" || $0 == "\r" ? "the end of the line" : String($0).printable } ?? "the end"
    return TOMLText.Fault(line: line, reason: "\(what), not \(shown)")
  }

  /// A table below an array of tables is one of the last of them. With the path goes where each part of the name ends in it.
  private func resolved(_ name: [String]) -> (path: [String], ends: [Int]) {
    var path: [String] = []
    var ends: [Int] = []
    for (index, part) in name.enumerated() {
      path.append(part)
      ends.append(path.count)
      if index + 1 < name.count, let count = counts[path] {
        path.append("\(count - 1)")
      }
    }
    return (path, ends)
  }

  private mutating func assignment(in table: [String]) throws {
    let start = line
    let key = try key()
    let path = table + key
    guard path.count <= Self.deepest else { throw tooDeep() }
    skipSpace()
    try take(UInt8(ascii: "="))
    skipSpace()
    for count in stride(from: key.count, to: 0, by: -1) {
      guard let first = lineNumbers[table + key[..<count]] else { continue }
      repeats.note(key[..<count], on: start, first: first, isWhole: count == key.count)
      break
    }
    note(path, start)
    try value(path)
  }

  private mutating func key() throws -> [String] {
    var parts: [String] = []
    while true {
      skipSpace()
      guard let byte = current else { throw NotTOML() }
      let start = position
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        try string(byte)
        parts.append(Self.name(bytes[start..<position]))
      } else {
        while let byte = current, Self.isName(byte) { position += 1 }
        guard position > start else { throw NotTOML() }
        parts.append(String(decoding: bytes[start..<position], as: UTF8.self))
      }
      guard parts.count <= Self.deepest else { throw tooDeep() }
      skipSpace()
      guard current == UInt8(ascii: ".") else { return parts }
      position += 1
    }
  }

  // MARK: Values

  private mutating func value(_ path: [String]) throws {
    guard let byte = current else { throw NotTOML() }
    values += 1
    guard values <= Self.mostValues else { throw tooMany("values in all", Self.mostValues) }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): try string(byte)
    case UInt8(ascii: "["): try list(path)
    case UInt8(ascii: "{"): try inlineTable(path)
    case UInt8(ascii: "+"), UInt8(ascii: "."): skipWord()
    // The parser stops the program at a value that is none.
    default:
      guard Self.isName(byte) else { throw expected("a value is expected") }
      let start = position
      skipWord()
      if dateLine == nil, Self.isDate(bytes[start..<position]) { dateLine = line }
    }
  }

  /// `1979-05-27` or `07:32`, with whatever behind it: no other value has a dash or a colon there.
  private static func isDate(_ word: ArraySlice<UInt8>) -> Bool {
    let digits = word.prefix { (0x30...0x39).contains($0) }.count
    let next = word.dropFirst(digits).first
    return digits == 4 && next == UInt8(ascii: "-") || digits == 2 && next == UInt8(ascii: ":")
  }

  private mutating func skipWord() {
    while let byte = current, !Self.endsValue(byte) { position += 1 }
  }

  private mutating func list(_ path: [String]) throws {
    try open()
    var index = 0
    while true {
      skipBlank()
      if current == UInt8(ascii: "]") { break }
      guard index < Self.mostListed else { throw tooMany("values in a list", Self.mostListed) }
      let element = path + ["\(index)"]
      note(element, line)
      try value(element)
      index += 1
      skipBlank()
      guard current == UInt8(ascii: ",") else { break }
      position += 1
    }
    try close(UInt8(ascii: "]"))
  }

  private mutating func inlineTable(_ path: [String]) throws {
    try open()
    skipBlank()
    while current != UInt8(ascii: "}") {
      try assignment(in: path)
      skipBlank()
      guard current == UInt8(ascii: ",") else { break }
      position += 1
      skipBlank()
    }
    try close(UInt8(ascii: "}"))
  }

  private mutating func open() throws {
    position += 1
    depth += 1
    guard depth <= Self.deepest else { throw tooDeep() }
  }

  private mutating func close(_ mark: UInt8) throws {
    try take(mark)
    depth -= 1
  }

  private func tooMany(_ what: String, _ most: Int) -> TOMLText.Fault {
    TOMLText.Fault(line: line, reason: "has more than \(most) \(what)")
  }

  private func tooDeep() -> TOMLText.Fault {
    TOMLText.Fault(line: line, reason: "has more than \(Self.deepest) levels")
  }

  /// Past the end of a string of one line or of several.
  private mutating func string(_ quote: UInt8) throws {
    let hasEscapes = quote == UInt8(ascii: "\"")
    let isLong = bytes[position...].starts(with: [quote, quote, quote])
    position += isLong ? 3 : 1
    while let byte = current {
      if byte == UInt8(ascii: "\\"), hasEscapes {
        position += 1
        if current == UInt8(ascii: "\n") { line += 1 }
        position = min(position + 1, bytes.count)
      } else if byte == quote {
        guard isLong else {
          position += 1
          return
        }
        // Two more may belong to the text: """a""""" ends with two.
        let run = bytes[position...].prefix { $0 == quote }.count
        position += min(run, 5)
        if run >= 3 { return }
      } else {
        if byte == UInt8(ascii: "\n") {
          guard isLong else { throw NotTOML() }
          line += 1
        }
        position += 1
      }
    }
    throw NotTOML()
  }

  // MARK: Bytes

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) throws {
    guard current == byte else { throw NotTOML() }
    position += 1
  }

  private mutating func skipSpace() {
    while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { position += 1 }
  }

  private mutating func skipComment() {
    while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
  }

  /// Past spaces, ends of lines and comments.
  private mutating func skipBlank() {
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"):
        position += 1
        line += 1
      case UInt8(ascii: "#"): skipComment()
      default: return
      }
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }

  private static func endsValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "\n"),
      UInt8(ascii: "\r"):
      true
    default: false
    }
  }

  private mutating func note(_ path: [String], _ line: Int) {
    // A dotted key opens the tables before it.
    for count in stride(from: path.count, to: 0, by: -1) {
      let name = Array(path[..<count])
      if lineNumbers[name] != nil { return }
      lineNumbers[name] = line
    }
  }
}

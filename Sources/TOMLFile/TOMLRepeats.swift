import GenAPIValue

/// What statements of a TOML text set that was there before, by their line: the parser says where the second is, and garbles
/// the name of a key with quotes.
struct TOMLRepeats {
  /// What was there before.
  struct First: Equatable {
    var line: Int
    /// As the statement that sets it again names it.
    var name: String
  }

  /// Keys that are there twice, which is always wrong.
  private var keys: [Int: First] = [:]
  /// Of headers and of keys with dots what was there of them, which may be a table that takes more; nil where a line has several.
  private var parts: [Int: First?] = [:]
  /// Where tables have their own header.
  private var headers: [[String]: Int] = [:]

  /// What a statement that the parser refuses sets again; nil where it is not known for sure.
  func first(on line: Int) -> First? { keys[line] ?? parts[line].flatMap { $0 } }

  /// Notes that the beginning of a key is there.
  ///
  /// - Parameter isWhole: it is the whole key.
  mutating func note(_ key: ArraySlice<String>, on line: Int, first: Int, isWhole: Bool) {
    let place = First(line: first, name: Self.name(key))
    if !isWhole {
      note(part: place, on: line)
    } else if keys[line] == nil {
      keys[line] = place
    }
  }

  /// Notes that the beginning of a header's name is there.
  ///
  /// - Parameter path: with the numbers of tables in arrays.
  mutating func note(header key: ArraySlice<String>, _ path: [String], on line: Int, first: Int) {
    note(part: First(line: headers[path] ?? first, name: Self.name(key)), on: line)
  }

  /// Notes that a table has its header here.
  mutating func opens(_ path: [String], on line: Int) {
    if headers[path] == nil { headers[path] = line }
  }

  private mutating func note(part: First, on line: Int) {
    parts[line] = .some(parts[line] == nil ? part : nil)
  }

  private static func name(_ key: ArraySlice<String>) -> String {
    key.map { PlaceText.key($0) }.joined(separator: ".")
  }
}

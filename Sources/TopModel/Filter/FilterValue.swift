import GenAPIValue

/// A value of a filter's term, as it was read.
struct FilterValue {
  /// What stands between the stars that stand for anything.
  private(set) var parts = [""]
  /// Its place, in characters of the filter.
  private(set) var range: Range<Int>
  /// As it was written.
  private(set) var written = ""
  /// Some of it stood between quotes.
  var isQuoted = false

  init(from start: Int) { range = start..<start }

  mutating func append(_ character: Character) {
    if character == "*" {
      parts.append("")
    } else {
      append(literally: String(character))
    }
  }

  mutating func append(literally text: String) { parts[parts.count - 1] += text }

  func ended(at end: Int, _ characters: [Character]) -> FilterValue {
    var value = self
    value.range = range.lowerBound..<end
    value.written = String(characters[value.range])
    return value
  }

  /// All of it, as one reads it.
  var text: String { parts.joined(separator: "*") }

  /// Nothing is a value where it is written in quotes.
  var isMissing: Bool { parts == [""] && !isQuoted }

  var pattern: GlobPattern { GlobPattern(between: parts.map { ByteText($0) }) }

  /// The one name that it stands for; nil where it stands for several.
  var name: ByteText? { parts.count == 1 ? ByteText(parts[0]) : nil }
}

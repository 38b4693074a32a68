import OutsideText
import TopModel

/// What alerts hold for, as far as there is room: where it is goes first, the host of a node's name before the pool that a breaker is of,
/// and nothing goes that only tells two of them apart.
struct AlertSubjectTexts {
  /// By `AlertRow.id`, of rows that hold for something.
  private(set) var texts: [ByteText: String] = [:]
  /// The width of the longest.
  private(set) var longest = 4

  /// - Parameters:
  ///   - rows: those that are in the list together.
  ///   - room: at most so wide, where that is possible.
  init(_ rows: [AlertRow], room: Int) {
    let subjects = rows.filter { $0.subject != nil }
    for level in Level.allCases {
      var texts: [ByteText: String] = [:]
      for rows in Dictionary(grouping: subjects, by: \.rule).values {
        for (row, text) in zip(rows, Self.told(rows, level)) { texts[row.id] = text }
      }
      self.texts = texts
      longest = texts.values.reduce(4) { max($0, DisplayWidth.of($1)) }
      if longest <= room { return }
    }
  }

  subscript(row: AlertRow) -> String { texts[row.id] ?? row.subject?.shown ?? "" }

  private enum Level: Int, CaseIterable {
    case whole, withoutHosts, withoutPools
  }

  /// The shortest up to a level that still tell them apart.
  private static func told(_ rows: [AlertRow], _ most: Level) -> [String] {
    let subjects = rows.map { $0.subject ?? "" }
    for level in Level.allCases.reversed() where level.rawValue <= most.rawValue {
      let texts = rows.map { short($0, level).shown }
      if Set(texts).count == Set(subjects).count { return texts }
    }
    return subjects.map(\.shown)
  }

  private static func short(_ row: AlertRow, _ level: Level) -> ByteText {
    let subject = row.subject ?? ""
    guard level != .whole else { return subject }
    if row.rule.hasPrefix("node") { return withoutHost(subject) }
    guard row.rule.hasPrefix("breaker") else { return subject }
    // `gateway pool`, behind it ` worker 3`, ` service` or ` service on node`.
    var words = subject.string.split(separator: " ", omittingEmptySubsequences: false).map { ByteText($0) }
    guard words.count == 5, words[3] == "on" else {
      if words.count == 3, level == .withoutPools { words.remove(at: 1) }
      return words.joined(separator: " ")
    }
    words[4] = withoutHost(words[4])
    if level == .withoutPools { words.remove(at: 1) }
    return words.joined(separator: " ")
  }

  /// A node's name without what is behind its last `@`.
  private static func withoutHost(_ node: ByteText) -> ByteText {
    let text = node.string
    guard let at = text.lastIndex(of: "@"), at != text.startIndex else { return node }
    return ByteText(text[..<at])
  }
}

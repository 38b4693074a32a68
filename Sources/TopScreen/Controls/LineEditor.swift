import OutsideText

/// One line of text with a cursor. At most 1000 characters of 4000 bytes together.
package struct LineEditor: Equatable, Sendable {
  package private(set) var characters: [Character]
  /// 0 … count.
  package private(set) var cursor: Int

  static let most = 1000
  /// One character can be a megabyte of combining marks.
  static let mostBytes = 4000

  package init(_ text: String = "") {
    characters = Self.bounded(text)
    cursor = characters.count
  }

  package var text: String { String(characters) }

  mutating func set(_ text: String, cursor: Int? = nil) {
    characters = Self.bounded(text)
    self.cursor = min(max(cursor ?? characters.count, 0), characters.count)
  }

  /// Whether the key edits; text changed is told apart by comparing `text`.
  mutating func handle(_ key: Key) -> Bool {
    switch (key.code, key.isControl) {
    case (.character(let character), false):
      guard characters.count < Self.most, text.utf8.count + character.utf8.count <= Self.mostBytes else {
        return true
      }
      characters.insert(character, at: cursor)
      cursor += 1
    case (.backspace, _):
      if cursor > 0 {
        cursor -= 1
        characters.remove(at: cursor)
      }
    case (.delete, _), (.character("d"), true):
      if cursor < characters.count { characters.remove(at: cursor) }
    case (.left, _), (.character("b"), true): cursor = max(0, cursor - 1)
    case (.right, _), (.character("f"), true): cursor = min(characters.count, cursor + 1)
    case (.home, _), (.character("a"), true): cursor = 0
    case (.end, _), (.character("e"), true): cursor = characters.count
    case (.character("u"), true):
      characters.removeFirst(cursor)
      cursor = 0
    case (.character("k"), true): characters.removeLast(characters.count - cursor)
    case (.character("w"), true):
      while cursor > 0, characters[cursor - 1] == " " { remove() }
      while cursor > 0, characters[cursor - 1] != " " { remove() }
    default: return false
    }
    return true
  }

  /// Puts text where the cursor is; what is too long is left out.
  mutating func insert(_ text: String) {
    let added = Self.bounded(text.prefix(bytes: max(0, Self.mostBytes - self.text.utf8.count))).prefix(
      Self.most - characters.count)
    characters.insert(contentsOf: added, at: cursor)
    cursor += added.count
  }

  private static func bounded(_ text: String) -> [Character] {
    Array(text.prefix(bytes: mostBytes).prefix(most))
  }

  private mutating func remove() {
    cursor -= 1
    characters.remove(at: cursor)
  }
}

import ArgumentParser
import TopScreen

/// Keys by their names, with spaces between them: `c c 4 z`, `/ o r d enter`.
struct PressedKeys {
  static let most = 200

  var keys: [Key]

  /// - Throws: `ValidationError` naming the word that is no key.
  init(parsing text: String) throws {
    keys = try text.split(separator: " ").map { word in
      guard let key = Key(name: String(word)) else {
        throw ValidationError("\"\(word)\" is no key; keys are like q, ctrl-l, shift-left, space, enter, f5")
      }
      return key
    }
    guard keys.count <= Self.most else {
      throw ValidationError("\(keys.count) keys: at most \(Self.most) are allowed")
    }
  }
}

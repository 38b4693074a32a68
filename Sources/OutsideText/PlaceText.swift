/// Where in a value something is, made of its keys: `order.items[3].""`. The one place that writes keys as parts of a path.
///
/// A key that would be read as something else, or not seen, has quotes: an empty one, one with dots, colons, brackets, quotes or blanks, and
/// one with a character that is not seen, which is written as people see it.
package enum PlaceText {
  /// A key as a part of a path.
  package static func key(_ key: String) -> String {
    isPlain(key) ? key : "\"" + key.shown.replacingQuotes + "\""
  }

  /// The same, cut to as many bytes as a name is told with.
  package static func key(_ key: ByteText, cut most: Int = 64) -> ByteText {
    ByteText(self.key(key.cut(bytes: most).string))
  }

  /// Keys and places in lists, from the outside in; empty for none.
  package static func path(_ parts: some Sequence<Part>) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .index(let index): text += "[\(index)]"
      case .key(let key): text += (text.isEmpty ? "" : ".") + self.key(key)
      }
    }
    return text
  }

  /// A step of a path.
  package enum Part: Sendable, Equatable {
    /// Into an object.
    case key(String)
    /// Into a list, counted from 0.
    case index(Int)
  }

  private static func isPlain(_ key: String) -> Bool {
    if key.isEmpty { return false }
    let isASCII = key.utf8.allSatisfy { $0 < 0x80 }
    guard key.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !".:\"\\[]".utf8.contains($0) }) else {
      return false
    }
    return isASCII
      || key.shown.utf8.elementsEqual(key.utf8)
        && !key.unicodeScalars.contains { $0.properties.isWhitespace }
  }
}

extension String {
  fileprivate var replacingQuotes: String {
    var result = ""
    for scalar in unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}

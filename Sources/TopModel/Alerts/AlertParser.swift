import GenAPIValue

/// Reads the language of alerts. Every input either parses or is refused with a place; there is no third way.
struct AlertParser {
  struct Parts {
    var test: AlertExpression.Test
    var selector: AlertSelector?
    var window: StatisticsWindow?
    var holdSeconds = 0
  }

  static let maxLength = 500
  /// A rule that must hold longer than the history reaches could never be told.
  static let holdRange = 1...900

  private let characters: [Character]
  private var position = 0

  init(_ text: String) { characters = Array(text) }

  mutating func parse() throws(AlertError) -> Parts {
    guard String(characters).utf8.count <= Self.maxLength else {
      throw fail(
        "longer than \(Self.maxLength) bytes", min(Self.maxLength, characters.count)..<characters.count)
    }
    skipBlanks()
    let start = position
    let word = word()
    guard !word.isEmpty else { throw fail("a rule begins with \(Self.beginnings)", start..<start + 1) }
    var parts: Parts
    let name = AlertMetric.aliases[word.lowercased()] ?? word.lowercased()
    if let metric = AlertMetric(rawValue: name) {
      let selector = try selector()
      parts = Parts(test: try comparison(metric), selector: selector)
    } else {
      let isNegated = word.lowercased() == "no"
      let first = isNegated ? self.word() : word
      let second = self.word()
      guard let condition = AlertCondition(rawValue: "\(first) \(second)".lowercased()) else {
        throw fail(
          "\"\((isNegated ? first : word).cut(bytes: 40))\" is not a metric or a condition; a rule begins with "
            + Self.beginnings, start..<max(start + 1, start + word.count))
      }
      parts = Parts(test: .condition(condition, isNegated: isNegated), selector: try selector())
    }
    try clauses(&parts)
    return parts
  }

  private static let beginnings =
    AlertMetric.allCases.map(\.rawValue).joined(separator: ", ") + ", "
    + AlertCondition.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")

  private mutating func selector() throws(AlertError) -> AlertSelector? {
    skipBlanks()
    guard position < characters.count, characters[position] == "(" else { return nil }
    let start = position
    var end = start + 1
    while end < characters.count, characters[end] != ")" {
      // A backslash keeps a parenthesis, and itself from doing so.
      end += characters[end] == "\\" ? 2 : 1
    }
    guard end < characters.count else {
      throw fail("the parenthesis is not closed", start..<characters.count)
    }
    position = end + 1
    let name = String(characters[(start + 1)..<end].drop { $0 == " " }).trimmingTrailingBlanks
    guard !name.isEmpty else {
      throw fail(
        "a name is missing: (service), (service/type), or with * for each that fits", start..<end + 1)
    }
    return AlertSelector(name)
  }

  private mutating func comparison(_ metric: AlertMetric) throws(AlertError) -> AlertExpression.Test {
    skipBlanks()
    let start = position
    guard
      let sign = AlertExpression.Comparison.allCases.first(where: {
        characters[position...].starts(with: $0.rawValue)
      })
    else { throw fail("after \(metric.rawValue) comes >, >=, < or <=", start..<start + 1) }
    position += sign.rawValue.count
    skipBlanks()
    let numberStart = position
    let text = String(characters[position...].prefix { !$0.isWhitespace })
    position += text.count
    guard let value = Self.number(text, metric.unit) else {
      throw fail(
        "\(text.isEmpty ? "the end" : "\"\(text.cut(bytes: 40))\"") is not \(metric.unit.example)",
        numberStart..<max(position, numberStart + 1))
    }
    return .metric(metric, sign, value)
  }

  private mutating func clauses(_ parts: inout Parts) throws(AlertError) {
    var hasHold = false
    while true {
      skipBlanks()
      guard position < characters.count else { return }
      let start = position
      let word = word().lowercased()
      skipBlanks()
      let valueStart = position
      let value = String(characters[position...].prefix { !$0.isWhitespace })
      position += value.count
      let range = valueStart..<max(position, valueStart + 1)
      switch word {
      case "for" where !hasHold:
        guard let seconds = Self.seconds(value), Self.holdRange.contains(seconds) else {
          throw fail("after for comes how long it must hold, 1s to 15m", range)
        }
        hasHold = true
        parts.holdSeconds = seconds
      case "over" where parts.window == nil:
        guard let window = Self.seconds(value).flatMap(StatisticsWindow.init) else {
          throw fail("after over comes a window: 10s, 1m, 5m or 15m", range)
        }
        parts.window = window
      default:
        throw fail(
          "here the rule may end, or go on with: for 30s, over 5m; each once",
          start..<max(position, start + 1))
      }
    }
  }

  static func seconds(_ text: String) -> Int? {
    let factor = text.hasSuffix("m") ? 60 : text.hasSuffix("s") ? 1 : 0
    guard factor > 0, let number = PlainNumber.count(text.dropLast()), (0...100_000).contains(number) else {
      return nil
    }
    return number * factor
  }

  private static func number(_ text: String, _ unit: AlertMetric.Unit) -> Double? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let suffix = text.dropFirst(digits.count)
    guard let value = PlainNumber.decimal(digits), value < 1e15,
      let factor = unit.suffixes.first(where: { $0.text == suffix })?.factor
    else { return nil }
    return value * factor
  }

  private mutating func skipBlanks() {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
  }

  /// Letters, digits, `%` and `_`.
  private mutating func word() -> String {
    skipBlanks()
    let word = characters[position...].prefix { $0.isLetter || $0.isNumber || $0 == "%" || $0 == "_" }
    position += word.count
    return String(word)
  }

  private func fail(_ message: String, _ range: Range<Int>) -> AlertError {
    AlertError(message: message, range: range)
  }
}

extension String {
  fileprivate var trimmingTrailingBlanks: String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

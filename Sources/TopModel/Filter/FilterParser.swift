/// Reads the filter language. Every input either parses or is refused with a place; there is no third way.
struct FilterParser {
  private let characters: [Character]
  private var position = 0

  static let maxTerms = 64

  init(_ text: String) { characters = Array(text) }

  mutating func terms() throws(FilterError) -> [FilterTerm] {
    var terms: [FilterTerm] = []
    while true {
      while position < characters.count, characters[position].isWhitespace { position += 1 }
      guard position < characters.count else { return terms }
      guard terms.count < Self.maxTerms else {
        throw FilterError(message: "more than \(Self.maxTerms) terms", range: position..<characters.count)
      }
      terms.append(try term())
    }
  }

  private mutating func term() throws(FilterError) -> FilterTerm {
    let start = position
    let isNegated = characters[position] == "-"
    if isNegated { position += 1 }
    var name = ""
    var probe = position
    while probe < characters.count, characters[probe].isLetter {
      name.append(characters[probe])
      probe += 1
    }
    var key = FilterTerm.Key.text
    if !name.isEmpty, probe < characters.count, characters[probe] == ":" {
      guard let known = FilterTerm.Key(rawValue: name.lowercased()) else {
        let allowed = FilterTerm.Key.allCases.map { "\($0.rawValue):" }.joined(separator: " ")
        throw FilterError(message: "\"\(name):\" is no key; allowed are \(allowed)", range: start..<probe + 1)
      }
      key = known
      position = probe + 1
    }
    let values = try values(from: start)
    return FilterTerm(
      key: key, isNegated: isNegated, condition: try condition(key, values, start..<position))
  }

  private mutating func values(from start: Int) throws(FilterError) -> [String] {
    var values: [String] = []
    var value = ""
    while position < characters.count, !characters[position].isWhitespace {
      switch characters[position] {
      case "\"":
        let quote = position
        position += 1
        while position < characters.count, characters[position] != "\"" {
          value.append(characters[position])
          position += 1
        }
        guard position < characters.count else {
          throw FilterError(message: "the quote is not closed", range: quote..<position)
        }
      case ",":
        values.append(value)
        value = ""
      default: value.append(characters[position])
      }
      position += 1
    }
    values.append(value)
    guard values.allSatisfy({ !$0.isEmpty }) else {
      throw FilterError(message: "a value is missing", range: start..<max(position, start + 1))
    }
    return values
  }

  private func condition(_ key: FilterTerm.Key, _ values: [String], _ range: Range<Int>) throws(FilterError)
    -> FilterTerm.Condition
  {
    switch key {
    case .status:
      var statuses: [FilterTerm.Status] = []
      for value in values {
        guard let status = FilterTerm.Status(rawValue: value.lowercased()) else {
          throw FilterError(
            message: "a status is ok, error, rejected or slow, not \"\(value)\"", range: range)
        }
        statuses.append(status)
      }
      return .statuses(statuses)
    case .dur:
      guard values.count == 1, let (comparison, microseconds) = Self.duration(values[0]) else {
        throw FilterError(message: "a duration reads >50ms, <=2s or >800us", range: range)
      }
      return .duration(comparison, microseconds)
    default: return .patterns(values.map(Glob.init))
    }
  }

  /// `>50ms`; without a sign it means "above", without a unit milliseconds.
  static func duration(_ text: String) -> (FilterTerm.Comparison, Int64)? {
    var rest = Substring(text)
    var comparison = FilterTerm.Comparison.above
    for sign in [FilterTerm.Comparison.atLeast, .atMost, .above, .below] where rest.hasPrefix(sign.rawValue) {
      comparison = sign
      rest = rest.dropFirst(sign.rawValue.count)
      break
    }
    let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let factors: [String: Double] = [
      "us": 1, "µs": 1, "ms": 1_000, "": 1_000, "s": 1_000_000, "m": 60_000_000,
    ]
    guard let value = Double(number), let factor = factors[rest.dropFirst(number.count).lowercased()],
      value * factor < 1e15
    else { return nil }
    return (comparison, Int64(value * factor))
  }
}

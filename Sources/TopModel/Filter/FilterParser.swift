import GenAPIStream
import GenAPITelemetry
import GenAPIValue

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
    let known = FilterTerm.Key(rawValue: name.lowercased())
    if !name.isEmpty, probe < characters.count, characters[probe] == ":" {
      guard let known else {
        let allowed = FilterTerm.Key.allCases.map { "\($0.rawValue):" }.joined(separator: " ")
        throw FilterError(message: "\"\(name):\" is no key; allowed are \(allowed)", range: start..<probe + 1)
      }
      key = known
      position = probe + 1
    } else if let known, probe < characters.count, "!=<>~".contains(characters[probe]) {
      // As other languages write it: looked for as text it would silently find nothing.
      var end = probe
      while end < characters.count, "!=<>~".contains(characters[end]) { end += 1 }
      let sign = String(characters[probe..<end])
      let right =
        known == .dur ? "dur:>50ms" : sign.contains("!") ? "-\(known.rawValue):x" : "\(known.rawValue):x"
      throw FilterError(message: "\"\(name)\(sign)\" is no term; write \(right)", range: start..<end)
    }
    let values = try values(from: start)
    return FilterTerm(key: key, isNegated: isNegated, condition: try condition(key, values))
  }

  /// A value and its place.
  private struct Value {
    var text = ""
    var range: Range<Int>
  }

  private mutating func values(from start: Int) throws(FilterError) -> [Value] {
    var values: [Value] = []
    var value = Value(range: position..<position)
    while position < characters.count, !characters[position].isWhitespace {
      switch characters[position] {
      case "\"":
        let quote = position
        position += 1
        while position < characters.count, characters[position] != "\"" {
          value.text.append(characters[position])
          position += 1
        }
        guard position < characters.count else {
          throw FilterError(message: "the quote is not closed", range: quote..<position)
        }
      case ",":
        value.range = value.range.lowerBound..<position
        values.append(value)
        value = Value(range: position + 1..<position + 1)
      default: value.text.append(characters[position])
      }
      position += 1
    }
    value.range = value.range.lowerBound..<position
    values.append(value)
    guard values.allSatisfy({ !$0.text.isEmpty }) else {
      throw FilterError(message: "a value is missing", range: start..<max(position, start + 1))
    }
    return values
  }

  private func condition(_ key: FilterTerm.Key, _ values: [Value]) throws(FilterError) -> FilterTerm.Condition
  {
    switch key {
    case .status:
      var statuses: [FilterTerm.Status] = []
      for value in values {
        guard let status = FilterTerm.Status(rawValue: value.text.lowercased()) else {
          throw FilterError(
            message: "a status is ok, error, rejected or slow, not \"\(value.text)\"", range: value.range)
        }
        statuses.append(status)
      }
      return .statuses(statuses)
    case .dur:
      guard values.count == 1, let (comparison, microseconds) = Self.duration(values[0].text) else {
        throw FilterError(
          message: "a duration has a unit and reads >50ms, <=2s or >800us",
          range: values[0].range.lowerBound..<values[values.count - 1].range.upperBound)
      }
      return .duration(comparison, microseconds)
    case .cat:
      let names = EventCategory.allCases.map(\.rawValue)
      try check(values, "category", names, "categories are \(names.joined(separator: ", "))")
    case .event:
      let names = EventName.allCases.flatMap { [$0.shortName, $0.path] }
      try check(values, "event", names.map(\.string), "events are like executor.request.stop or relay.*")
    case .text: return .words(values.map { GlobPattern(ByteText("*\($0.text.loweredASCII)*")) })
    default: break
    }
    return .patterns(values.map { GlobPattern(ByteText($0.text)) })
  }

  /// A name that there is not would let nothing through, and say so nowhere.
  private func check(_ values: [Value], _ kind: String, _ names: [String], _ hint: String) throws(FilterError)
  {
    for value in values {
      let pattern = GlobPattern(ByteText(value.text))
      guard names.contains(where: { pattern.matches(ByteText($0)) }) else {
        throw FilterError(message: "there is no \(kind) \"\(value.text)\"; \(hint)", range: value.range)
      }
    }
  }

  /// `>50ms`; without a sign it means "above".
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
      "us": 1, "µs": 1, "\u{3BC}s": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000,
    ]
    guard let value = PlainNumber.decimal(number),
      let factor = factors[rest.dropFirst(number.count).lowercased()],
      value * factor < 1e15
    else { return nil }
    return (comparison, Int64(value * factor))
  }
}

extension String {
  /// Upper and lower case are the same in what is looked for anywhere, as far as every keyboard writes it.
  var loweredASCII: String { String(decoding: utf8.map(\.loweredASCII), as: UTF8.self) }
}

extension UInt8 {
  var loweredASCII: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}

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
    while let read = try read() {
      guard terms.count < Self.maxTerms else {
        throw FilterError(message: "more than \(Self.maxTerms) terms", range: read.start..<characters.count)
      }
      terms.append(
        FilterTerm(
          key: read.key, isNegated: read.isNegated, condition: try condition(read.key, read.values)))
    }
    return terms
  }

  /// A term as it was read, without a look at what its values may be.
  struct Read {
    var start: Int
    var key: FilterTerm.Key
    var isNegated: Bool
    var values: [FilterValue]
  }

  /// The next term; nil at the end.
  mutating func read() throws(FilterError) -> Read? {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    guard position < characters.count else { return nil }
    let start = position
    let isNegated = characters[position] == "-"
    if isNegated { position += 1 }
    let key = try key(from: start)
    return Read(start: start, key: key, isNegated: isNegated, values: try values(from: start))
  }

  private mutating func key(from start: Int) throws(FilterError) -> FilterTerm.Key {
    var name = ""
    var probe = position
    while probe < characters.count, characters[probe].isLetter {
      name.append(characters[probe])
      probe += 1
    }
    let known = FilterTerm.Key(rawValue: name.lowercased())
    if !name.isEmpty, probe < characters.count, characters[probe] == ":" {
      guard let known else {
        let allowed = FilterTerm.Key.allCases.map { "\($0.rawValue):" }.joined(separator: " ")
        throw FilterError(message: "\"\(name):\" is no key; allowed are \(allowed)", range: start..<probe + 1)
      }
      position = probe + 1
      return known
    }
    if let known, probe < characters.count, "!=<>~".contains(characters[probe]) {
      // As other languages write it: looked for as text it would silently find nothing.
      var end = probe
      while end < characters.count, "!=<>~".contains(characters[end]) { end += 1 }
      let sign = String(characters[probe..<end])
      let right =
        known == .dur ? "dur:>50ms" : sign.contains("!") ? "-\(known.rawValue):x" : "\(known.rawValue):x"
      throw FilterError(message: "\"\(name)\(sign)\" is no term; write \(right)", range: start..<end)
    }
    return .text
  }

  private mutating func values(from start: Int) throws(FilterError) -> [FilterValue] {
    var values: [FilterValue] = []
    var value = FilterValue(from: position)
    while position < characters.count, !characters[position].isWhitespace {
      switch characters[position] {
      case "\"": try quoted(&value)
      case ",":
        values.append(value.ended(at: position, characters))
        value = FilterValue(from: position + 1)
      default: value.append(characters[position])
      }
      position += 1
    }
    values.append(value.ended(at: position, characters))
    guard values.allSatisfy({ !$0.isMissing }) else {
      throw FilterError(message: "a value is missing", range: start..<max(position, start + 1))
    }
    return values
  }

  /// Reads from one quote to the other, where it stands then.
  private mutating func quoted(_ value: inout FilterValue) throws(FilterError) {
    let quote = position
    value.isQuoted = true
    position += 1
    while position < characters.count, characters[position] != "\"" {
      if characters[position] == "\\", let (text, count) = try escape(at: position + 1) {
        value.append(literally: text)
        position += 1 + count
      } else {
        value.append(characters[position])
        position += 1
      }
    }
    guard position < characters.count else {
      throw FilterError(message: "the quote is not closed", range: quote..<position)
    }
  }

  /// What a backslash before these characters stands for, and how many they are; nil where it stands for itself.
  private func escape(at place: Int) throws(FilterError) -> (text: String, count: Int)? {
    guard place < characters.count else { return nil }
    if "\"\\*".contains(characters[place]) { return (String(characters[place]), 1) }
    guard characters[place] == "u", place + 1 < characters.count, characters[place + 1] == "{" else {
      return nil
    }
    let digits = characters[(place + 2)...].prefix(6).prefix { $0.isASCII && $0.isHexDigit }
    guard digits.endIndex < characters.count, characters[digits.endIndex] == "}",
      let scalar = UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init)
    else {
      throw FilterError(
        message:
          "\\u{…} holds 1 to 6 hexadecimal digits of a character, as \\u{1f}; \\\\u{ is looked for as it stands",
        range: place - 1..<min(characters.count, digits.endIndex + 1))
    }
    return (String(scalar), digits.count + 3)
  }

  private func condition(_ key: FilterTerm.Key, _ values: [FilterValue]) throws(FilterError)
    -> FilterTerm.Condition
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
    case .text:
      return .words(
        values.map { value in
          GlobPattern(between: [""] + value.parts.map { ByteText($0.loweredASCII) } + [""])
        })
    default: break
    }
    return .patterns(values.map(\.pattern))
  }

  /// A name that there is not would let nothing through, and say so nowhere.
  private func check(_ values: [FilterValue], _ kind: String, _ names: [String], _ hint: String)
    throws(FilterError)
  {
    for value in values {
      let pattern = value.pattern
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

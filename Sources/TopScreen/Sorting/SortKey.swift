import OutsideText
import TopModel

/// What of a row counts when rows are sorted by a column.
enum SortValue: Equatable, Sendable {
  case number(Double)
  case name(ByteText)
  /// Not known: behind those that are, whichever way the others stand.
  case none

  init(_ number: Double?) { self = number.map { .number($0) } ?? .none }
  init(_ number: Int64?) { self = number.map { .number(Double($0)) } ?? .none }
  init(_ number: Int?) { self = number.map { .number(Double($0)) } ?? .none }
  init(_ name: ByteText?) { self = name.map { .name($0) } ?? .none }

  /// What was measured, in words: `2.4s` is less than `1m55s`, and `900ms` less than both.
  init(measured text: ByteText) { self = Self.measured(text).map { .number($0) } ?? .name(text) }

  private static let units: [String: Double] = [
    "": 1, "%": 1, "/s": 1, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "MB": 1e6,
  ]

  private static func measured(_ text: ByteText) -> Double? {
    var rest = text.string.filter { $0 != " " }[...]
    var sum = 0.0
    repeat {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      let unit = rest.dropFirst(digits.count).prefix { !$0.isNumber }
      guard let number = Double(digits), let factor = units[String(unit)] else { return nil }
      sum += number * factor
      rest = rest.dropFirst(digits.count + unit.count)
    } while !rest.isEmpty
    return sum
  }

  /// Whether it stands before another; nil where neither does.
  func precedes(_ other: SortValue, rising: Bool) -> Bool? {
    switch (self, other) {
    case (.number(let mine), .number(let others)):
      mine == others ? nil : (mine < others) == rising
    case (.name(let mine), .name(let others)):
      mine == others ? nil : mine.precedesNaturally(others) == rising
    case (.none, .none): nil
    case (.none, _): false
    case (_, .none): true
    case (.number, .name): true
    case (.name, .number): false
    }
  }
}

/// A column that rows can be sorted by.
struct SortKey<Row>: Sendable {
  let column: SortColumn
  let value: @Sendable (Row) -> SortValue

  /// Of names, the least first.
  static func name(_ column: String, _ value: @escaping @Sendable (Row) -> ByteText?) -> SortKey {
    SortKey(column: SortColumn(name: column, rises: true)) { SortValue(value($0)) }
  }

  /// Of numbers, the most first.
  static func number(_ column: String, _ value: @escaping @Sendable (Row) -> SortValue) -> SortKey {
    SortKey(column: SortColumn(name: column, rises: false), value: value)
  }
}

extension Array {
  /// Sorted by a column; where rows are alike in that, and where no column is wanted, in the order they stand in.
  ///
  /// - Parameter isOld: of which rows the numbers are not those of now, so that they are as if they were not known.
  func sorted(
    by sort: ColumnSort?, _ keys: [SortKey<Element>], isOld: (Element) -> Bool = { _ in false }
  ) -> [Element] {
    guard let sort, let key = keys.first(where: { $0.column.name == sort.column }) else { return self }
    return map { row in
      let value = key.value(row)
      if case .number = value, isOld(row) { return (row: row, value: SortValue.none) }
      return (row: row, value: value)
    }.enumerated().sorted { one, other in
      one.element.value.precedes(other.element.value, rising: sort.isRising) ?? (one.offset < other.offset)
    }.map(\.element.row)
  }
}

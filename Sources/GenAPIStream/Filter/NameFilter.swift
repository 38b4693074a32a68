import GenAPITelemetry
import GenAPIValue

/// The terms about event names and categories. Known names are decided once, when the filter is made.
struct NameFilter: Sendable {
  /// Bit n stands for the event name with raw value n.
  private let mask: UInt64
  private let include: [GlobPattern]
  private let exclude: [GlobPattern]
  private let categories: PatternPair

  init(_ filter: EventFilter) {
    let include = filter.include.names.map(GlobPattern.init)
    let exclude = filter.exclude.names.map(GlobPattern.init)
    let categories = PatternPair(filter.include.categories, filter.exclude.categories)
    mask = EventName.allCases.reduce(0) { mask, name in
      categories.allows(ByteText(name.category.rawValue))
        && Self.allows(name.path, name.shortName, include, exclude)
        ? mask | 1 << UInt64(name.rawValue) : mask
    }
    self.include = include
    self.exclude = exclude
    self.categories = categories
  }

  func allows(_ name: EventName) -> Bool { mask & (1 << UInt64(name.rawValue)) != 0 }

  func allows(_ record: EventRecord) -> Bool {
    if let name = record.known { return allows(name) }
    // An event of a later version; one of a later category is called by the first element of its name.
    let short = record.shortName
    let category =
      record.category.map { ByteText($0.rawValue) } ?? short.parted(at: UInt8(ascii: "."))?.before ?? short
    return categories.allows(category) && Self.allows(record.name, short, include, exclude)
  }

  /// A pattern may be written for the full path or for the short form.
  private static func allows(
    _ path: ByteText, _ short: ByteText, _ include: [GlobPattern], _ exclude: [GlobPattern]
  ) -> Bool {
    if exclude.contains(where: { $0.matches(path) || $0.matches(short) }) { return false }
    return include.isEmpty || include.contains { $0.matches(path) || $0.matches(short) }
  }
}

import GenAPIValue

/// Written as an object with every section under its name.
extension GatewayState {
  public func encode(to encoder: any Encoder) throws {
    var sections = EncodedSections(state: self, container: encoder.container(keyedBy: SectionKey.self))
    try Self.visitSections(&sections)
  }

  public init(from decoder: any Decoder) throws {
    var decoded = DecodedSections(
      container: try decoder.container(keyedBy: SectionKey.self))
    try Self.visitSections(&decoded)
    self = decoded.change.sections
  }
}

/// Written as an object with the sections that changed, under their names, and what is gone.
extension GatewayStateChange {
  private static let removedKey = SectionKey("removed")

  public func encode(to encoder: any Encoder) throws {
    var sections = EncodedSections(
      state: sections, container: encoder.container(keyedBy: SectionKey.self), isChange: true,
      objects: objects)
    try GatewayState.visitSections(&sections)
    try sections.container.encodeIfPresent(removed, forKey: Self.removedKey)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SectionKey.self)
    self.init()
    // By what is there: nearly always that is little.
    for key in container.allKeys {
      try SectionReaders.byName[key.stringValue]?(container, &self)
    }
    removed = try container.decodeIfPresent([ByteText: [ByteText]].self, forKey: Self.removedKey)
  }
}

/// The name of a section in a frame.
private struct SectionKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: ByteText) { stringValue = name.string }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

private struct EncodedSections: SectionVisitor {
  typealias Failure = any Error

  let state: GatewayState
  var container: KeyedEncodingContainer<SectionKey>
  /// Only what a change holds is written.
  var isChange = false
  var objects: Set<ByteText> = []

  mutating func object<Object>(_ section: ObjectSection<Object>) throws {
    if isChange, !objects.contains(section.name) { return }
    try container.encode(state[keyPath: section.path], forKey: SectionKey(section.name))
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) throws {
    let entries = state[keyPath: section.path]
    if isChange, entries.isEmpty { return }
    try container.encode(entries, forKey: SectionKey(section.name))
  }
}

private struct DecodedSections: SectionVisitor {
  typealias Failure = any Error

  let container: KeyedDecodingContainer<SectionKey>
  /// A state has every section.
  var change = GatewayStateChange()

  mutating func object<Object>(_ section: ObjectSection<Object>) throws {
    change[section] = try container.decode(Object.self, forKey: SectionKey(section.name))
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) throws {
    change[section] = try container.decode([Entry].self, forKey: SectionKey(section.name))
  }
}

/// How each section of a change is read, by its name.
private struct SectionReaders: SectionVisitor {
  typealias Reader =
    @Sendable (KeyedDecodingContainer<SectionKey>, inout GatewayStateChange) throws -> Void

  static let byName: [String: Reader] = {
    var readers = SectionReaders()
    GatewayState.visitSections(&readers)
    return readers.byName
  }()

  private var byName: [String: Reader] = [:]

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    byName[section.name.string] = { container, change in
      change[section] = try container.decodeIfPresent(Object.self, forKey: SectionKey(section.name))
    }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    byName[section.name.string] = { container, change in
      guard let entries = try container.decodeIfPresent([Entry].self, forKey: SectionKey(section.name)) else {
        return
      }
      change[section] = entries
    }
  }
}

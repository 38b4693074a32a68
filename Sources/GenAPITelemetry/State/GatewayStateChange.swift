import GenAPIValue

/// What changed between two states of a gateway: whole objects that differ, and of lists only the entries
/// that are new or different, and the keys of those that are gone.
///
/// Its sections are read and set by their names in `GatewayState`: `change.totals` is nil when the totals did not
/// change, `change.series` empty when no series did.
@dynamicMemberLookup
public struct GatewayStateChange: StateFields {
  /// Lists hold what changed of them; an object that is not in `objects` is as an empty state has it, and means nothing.
  var sections = GatewayState()
  /// The names of the objects that changed.
  var objects: Set<ByteText> = []
  /// Section name to the keys (`entryKey`) of entries that are gone.
  public var removed: [ByteText: [ByteText]]?

  public init() {}

  /// Nothing happened; how the process is.
  package init(process: ProcessState) {
    sections.process = process
    objects = SectionName.processAlone
  }

  /// What changed of a section, called as in `GatewayState`.
  public subscript<Entry>(dynamicMember path: WritableKeyPath<GatewayState, [Entry]>) -> [Entry] {
    get { sections[keyPath: path] }
    set { sections[keyPath: path] = newValue }
  }

  /// What changed of a section, called as in `GatewayState`.
  public subscript<Object: StateFields>(dynamicMember path: WritableKeyPath<GatewayState, Object>) -> Object?
  {
    get { SectionName.of(path).flatMap { objects.contains($0) ? sections[keyPath: path] : nil } }
    set {
      guard let name = SectionName.of(path) else { return }
      set(newValue, name, path)
    }
  }

  /// What changed of a section.
  public subscript<Entry>(section: ListSection<Entry>) -> [Entry] {
    get { sections[keyPath: section.path] }
    set { sections[keyPath: section.path] = newValue }
  }

  /// What changed of a section.
  public subscript<Object>(section: ObjectSection<Object>) -> Object? {
    get { objects.contains(section.name) ? sections[keyPath: section.path] : nil }
    set { set(newValue, section.name, section.path) }
  }

  private mutating func set<Object>(
    _ object: Object?, _ name: ByteText, _ path: WritableKeyPath<GatewayState, Object>
  ) {
    if let object {
      objects.insert(name)
      sections[keyPath: path] = object
    } else {
      objects.remove(name)
      sections[keyPath: path] = GatewayState()[keyPath: path]
    }
  }

  /// How the process is, when nothing else is told: what a gateway sends each second in which nothing happened. nil where there is more.
  package var processAlone: ProcessState? {
    guard objects == SectionName.processAlone, removed == nil else { return nil }
    var lists = ToldLists(sections: sections)
    do throws(ToldLists.Found) { try GatewayState.visitSections(&lists) } catch { return nil }
    return sections.process
  }

  /// Shows every field of what changed to an editor.
  public mutating func edit(_ editor: inout some StateEditor) { sections.edit(&editor) }
}

/// Finds the name of the object at a path.
private struct SectionName: SectionVisitor {
  static let processAlone: Set<ByteText> = ["process"]

  let path: AnyKeyPath
  var name: ByteText?

  static func of(_ path: AnyKeyPath) -> ByteText? {
    var found = SectionName(path: path)
    GatewayState.visitSections(&found)
    return found.name
  }

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    if section.path == path { name = section.name }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {}
}

/// Stops at a list of which something is told.
private struct ToldLists: SectionVisitor {
  struct Found: Error {}

  let sections: GatewayState

  mutating func list<Entry>(_ section: ListSection<Entry>) throws(Found) {
    if !sections[keyPath: section.path].isEmpty { throw Found() }
  }
}

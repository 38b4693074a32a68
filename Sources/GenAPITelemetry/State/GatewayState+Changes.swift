import GenAPIValue

extension GatewayState {
  /// What has to be applied to `old` to make it this state.
  public func changes(since old: GatewayState) -> GatewayStateChange {
    var found = FoundChanges(old: old, new: self)
    Self.visitSections(&found)
    return found.change
  }

  /// Applies what `changes(since:)` found. Entries keep their order; new ones go to the end.
  public mutating func apply(_ change: GatewayStateChange) {
    var applied = AppliedChange(change: change, state: self)
    // Not held twice, so that lists are changed where they are.
    self = GatewayState()
    Self.visitSections(&applied)
    self = applied.state
  }
}

private struct FoundChanges: SectionVisitor {
  let old: GatewayState
  let new: GatewayState
  var change = GatewayStateChange()

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    let object = new[keyPath: section.path]
    if object != old[keyPath: section.path] { change[section] = object }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let new = new[keyPath: section.path]
    let previous = Dictionary(
      old[keyPath: section.path].map { ($0.entryKey, $0) }, uniquingKeysWith: { $1 })
    let changed = new.filter { previous[$0.entryKey] != $0 }
    let present = Set(new.map(\.entryKey))
    let gone = previous.keys.filter { !present.contains($0) }
    if !gone.isEmpty {
      change.removed = (change.removed ?? [:]).merging([section.name: gone.sorted()]) { $1 }
    }
    if !changed.isEmpty { change[section] = changed }
  }
}

private struct AppliedChange: SectionVisitor {
  let change: GatewayStateChange
  var state: GatewayState

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    if let object = change[section] { state[keyPath: section.path] = object }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    if let gone = change.removed?[section.name], !gone.isEmpty {
      let gone = Set(gone)
      state[keyPath: section.path].removeAll { gone.contains($0.entryKey) }
    }
    let changed = change[section]
    if !changed.isEmpty { Self.merge(changed, into: &state[keyPath: section.path]) }
  }

  private static func merge<Entry: StateEntry>(_ changed: [Entry], into list: inout [Entry]) {
    var positions = Dictionary(
      list.enumerated().map { ($0.element.entryKey, $0.offset) }, uniquingKeysWith: { $1 })
    for entry in changed {
      if let position = positions[entry.entryKey] {
        list[position] = entry
      } else {
        positions[entry.entryKey] = list.count
        list.append(entry)
      }
    }
  }
}

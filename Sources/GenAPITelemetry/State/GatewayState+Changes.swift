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
    let old = old[keyPath: section.path]
    if new.shares(old) { return }
    var matcher = EntryMatcher(old)
    var isThere = [Bool](repeating: false, count: old.count)
    var changed: [Entry] = []
    for entry in new {
      guard let position = matcher.position(of: entry) else {
        changed.append(entry)
        continue
      }
      isThere[position] = true
      if old[position] != entry { changed.append(entry) }
    }
    let gone = old.indices.filter { !isThere[$0] }.map { old[$0].entryKey }
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
    // A copy of its own would be changed instead of the list: what is looked at is where each entry stood.
    var found: [Int?] = []
    var matcher = EntryMatcher(list)
    var count = list.count
    for entry in changed {
      let position = matcher.position(of: entry)
      found.append(position)
      guard position == nil else { continue }
      matcher.append(entry, at: count)
      count += 1
    }
    matcher = EntryMatcher([])
    for (entry, position) in zip(changed, found) {
      if let position { list[position] = entry } else { list.append(entry) }
    }
  }
}

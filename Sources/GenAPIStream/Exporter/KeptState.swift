import GenAPITelemetry
import GenAPIValue
import NIOCore

/// The newest state of a gateway within its bounds, and since when each part of it is as it is: whoever knows an earlier one is
/// told what is newer, without anything being compared for it.
///
/// States have numbers, from 1 on. A new one costs what changed: a list that is the same memory as last time is not looked at, nor
/// are series whose versions the gateway tells.
package struct KeptState {
  package private(set) var number = 0
  fileprivate(set) package var state = GatewayState()
  /// As the gateway gave it. Without the series where their versions are known: what is held twice is copied when it changes.
  fileprivate var raw = GatewayState()
  /// By section the number of the state since which it is as it is.
  fileprivate var sections: [ByteText: Int] = [:]
  /// By section that is a list the same for each entry.
  fileprivate var entries: [ByteText: [Int]] = [:]
  fileprivate var gone = GoneEntries()
  /// Of the series that were taken last.
  fileprivate var series: (order: Int, number: Int)?

  package init() {}

  /// - Parameters:
  ///   - series: since when each series is as it is; nil where the gateway does not say.
  ///   - oldest: the number of the oldest state that somebody knows; nil when nobody knows any.
  package mutating func take(_ raw: GatewayState, series: EntryVersions?, oldest: Int?) {
    var taken = TakenSections(kept: self, raw: raw, series: series, isKnown: oldest != nil)
    // Not held twice, so that lists are changed where they are.
    self = KeptState()
    taken.kept.number += 1
    GatewayState.visitSections(&taken)
    taken.kept.raw = raw
    if series != nil { taken.kept.raw.series = [] }
    taken.kept.series = series.map { ($0.order, $0.number) }
    taken.kept.gone.forget(upTo: oldest ?? taken.kept.number)
    self = taken.kept
  }

  /// Asks the gateway for its state and takes it. What it gave is let go before it is asked again: its lists are then changed where
  /// they are.
  ///
  /// - Parameter complete: says in the state what the gateway does not know.
  package mutating func take(
    from source: any StateSource, oldest: Int?, _ complete: (inout GatewayState) -> Void = { _ in }
  ) {
    guard let source = source as? any VersionedStateSource else {
      var state = source.currentState()
      complete(&state)
      return take(state, series: nil, oldest: oldest)
    }
    var (state, series) = source.currentStateWithVersions()
    complete(&state)
    take(state, series: series, oldest: oldest)
  }

  /// The lines for who knows the state of a number.
  ///
  /// - Parameter at: the time that they tell, in microseconds since the Unix epoch.
  package func lines(since number: Int, at: Int64, sequence: Int64) -> [ByteBuffer] {
    StateEncoder.change(at: at, sequence: sequence, changes(since: number))
  }

  /// Whether it can be told what changed since a state.
  func knows(_ number: Int) -> Bool { number >= gone.forgottenUpTo }

  /// What has to be applied to the state of a number to make it this one.
  package func changes(since number: Int) -> GatewayStateChange {
    var newer = NewerSections(kept: self, number: number)
    GatewayState.visitSections(&newer)
    newer.change.removed = gone.keys(since: number)
    return newer.change
  }
}

private struct TakenSections: SectionVisitor {
  var kept: KeptState
  let raw: GatewayState
  let series: EntryVersions?
  /// Somebody knows an earlier state, and has to be told what is gone of it.
  let isKnown: Bool
  private var bound = TextBound()

  init(kept: KeptState, raw: GatewayState, series: EntryVersions?, isKnown: Bool) {
    self.kept = kept
    self.raw = raw
    self.series = series
    self.isKnown = isKnown
  }

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    var object = raw[keyPath: section.path]
    object.edit(&bound)
    guard object != kept.state[keyPath: section.path] else { return }
    kept.state[keyPath: section.path] = object
    kept.sections[section.name] = kept.number
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    if section.name == "series", let series {
      if let known = kept.series, known.order == series.order {
        return update(section, series.places(since: known.number))
      }
    } else if raw[keyPath: section.path].shares(kept.raw[keyPath: section.path]) {
      return
    }
    replace(section)
  }

  /// The same entries, of which those at these places are not as they were.
  private mutating func update<Entry>(_ section: ListSection<Entry>, _ places: [Int]) {
    guard !places.isEmpty else { return }
    for place in places {
      var entry = raw[keyPath: section.path][place]
      bound.entry(&entry)
      kept.state[keyPath: section.path][place] = entry
      kept.entries[section.name]![place] = kept.number
    }
    kept.sections[section.name] = kept.number
  }

  /// Any entries, to be compared with those there were.
  private mutating func replace<Entry>(_ section: ListSection<Entry>) {
    var list = raw[keyPath: section.path]
    bound.entries(&list, most: nil)
    let old = kept.state[keyPath: section.path]
    if old.isEmpty, !isKnown, kept.gone.isEmpty(of: section.name) {
      kept.state[keyPath: section.path] = list
      kept.entries[section.name] = Array(repeating: kept.number, count: list.count)
      if !list.isEmpty { kept.sections[section.name] = kept.number }
      return
    }
    let oldNumbers = kept.entries[section.name] ?? []
    var matcher = EntryMatcher(old)
    var isThere = [Bool](repeating: false, count: old.count)
    var isNewer = false
    let numbers = list.map { entry in
      if let place = matcher.position(of: entry) {
        isThere[place] = true
        if old[place] == entry { return oldNumbers[place] }
      } else if isKnown || !kept.gone.isEmpty(of: section.name) {
        kept.gone.came(entry.entryKey, of: section.name, in: kept.number)
      }
      isNewer = true
      return kept.number
    }
    for place in old.indices where !isThere[place] {
      kept.gone.note(old[place].entryKey, of: section.name, in: kept.number)
    }
    kept.state[keyPath: section.path] = list
    kept.entries[section.name] = numbers
    if isNewer { kept.sections[section.name] = kept.number }
  }
}

private struct NewerSections: SectionVisitor {
  let kept: KeptState
  let number: Int
  var change = GatewayStateChange()

  private func isNewer(_ section: ByteText) -> Bool { kept.sections[section] ?? 0 > number }

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    if isNewer(section.name) { change[section] = kept.state[keyPath: section.path] }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    guard isNewer(section.name), let numbers = kept.entries[section.name] else { return }
    let entries = kept.state[keyPath: section.path]
    var newer: [Entry] = []
    for place in numbers.indices where numbers[place] > number { newer.append(entries[place]) }
    change[section] = newer
  }
}

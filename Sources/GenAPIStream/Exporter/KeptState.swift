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
  /// Nil while nobody asks for changed buckets alone.
  fileprivate var buckets: BucketNumbers?
  /// Of the series that were taken last.
  fileprivate var series: (order: Int, number: Int)?

  package init() {}

  /// - Parameters:
  ///   - series: since when each series is as it is; nil where the gateway does not say.
  ///   - oldest: the number of the oldest state that somebody knows; nil when nobody knows any.
  ///   - tracksBuckets: whether somebody will ask which buckets changed since this state, or since a later one.
  package mutating func take(
    _ raw: GatewayState, series: EntryVersions?, oldest: Int?, tracksBuckets: Bool = false
  ) {
    var taken = TakenSections(kept: self, raw: raw, series: series, isKnown: oldest != nil)
    // Not held twice, so that lists are changed where they are.
    self = KeptState()
    taken.kept.number += 1
    if !tracksBuckets { taken.kept.buckets = nil }
    GatewayState.visitSections(&taken)
    if tracksBuckets, taken.kept.buckets == nil {
      taken.kept.buckets = BucketNumbers(series: taken.kept.state.series.count, since: taken.kept.number)
    }
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
    from source: any StateSource, oldest: Int?, tracksBuckets: Bool = false,
    _ complete: (inout GatewayState) -> Void = { _ in }
  ) {
    guard let source = source as? any VersionedStateSource else {
      var state = source.currentState()
      complete(&state)
      return take(state, series: nil, oldest: oldest, tracksBuckets: tracksBuckets)
    }
    var (state, series) = source.currentStateWithVersions()
    complete(&state)
    take(state, series: series, oldest: oldest, tracksBuckets: tracksBuckets)
  }

  /// The lines for who knows the state of a number.
  ///
  /// - Parameters:
  ///   - at: the time that they tell, in microseconds since the Unix epoch.
  ///   - changedBuckets: of latencies only the buckets that changed.
  package func lines(since number: Int, at: Int64, sequence: Int64, changedBuckets: Bool = false)
    -> [ByteBuffer]
  {
    StateEncoder.change(
      at: at, sequence: sequence, changes(since: number),
      buckets: changedBuckets ? buckets(since: number) : [])
  }

  /// For each series of `changes(since:)` the buckets that changed; nil where all have to be told.
  func buckets(since number: Int) -> [ChangedBuckets?] {
    guard let buckets, sections["series"] ?? 0 > number, let numbers = entries["series"] else { return [] }
    var changed: [ChangedBuckets?] = []
    for place in numbers.indices where numbers[place] > number {
      changed.append(buckets.series[place].changes(of: state.series[place].latency, since: number))
    }
    return changed
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
      if section.name == "series" { noteBuckets(of: raw.series[place], at: place) }
      var entry = raw[keyPath: section.path][place]
      bound.entry(&entry)
      kept.state[keyPath: section.path][place] = entry
      kept.entries[section.name]![place] = kept.number
    }
    kept.sections[section.name] = kept.number
  }

  private mutating func noteBuckets(of series: SeriesState, at place: Int) {
    guard kept.buckets != nil else { return }
    kept.buckets!.series[place].note(
      series.latency, after: kept.state.series[place].latency, in: kept.number)
  }

  /// - Parameter places: where each of these series was before; nil for those that are new.
  private mutating func moveBuckets(of series: [SeriesState], from places: [Int?]) {
    guard let before = kept.buckets else { return }
    let old = kept.state.series
    kept.buckets!.series = zip(series, places).map { series, place in
      guard let place else { return BucketNumbers.Series(since: kept.number) }
      var numbers = before.series[place]
      if series != old[place] {
        numbers.note(series.latency, after: old[place].latency, in: kept.number)
      }
      return numbers
    }
  }

  /// Any entries, to be compared with those there were.
  private mutating func replace<Entry>(_ section: ListSection<Entry>) {
    var list = raw[keyPath: section.path]
    bound.entries(&list, most: nil)
    let old = kept.state[keyPath: section.path]
    if section.name == "series", kept.buckets != nil {
      var matcher = EntryMatcher(kept.state.series)
      let series = raw.series
      moveBuckets(of: series, from: series.map { matcher.position(of: $0) })
    }
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

import OutsideText
import TopModel

extension ScreenContent {
  /// Compares what the panes show with how they were at a moment.
  ///
  /// How it was is made once and kept: the past does not change, but for its last seconds.
  mutating func compare(with mark: Int64, _ source: PaneSource) {
    var past = source
    past.state.settings.moment = .at(mark)
    past.state.mark = nil
    let isNew = newestAt.saturatingSubtract(mark) < Self.settlesUs
    let key = Past.Key(settings: past.settings, knownUntil: isNew ? newestAt : 0)
    let before: ScreenContent
    if let known = source.views.past as? Past, known.key == key {
      before = known.content
    } else {
      var made = ScreenContent()
      for pane in PaneKind.allCases where pane != .events { pane.type.load(&made, past) }
      source.views.past = Past(key: key, content: made)
      before = made
    }
    latencyBefore = before.latency
    for pane in source.state.layout.panes {
      changes[pane] = pane.type.compare(before, self)
      pane.type.keepGone(before, &self)
    }
  }

  /// Numbers of a second come as late as this, in microseconds.
  private static let settlesUs: Int64 = 5_000_000

  private struct Past: Sendable {
    struct Key: Equatable, Sendable {
      var settings: ViewSettings
      var knownUntil: Int64
    }

    var key: Key
    var content: ScreenContent
  }
}

extension Pane {
  static func changes(from before: Content, to now: Content) -> [ByteText: RowChange]? { nil }

  static func keepGone(from before: Content, in now: inout Content) {}

  /// Adds the rows that were there and are not any more.
  static func keepGone(_ before: ScreenContent, _ now: inout ScreenContent) {
    keepGone(from: before[Self.self], in: &now[Self.self])
  }

  /// Adds rows that are gone, as `mark` says that they are.
  static func add<Row>(
    gone before: [Row], to now: inout [Row], id: (Row) -> ByteText, _ mark: (inout Row) -> Void
  ) {
    let known = Set(now.map(id))
    for var row in before where !known.contains(id(row)) {
      mark(&row)
      now.append(row)
    }
  }

  /// nil for a pane whose rows are not compared.
  static func compare(_ before: ScreenContent, _ now: ScreenContent) -> [ByteText: RowChange]? {
    changes(from: before[Self.self], to: now[Self.self])
  }

  /// Rows in the order that is wanted: by how they changed while there is a mark and nobody said otherwise.
  ///
  /// - Parameter isStale: of which rows no gateway that is heard tells: beside numbers of now theirs are not known.
  static func arranged<Row>(
    _ rows: [Row], _ keys: [SortKey<Row>], id: (Row) -> ByteText, _ content: ScreenContent,
    _ state: ScreenState, isStale: (Row) -> Bool = { _ in false }
  ) -> [Row] {
    guard let sort = state.sort(of: kind) else { return rows }
    guard sort.column == RowChange.column else {
      return rows.sorted(by: sort, keys) { content.staleSeconds == nil && isStale($0) }
    }
    let changes = content.changes[kind] ?? [:]
    let weights = rows.map { changes[id($0)]?.weight ?? 0 }
    return rows.indices.sorted { one, other in
      weights[one] == weights[other] ? one < other : (weights[one] < weights[other]) == sort.isRising
    }.map { rows[$0] }
  }

  /// By an identity: each row with the one that it was.
  ///
  /// - Parameter gone: what is said of one that was there and is not any more.
  static func paired<Row>(
    _ before: [Row], _ now: [Row], id: (Row) -> ByteText, gone: (Row) -> RowChange = { _ in .gone },
    _ change: (_ was: Row?, _ is: Row) -> RowChange
  ) -> [ByteText: RowChange] {
    let past = Dictionary(before.map { (id($0), $0) }, uniquingKeysWith: { first, _ in first })
    var changes = past.mapValues(gone)
    var seen: Set<ByteText> = []
    for row in now {
      let id = id(row)
      if seen.insert(id).inserted { changes[id] = change(past[id], row) }
    }
    return changes
  }
}

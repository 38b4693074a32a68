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
    for pane in source.state.layout.panes { changes[pane] = pane.type.compare(before, self) }
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

  /// nil for a pane whose rows are not compared.
  static func compare(_ before: ScreenContent, _ now: ScreenContent) -> [ByteText: RowChange]? {
    changes(from: before[Self.self], to: now[Self.self])
  }

  /// Rows in the order that is wanted: by how they changed while there is a mark and nobody said otherwise.
  static func arranged<Row>(
    _ rows: [Row], _ keys: [SortKey<Row>], id: (Row) -> ByteText, _ content: ScreenContent,
    _ state: ScreenState
  ) -> [Row] {
    guard let sort = state.sort(of: kind) else { return rows }
    guard sort.column == RowChange.column else { return rows.sorted(by: sort, keys) }
    let changes = content.changes[kind] ?? [:]
    let weights = rows.map { changes[id($0)]?.weight ?? 0 }
    return rows.indices.sorted { one, other in
      weights[one] == weights[other] ? one < other : (weights[one] < weights[other]) == sort.isRising
    }.map { rows[$0] }
  }

  /// By an identity: each row with the one that it was.
  static func paired<Row>(
    _ before: [Row], _ now: [Row], id: (Row) -> ByteText, _ change: (_ was: Row?, _ is: Row) -> RowChange
  ) -> [ByteText: RowChange] {
    let past = Dictionary(before.map { (id($0), $0) }, uniquingKeysWith: { first, _ in first })
    return Dictionary(
      now.map { row in
        let id = id(row)
        return (id, change(past[id], row))
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// A row of columns, each with one pane or several stacked.
struct LayoutBand {
  struct Column {
    var weight: Int
    var panes: [PaneKind]

    init(_ weight: Int, _ panes: PaneKind...) {
      self.weight = weight
      self.panes = panes
    }
  }

  var weight: Int
  var columns: [Column]

  /// The bands of a size, without hidden panes; the focused pane is always among them.
  static func bands(for size: ScreenSize, focus: PaneKind, hidden: Set<PaneKind>) -> [LayoutBand] {
    let hidden = hidden.subtracting([focus])
    let body = size.height - 2
    var bands = size.width < 110 ? stacked : sideBySide(size)
    bands = bands.compactMap { $0.without(hidden) }
    // A band needs 7 rows to be worth reading: a frame, a head and four lines.
    let most = max(1, body / 7)
    for victim in dropOrder where bands.count > most {
      guard let index = bands.firstIndex(where: { $0.contains(victim) }) else { continue }
      if bands[index].contains(focus) || bands.count <= 1 { continue }
      bands.remove(at: index)
    }
    if bands.isEmpty { return [LayoutBand(weight: 1, columns: [Column(1, focus)])] }
    if !bands.contains(where: { $0.contains(focus) }) {
      bands[bands.count - 1].columns.append(Column(45, focus))
    }
    return bands
  }

  /// The band with the first of these goes first when there are too few rows.
  private static let dropOrder: [PaneKind] = [
    .configs, .limits, .nodes, .circuits, .events,
  ]

  /// For narrow screens: what matters most over the full width.
  private static let stacked: [LayoutBand] = [
    LayoutBand(weight: 10, columns: [Column(60, .requests)]),
    LayoutBand(weight: 7, columns: [Column(50, .latency), Column(40, .circuits)]),
    LayoutBand(weight: 7, columns: [Column(1, .limits), Column(1, .relay)]),
    LayoutBand(weight: 7, columns: [Column(55, .configs), Column(45, .alerts)]),
    LayoutBand(weight: 6, columns: [Column(60, .nodes)]),
    LayoutBand(weight: 8, columns: [Column(75, .events)]),
  ]

  private static func sideBySide(_ size: ScreenSize) -> [LayoutBand] {
    let top = LayoutBand(
      weight: 14, columns: [Column(66, .requests), Column(size.width < 150 ? 54 : 66, .latency)])
    let middle = LayoutBand(
      weight: 9,
      columns: [Column(29, .limits), Column(31, .circuits), Column(30, .configs), Column(30, .relay)])
    if size.height < 30 {
      // No room for the middle: the breakers beside the events.
      return [top, LayoutBand(weight: 9, columns: [Column(80, .events), Column(40, .circuits)])]
    }
    if size.height >= 44, size.width >= 150 {
      return [
        top, middle,
        LayoutBand(weight: 13, columns: [Column(66, .events), Column(54, .nodes, .alerts)]),
      ]
    }
    if size.height >= 44 {
      return [
        top, middle, LayoutBand(weight: 7, columns: [Column(70, .nodes), Column(50, .alerts)]),
        LayoutBand(weight: 10, columns: [Column(75, .events)]),
      ]
    }
    return [top, middle, LayoutBand(weight: 11, columns: [Column(75, .events)])]
  }

  func contains(_ pane: PaneKind) -> Bool { columns.contains { $0.panes.contains(pane) } }

  private func without(_ hidden: Set<PaneKind>) -> LayoutBand? {
    var band = self
    band.columns = columns.compactMap { column in
      var column = column
      column.panes.removeAll(where: hidden.contains)
      return column.panes.isEmpty ? nil : column
    }
    return band.columns.isEmpty ? nil : band
  }

  static func places(_ bands: [LayoutBand], in body: Rect) -> [ScreenLayout.Place] {
    var places: [ScreenLayout.Place] = []
    for (band, rows) in zip(bands, split(body.height, bands.map(\.weight))) {
      for (column, span) in zip(band.columns, split(body.width, band.columns.map(\.weight))) {
        let weights = Array(repeating: 1, count: column.panes.count)
        for (pane, part) in zip(column.panes, split(rows.length, weights)) {
          let rect = Rect(
            x: body.x + span.start, y: body.y + rows.start + part.start, width: span.length,
            height: part.length)
          places.append(ScreenLayout.Place(pane: pane, rect: rect))
        }
      }
    }
    return places
  }

  /// Cuts a length into neighbouring parts by weight, without gap or overlap.
  private static func split(_ length: Int, _ weights: [Int]) -> [(start: Int, length: Int)] {
    let total = max(1, weights.reduce(0, +))
    var sum = 0
    return weights.map { weight in
      let start = length * sum / total
      sum += weight
      return (start, length * sum / total - start)
    }
  }
}

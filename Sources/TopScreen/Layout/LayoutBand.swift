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

  init(_ weight: Int, _ columns: Column...) {
    self.weight = weight
    self.columns = columns
  }

  /// The bands of a size, without hidden panes; the focused pane is always among them.
  ///
  /// - Parameter body: the rows there are for them.
  static func bands(
    for size: ScreenSize, rows body: Int, focus: PaneKind, hidden: Set<PaneKind>
  ) -> [LayoutBand] {
    let hidden = hidden.subtracting([focus])
    var bands = GridLayout.of(size).bands.compactMap { $0.without(hidden) }
    // A band needs 7 rows to be worth reading: a frame, a head and four lines.
    let most = max(1, body / 7)
    for victim in GridLayout.dropOrder where bands.count > most {
      guard let index = bands.firstIndex(where: { $0.contains(victim) }) else { continue }
      if bands[index].contains(focus) || bands.count <= 1 { continue }
      bands.remove(at: index)
    }
    if bands.isEmpty { return [LayoutBand(1, Column(1, focus))] }
    // A pane that has no place in the layout gets one while it is focused.
    if !bands.contains(where: { $0.contains(focus) }) {
      bands[bands.count - 1].columns.append(Column(45, focus))
    }
    return bands
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

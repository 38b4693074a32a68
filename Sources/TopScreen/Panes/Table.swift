import OutsideText
import TopModel

/// Rows in columns that adapt to the width: less important columns go first, what is left over goes to the
/// ones that can use it.
struct Table<Row> {
  struct Column {
    var title: String
    /// The least it needs.
    var width: Int
    /// The most it can use.
    var most: Int
    var alignment: Alignment
    /// 0 is never dropped; the highest goes first.
    var rank: Int
    var isSorted: Bool
    /// What does not fit is cut out of the middle: names that begin alike differ at their end.
    var isName: Bool
    /// Does not give way, however little room there is.
    var isHeld = false
    /// Names that its rows' must not be taken for, though they may stand in no row that is seen.
    var unseen: () -> [String] = { [] }
    /// The content, given the width there is.
    var cell: (Row, Int) -> [Span]

    /// As configuration files and whoever sorts by it call it.
    var name: String { title.lowercased() }

    init(
      _ title: String, _ width: Int, most: Int? = nil, _ alignment: Alignment = .left, rank: Int = 0,
      sorted: Bool = false, isName: Bool = false, cell: @escaping (Row) -> [Span]
    ) {
      self.init(
        title, width, most: most, alignment, rank: rank, sorted: sorted, isName: isName,
        wide: { row, _ in cell(row) })
    }

    /// Whose names are told apart from others that exist.
    func beside(_ unseen: @autoclosure @escaping () -> [String]) -> Column {
      var column = self
      column.unseen = unseen
      return column
    }

    /// For bars and sparklines, which fill the width.
    init(
      _ title: String, _ width: Int, most: Int? = nil, _ alignment: Alignment = .left, rank: Int = 0,
      sorted: Bool = false, isName: Bool = false, wide cell: @escaping (Row, Int) -> [Span]
    ) {
      self.title = title
      self.width = width
      self.most = max(most ?? width, width)
      self.alignment = alignment
      // What the rows are sorted by stays, or nobody could tell why they stand as they do.
      self.rank = sorted ? 0 : rank
      self.isSorted = sorted
      self.isName = isName
      self.cell = cell
    }
  }

  /// The width of the widest cell between two bounds, for a column that other columns need the room of.
  static func widest(_ rows: [Row], least: Int, most: Int, _ text: (Row) -> String?) -> Int {
    min(most, rows.reduce(least) { max($0, DisplayWidth.of(text($1)?.shown ?? "")) })
  }

  /// The width of the longest text, so that a column takes no more than it can use; at least 4, at most `most`.
  static func longest(_ rows: [Row], most: Int, _ text: (Row) -> ByteText?) -> Int {
    longest(rows, most: most) { row -> String? in text(row)?.string }
  }

  static func longest(_ rows: [Row], most: Int, _ text: (Row) -> String?) -> Int {
    var longest = 4
    for row in rows where longest < most {
      // No text is wider than it has bytes: most need not be measured.
      if let text = text(row), text.utf8.count > longest {
        longest = max(longest, min(most, DisplayWidth.of(text.shown)))
      }
    }
    return longest
  }

  var columns: [Column]
  var hasHead = true
  /// What takes the place of all titled columns of a row, given the width they have together; nil for the cells.
  var spanning: (Row, Int) -> [Span]? = { _, _ in nil }

  /// Whether what a row tells is old, which stands in a word in the place of its last number: grey is seen neither in a copy nor without
  /// colours. Where nothing at all is newer the header says it.
  var isStale: (Row) -> Bool = { _ in false }

  /// Only the columns wanted, in that order; symbols without a title stay in front, and behind comes what is sorted by. All,
  /// when none is named.
  func choosing(_ names: [String]) -> Table {
    guard !names.isEmpty else { return self }
    var table = self
    table.columns =
      columns.filter(\.title.isEmpty)
      + names.compactMap { name in columns.first { !$0.title.isEmpty && $0.title.lowercased() == name } }
    guard table.columns.contains(where: { !$0.title.isEmpty }) else { return self }
    if !table.columns.contains(where: \.isSorted) { table.columns += columns.filter(\.isSorted) }
    return table
  }

  /// With the column marked that the rows are sorted by.
  func sorted(by sort: ColumnSort?) -> Table {
    guard let sort, let place = columns.firstIndex(where: { $0.name == sort.column }) else { return self }
    var table = self
    for column in columns.indices { table.columns[column].isSorted = column == place }
    // What the rows are sorted by stays, or nobody could tell why they stand as they do.
    table.columns[place].rank = 0
    return table
  }

  /// The name of the column under a place of a head so wide; nil where there is none.
  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    prepared(context).placed(in: width)
      .first { place >= $0.x && place < $0.x + max($0.width, 1) && !$0.column.title.isEmpty }?.column.name
  }

  /// With the columns that were chosen, and that of the changes while rows are compared.
  private func prepared(_ context: PaneContext) -> Table {
    var table = sorted(by: context.sort).choosing(context.columns)
    guard let changes = context.changes else { return table }
    let isSorted = context.sort?.column == RowChange.column
    if isSorted { for column in table.columns.indices { table.columns[column].isSorted = false } }
    // Where there is no room for what it was, what it is now; `closed→OPEN` has room.
    let isNarrow = context.width < 40
    let least = changes.values.reduce(0) {
      max($0, isNarrow ? max($1.leastWidth, min($1.firstWidth, 11)) : $1.firstWidth)
    }
    let longest = changes.values.reduce(0) { max($0, $1.width) }
    // What it is now is whole, names give way.
    var column = Column(
      RowChange.column.uppercased(), min(24, max(8, least)), most: min(60, longest), sorted: isSorted,
      wide: { _, _ in [] })
    column.isHeld = true
    table.columns.append(column)
    return table
  }

  /// The columns that fit, with their place: a blank at each end, and one between two columns.
  func placed(in width: Int) -> [(column: Column, x: Int, width: Int)] {
    var shown = columns
    func needed() -> Int { shown.reduce(1) { $0 + $1.width + 1 } }
    while needed() > width, let worst = shown.indices.max(by: { shown[$0].rank < shown[$1].rank }),
      shown[worst].rank > 0
    {
      shown.remove(at: worst)
    }
    var widths = shown.map(\.width)
    var free = width - needed()
    // Where even those that stay need more than there is, the widest texts give way, down to 4.
    while free < 0,
      let widest = shown.indices.filter({
        shown[$0].alignment == .left && !shown[$0].isHeld && widths[$0] > 4
      })
      .max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] -= 1
      free += 1
    }
    // Gives one column after the other a cell, so that all grow alike; names before what can be guessed when it is cut.
    func growth(_ column: Int) -> (Int, Int) {
      (shown[column].isName ? 0 : 1, widths[column] - shown[column].width)
    }
    while free > 0,
      let next = shown.indices.filter({ widths[$0] < shown[$0].most }).min(by: { growth($0) < growth($1) })
    {
      widths[next] += 1
      free -= 1
    }
    // What still is left parts the columns, up to three blanks, so that a wide pane is not all at its left.
    let gap = 1 + min(2, free / max(1, shown.count - 1))
    var x = 1
    return shown.indices.map { index in
      // A symbol without a title belongs to what follows it.
      defer { x += widths[index] + (shown[index].title.isEmpty && widths[index] == 1 ? 1 : gap) }
      return (shown[index], x, max(0, min(widths[index], width - x)))
    }
  }

  /// Draws the head and the rows that fit, the selection and, on the frame at the right, where in the list
  /// one is.
  func draw(
    _ rows: some RandomAccessCollection<Row>, ids: RowIDs, into grid: inout Grid, rect: Rect,
    context: PaneContext
  ) {
    let placed = prepared(context).placed(in: rect.width)
    var body = rect
    if hasHead, rect.height > 1 {
      drawHead(placed, into: &grid, rect: rect, context: context)
      body = rect.from(row: 1)
    }
    guard body.height > 0 else { return }
    let (selected, offset) = context.list.resolved(ids: ids, height: body.height)
    let lines = 0..<min(body.height, max(0, rows.count - offset))
    // Names are cut beside each other, so that those that begin and end alike stay apart.
    let names = placed.map { column, _, width in
      column.isName && width > 0
        ? lines.map { column.cell(rows[rows.index(rows.startIndex, offsetBy: offset + $0)], width) }
          .cutInside(to: width, beside: column.unseen, ellipsis: context.glyphs.ellipsis)
        : []
    }
    for line in lines {
      let y = body.y + line
      let isSelected = context.isFocused && offset + line == selected
      let row = rows[rows.index(rows.startIndex, offsetBy: offset + line)]
      let first = placed.first { !$0.column.title.isEmpty }?.x ?? 1
      let over = spanning(row, rect.width - first - 1)
      if let over {
        grid.draw(
          over, at: rect.x + first, y, width: rect.width - first - 1, ellipsis: context.glyphs.ellipsis)
      }
      for (place, (column, x, width)) in placed.enumerated()
      where width > 0 && (over == nil || column.title.isEmpty) {
        let isChange = context.changes != nil && column.name == RowChange.column
        let spans =
          isChange
          ? context.changes?[ids[offset + line]]?.spans(context, width: width) ?? []
          : column.isName ? names[place][line] : column.cell(row, width)
        var start = rect.x + x
        if column.alignment == .right { start += max(0, width - spans.displayWidth) }
        grid.draw(spans, at: start, y, width: width, ellipsis: context.glyphs.ellipsis)
      }
      // What is gone is said to be so, as what changed.
      if over == nil, context.staleSeconds == nil, isStale(row),
        context.changes?[ids[offset + line]] != RowChange.gone
      {
        let others = placed.filter { $0.column.name != RowChange.column }
        drawStale(others, into: &grid, rect: rect, y: y, context: context)
      }
      if isSelected {
        let theme = context.theme
        var style = theme.style(.selection)
        style.isBold = true
        grid.highlight(Rect(x: rect.x, y: y, width: rect.width, height: 1), style)
        grid.draw(context.glyphs.pointer, at: rect.x, y, width: 1, theme.style(.accent))
      }
    }
    ScrollMark.draw(
      into: &grid, x: rect.maxX, rect: body, offset: offset, count: rows.count, context: context)
  }

  private func drawStale(
    _ placed: [(column: Column, x: Int, width: Int)], into grid: inout Grid, rect: Rect, y: Int,
    context: PaneContext
  ) {
    let word = "stale"
    let number = placed.last {
      $0.column.alignment == .right && !$0.column.title.isEmpty && $0.width >= word.count
    }
    // Where there is no such number, what it was like is told least: whose it is, and what it is called, stay.
    let state = placed.last { !$0.column.isName && !$0.column.title.isEmpty && $0.width >= word.count }
    guard let (column, x, width) = number ?? state else {
      // Nor any that is wide enough: the last ones together, from the right.
      let tail = placed.reversed().drop { $0.column.isName }.prefix {
        !$0.column.isName && !$0.column.title.isEmpty
      }
      guard let last = tail.first, let first = tail.first(where: { last.x + last.width - $0.x >= word.count })
      else { return }
      let width = last.x + last.width - first.x
      grid.draw(
        word.padded(to: width, .right), at: rect.x + first.x, y, width: width, context.style(.warn))
      return
    }
    grid.draw(
      word.padded(to: width, column.alignment), at: rect.x + x, y, width: width, context.style(.warn))
  }

  private func drawHead(
    _ placed: [(column: Column, x: Int, width: Int)], into grid: inout Grid, rect: Rect, context: PaneContext
  ) {
    for (column, x, width) in placed where width > 0 {
      let style = column.isSorted ? context.style(.accent, bold: true) : context.muted
      grid.draw(
        column.title, at: rect.x + x, rect.y, width: width, style, column.alignment,
        ellipsis: context.glyphs.ellipsis)
      guard let sort = context.sort, sort.column == column.name else { continue }
      // Beside the title, in the blank that parts columns where the title fills its own.
      let title = min(DisplayWidth.of(column.title), width)
      grid.draw(
        sort.isRising ? context.glyphs.ascending : context.glyphs.descending,
        at: rect.x + (column.alignment == .right ? x + width - title - 1 : x + title), rect.y, width: 1, style
      )
    }
  }
}

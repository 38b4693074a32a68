import OutsideText
import TopModel

/// Gateways and service nodes: up or down, how busy, how far behind.
struct NodesPane: Pane {
  static let title: StaticString = "Nodes"
  static let narrowedBy: Set<String> = ["node", "service", "text"]
  static let columnNames = [
    "node", "kind", "version", "rps", "err%", "p99", "cpu%", "mem", "sock", "lag", "lost", "skew",
  ]

  var rows: [NodeRow]

  var rowIDs: [ByteText] { rows.map(\.id) }
  var headLines: Int { 1 }

  func fact(_ context: PaneContext) -> [Span] {
    guard !rows.isEmpty else { return [] }
    let down = rows.count { !$0.isUp }
    if down > 0 { return [Span("\(context.glyphs.down) \(down) down", context.style(.critical, bold: true))] }
    return [Span("\(context.glyphs.up) \(rows.count) up", context.style(.ok))]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    rows.isEmpty ? reason("no nodes known", context) : nil
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    func optional(_ row: NodeRow, _ text: String?, warn: Bool = false) -> [Span] {
      guard let text else { return [Span(context.glyphs.dash, context.muted)] }
      let key: ThemeKey = warn ? .warn : .text
      return [Span(text, context.style(key, stale: row.isStale || !row.isUp))]
    }
    let columns: [Table<NodeRow>.Column] = [
      .init("", 1) { row in
        row.isUp && !row.isStale
          ? [Span(context.glyphs.up, context.style(.ok))]
          : [Span(context.glyphs.down, context.style(.critical, bold: true))]
      },
      .init(
        "NODE", max(10, min(16, Table.longest(rows, most: 16) { $0.name })),
        most: Table.longest(rows, most: 50) { $0.name.string + ($0.isUp ? "" : " " + $0.trouble) }
      ) { name($0, context) },
      .init("KIND", 7, rank: 9) { [Span($0.kind == .gateway ? "gateway" : "service", context.muted)] },
      .init("VERSION", 8, most: 14, rank: 8) { optional($0, $0.version.map { shortVersion($0.shown) }) },
      .init("RPS", 5, .right) { optional($0, NumberText.short($0.requestsPerSecond)) },
      .init("ERR%", 4, .right, rank: 2) { row in
        Severity.percent(row.errorPercent, warn: 1, critical: 5, stale: row.isStale || !row.isUp, context)
      },
      .init("P99", 6, .right, rank: 3) { optional($0, $0.p99.map { TimeText.duration(microseconds: $0) }) },
      .init("CPU%", 4, .right, rank: 4) { row in
        optional(row, row.cpuPercent.map(NumberText.percent), warn: (row.cpuPercent ?? 0) >= 90)
      },
      .init("MEM", 5, .right, rank: 5) { optional($0, $0.residentBytes.map(NumberText.bytes)) },
      .init("SOCK", 5, .right, rank: 7) { optional($0, $0.sockets.map { NumberText.short($0) }) },
      .init("LAG", 6, .right, rank: 6) { row in
        optional(
          row, row.lagMs.map { TimeText.duration(milliseconds: $0) }, warn: (row.lagMs ?? 0) >= 3000)
      },
      .init("LOST", 5, .right, rank: 8) { row in
        optional(row, row.lost.map { NumberText.short($0) }, warn: (row.lost ?? 0) > 0)
      },
      .init("SKEW", 6, .right, rank: 10) { row in
        optional(
          row, row.clockSkewMs.map { TimeText.duration(milliseconds: $0) },
          warn: (row.clockSkewMs ?? 0).magnitude >= 1000)
      },
    ]
    Table(columns: columns).draw(rows, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  /// `genapi-gateway 1.2.0` is a version with the name before it: the number is what differs.
  private func shortVersion(_ text: String) -> String {
    guard let last = text.split(separator: " ").last, last.first?.isNumber == true else { return text }
    return String(last)
  }

  private func name(_ row: NodeRow, _ context: PaneContext) -> [Span] {
    var spans = [Span(row.name.shown, context.style(.title, stale: row.isStale || !row.isUp))]
    if !row.isUp {
      spans.append(Span(" " + row.trouble, context.style(.critical)))
    } else if row.isStale {
      spans.append(Span(" silent", context.style(.warn)))
    }
    return spans
  }
}

extension NodeRow {
  /// Why it is down: only of a gateway is it known.
  fileprivate var trouble: String { kind == .gateway ? (detail ?? "down").shown : "down" }
}

extension NodesPane {
  static var empty: [NodeRow] { [] }

  static func content(_ source: PaneSource) -> [NodeRow] {
    source.model.nodes(source.settings)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    rows = content.nodes
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? { .init(NodeDetail(id: id)) }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    rows.first { $0.id == id }?.name.string
  }
}

extension ScreenContent {
  package var nodes: [NodeRow] {
    get { self[NodesPane.self] }
    set { self[NodesPane.self] = newValue }
  }
}

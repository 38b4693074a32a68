import OutsideText
import TopModel

/// Gateways and service nodes: up or down, how busy, how far behind.
struct NodesPane: Pane {
  static let title: StaticString = "Nodes"
  static let narrowedBy: Set<String> = ["node", "service", "text"]
  static let columnNames = [
    "node", "kind", "version", "rps", "err%", "over%", "p99", "cpu%", "mem", "sock", "lag", "lost", "skew",
  ]

  static var sortColumns: [SortColumn] { sortKeys.map(\.column) }

  static let sortKeys: [SortKey<NodeRow>] = [
    .name("node") { $0.name }, .name("kind") { $0.kind == .gateway ? "gateway" : "service" },
    .name("version") { $0.version }, .number("rps") { SortValue($0.isKept ? $0.requestsPerSecond : nil) },
    .number("err%") { SortValue($0.isKept && $0.hasEnded ? $0.errorPercent : nil) },
    .number("over%") { SortValue($0.isKept && $0.hasEnded ? $0.failoverPercent : nil) },
    .number("p99") { SortValue($0.p99) },
    .number("cpu%") { SortValue($0.cpuPercent) }, .number("mem") { SortValue($0.residentBytes) },
    .number("sock") { SortValue($0.sockets.map { Double($0) }) },
    .number("lag") { SortValue($0.lateSeconds) },
    .number("lost") { SortValue($0.lost) },
    .number("skew") { SortValue($0.clockSkewMs.map { Double($0.magnitude) }) },
  ]

  var rows: [NodeRow]

  var rowIDs: RowIDs { RowIDs(rows.map(\.id)) }
  var headLines: Int { 1 }

  func fact(_ context: PaneContext) -> [Span] {
    guard !rows.isEmpty else { return [] }
    func count(_ number: Int, _ word: String, _ glyph: String, _ key: ThemeKey) -> [Span] {
      [Span("\(glyph) \(number) \(word)", context.style(key, bold: true))]
    }
    let absent = rows.filter { !$0.isUp }
    let stopped = absent.count { $0.absence == .stopped }
    let refused = absent.count { $0.absence == .tokenRefused }
    // One that stopped as it said counts as down, as in the header and for alerts; only the word is milder where all did.
    let down = absent.count - refused
    let silent = absent.count { $0.absence == .silent }
    if down > 0, silent == down { return count(down, "silent", context.glyphs.down, .critical) }
    if down > stopped { return count(down, "down", context.glyphs.down, .critical) }
    if refused > 0 { return count(refused, "refused", context.glyphs.down, .critical) }
    let draining = rows.count { $0.isUp && $0.readiness.isDraining }
    if draining > 0 { return count(draining, "draining", context.glyphs.half, .warn) }
    if stopped > 0 { return count(stopped, "stopped", context.glyphs.down, .warn) }
    let unready = rows.count { $0.isUp && $0.readiness.isReady == false }
    if unready > 0 { return count(unready, "not ready", context.glyphs.half, .warn) }
    let broken = rows.count {
      $0.isUp && !$0.isStale && ($0.unresolved > 0 || !$0.readiness.degraded.isEmpty)
    }
    if broken > 0 { return count(broken, "degraded", context.glyphs.half, .warn) }
    let up = rows.count { !$0.isUnseen }
    return [Span("\(context.glyphs.up) \(up) up", context.style(.ok))]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    rows.isEmpty ? reason("no nodes known", context) : nil
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    table(context).draw(rows, ids: rowIDs, into: &grid, rect: rect, context: context)
  }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    table(context).column(at: place, width: width, context)
  }

  private func table(_ context: PaneContext) -> Table<NodeRow> {
    let cuts = NodeNames(rows, beside: context.gateways, ellipsis: context.glyphs.ellipsis)
    func optional(_ row: NodeRow, _ text: String?, warn: Bool = false) -> [Span] {
      guard let text else { return [Span(context.glyphs.dash, context.muted)] }
      let key: ThemeKey = warn ? .warn : .text
      return [Span(text, context.style(key, stale: row.isStale || !row.isUp))]
    }
    var columns: [Table<NodeRow>.Column] = [
      .init("", 1) { row in
        if row.isUnseen { return [Span(context.glyphs.dash, context.muted)] }
        guard row.isUp, !row.isStale else {
          let key: ThemeKey = row.absence == .stopped ? .warn : .critical
          return [Span(context.glyphs.down, context.style(key, bold: true))]
        }
        return row.readiness.isReady == false || row.configuration.fault != nil || row.expires
          || row.unresolved > 0 || !row.readiness.degraded.isEmpty
          ? [Span(context.glyphs.half, context.style(.warn, bold: true))]
          : [Span(context.glyphs.up, context.style(.ok))]
      },
      .init(
        "NODE", max(10, min(16, Table.longest(rows, most: 16) { $0.name })) + leastMark,
        most: Table.longest(rows, most: 50) { $0.name.string + ($0.mark.map { " " + $0.text } ?? "") },
        wide: { name($0, width: $1, cuts, context) }),
      .init("KIND", 7, rank: 9) { [Span($0.kind == .gateway ? "gateway" : "service", context.muted)] },
      .init("VERSION", 8, most: 14, rank: 8) { optional($0, $0.version.map { shortVersion($0.shown) }) },
      .init("RPS", 5, .right) {
        optional($0, $0.isKept ? $0.requestsPerSecond.map { NumberText.short($0) } : nil)
      },
      .init("ERR%", 4, .right, rank: 2) { row in
        guard row.isKept, row.hasEnded else { return optional(row, nil) }
        return Severity.percent(
          row.errorPercent, warn: 1, critical: 5, stale: row.isStale, context)
      },
      .init("P99", 6, .right, rank: 3) { optional($0, $0.p99.map { TimeText.duration(microseconds: $0) }) },
      .init("CPU%", 4, .right, rank: 4) { row in
        optional(row, row.cpuPercent.map(NumberText.percent), warn: (row.cpuPercent ?? 0) >= 90)
      },
      .init("MEM", 5, .right, rank: 5) { optional($0, $0.residentBytes.map(NumberText.bytes)) },
      .init("SOCK", 5, .right, rank: 7) { optional($0, $0.sockets.map { NumberText.short($0) }) },
      .init("LAG", 6, .right, rank: 6) { row in
        optional(
          row, row.lateSeconds.map { TimeText.age(seconds: $0) }, warn: (row.lateSeconds ?? 0) >= 2)
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
    // A column that is there only while a call went on to another node, or somebody asks for it.
    let isAsked = context.columns.contains("over%") || context.sort?.column == "over%"
    if isAsked || rows.contains(where: { $0.failoverPercent ?? 0 > 0 }),
      let place = columns.firstIndex(where: { $0.title == "ERR%" })
    {
      columns.insert(
        .init("OVER%", 5, .right, rank: 1) { row in
          guard row.isKept, row.hasEnded else { return optional(row, nil) }
          return Severity.percent(row.failoverPercent, warn: 1, critical: 101, stale: row.isStale, context)
        }, at: place + 1)
    }
    var table = Table(columns: columns)
    // The numbers of a gateway that is not there are dashes: why it is not there may take their place.
    table.spanning = { row, width in
      guard !row.isUp, row.kind == .gateway, let mark = row.mark,
        DisplayWidth.of(mark.text) > leastMark - 1
      else { return nil }
      return name(row, width: width, cuts, context)
    }
    return table
  }

  /// `genapi-gateway 1.2.0` is a version with the name before it: the number is what differs.
  private func shortVersion(_ text: String) -> String {
    guard let last = text.split(separator: " ").last, last.first?.isNumber == true else { return text }
    return String(last)
  }

  /// What a mark such as `DRAINING` takes beside the names, so that it can be read on a narrow frame.
  private var leastMark: Int {
    let longest = rows.reduce(0) { max($0, $1.mark.map { DisplayWidth.of($0.text) } ?? 0) }
    return longest == 0 ? 0 : min(longest, 9) + 1
  }

  /// Where both do not fit the name gives way before its mark, but for its first letters.
  private func name(_ row: NodeRow, width: Int, _ cuts: NodeNames, _ context: PaneContext) -> [Span] {
    let name = row.name.shown
    let style = context.style(.title, stale: row.isStale || !row.isUp)
    guard let mark = row.mark else { return [Span(cuts.cut(name, to: width), style)] }
    let room = max(min(DisplayWidth.of(name), 10), width - DisplayWidth.of(mark.text) - 1)
    // What the system calls it stands in brackets behind what it means, and goes first.
    var text = mark.text
    if DisplayWidth.of(text) + 1 + min(DisplayWidth.of(name), 10) > width, text.hasSuffix(")"),
      let bracket = text.lastIndex(of: "("), bracket > text.startIndex
    {
      text = String(text[..<text.index(before: bracket)])
    }
    return [
      Span(cuts.cut(name, to: room), style),
      Span(" " + text, context.style(mark.key, bold: mark.isBold)),
    ]
  }
}

/// The names of all nodes, cut beside each other to the rooms that their marks leave them.
private final class NodeNames {
  private let rows: [NodeRow]
  private let unseen: [String]
  private let ellipsis: String
  private var cuts: [Int: CutNames] = [:]

  /// - Parameter unseen: the names of gateways that a filter may have left no rows of.
  init(_ rows: [NodeRow], beside unseen: [String], ellipsis: String) {
    self.rows = rows
    self.unseen = unseen
    self.ellipsis = ellipsis
  }

  func cut(_ name: String, to room: Int) -> String {
    if name.utf8.count <= room || DisplayWidth.of(name) <= room { return name }
    if let known = cuts[room] { return known[name] }
    let made = CutNames(rows.map(\.name.shown), beside: unseen, width: room, ellipsis: ellipsis)
    cuts[room] = made
    return made[name]
  }
}

extension NodeRow {
  /// `silent 27s`; nil for one that is not silent.
  var silentText: String? {
    guard absence == .silent else { return nil }
    return "silent" + (lagMs.map { " " + TimeText.age(seconds: $0 / 1_000) } ?? "")
  }

  /// What stands behind its name when it is not as it should be.
  fileprivate var mark: (text: String, key: ThemeKey, isBold: Bool)? {
    if !isKept { return ("nothing kept", .warn, false) }
    // Why it is down: only of a gateway is it known.
    if !isUp, let silentText { return (silentText, .critical, false) }
    if !isUp {
      return (
        kind == .gateway ? (detail ?? "down").shown : "down", absence == .stopped ? .warn : .critical, false
      )
    }
    if isStale { return ("silent", .warn, false) }
    if isUnseen { return ("not seen yet", .muted, false) }
    if readiness.isDraining { return ("DRAINING", .warn, true) }
    if readiness.isReady == false {
      return (readiness.fault.map { "not ready: " + $0.shown } ?? "not ready", .warn, false)
    }
    if configuration.fault != nil { return ("reload failed", .warn, false) }
    if expires, let left = certificateSeconds {
      return (TimeText.certificate(secondsLeft: left), left <= 0 ? .critical : .warn, false)
    }
    if !readiness.degraded.isEmpty {
      return (readiness.degradedChecks.map(\.words).joined(separator: ", "), .warn, false)
    }
    // Requests for what it names fail.
    return unresolved == 0
      ? nil
      : (
        NumberText.counted(unresolved, "name") + (unresolved == 1 ? " is" : " are") + " nowhere", .warn, false
      )
  }
}

extension NodesPane {
  static var empty: [NodeRow] { [] }

  static func content(_ source: PaneSource) -> [NodeRow] {
    source.model.nodes(source.settings)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    rows = Self.arranged(content.nodes, Self.sortKeys, id: \.id, content, state, isStale: \.isStale)
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? { .init(NodeDetail(id: id)) }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    rows.first { $0.id == id }.map(text)
  }

  func searchTexts(_ state: ScreenState) -> [String] { rows.map { text($0).shown } }

  private func text(_ row: NodeRow) -> String {
    let kind = row.kind == .gateway ? "gateway" : "service node"
    let numbers =
      "\(NumberText.short(row.requestsPerSecond))/s err \(NumberText.percent(row.errorPercent))%"
      + (row.failoverPercent ?? 0 > 0 ? " over \(NumberText.percent(row.failoverPercent))%" : "")
    return "\(kind) \(row.name) " + (row.mark.map { $0.text } ?? (row.isUp ? "up " + numbers : "down"))
  }
}

extension ScreenContent {
  package var nodes: [NodeRow] {
    get { self[NodesPane.self] }
    set { self[NodesPane.self] = newValue }
  }
}

import OutsideText
import TopModel

/// Requests by service, gateway, node, version or user.
extension RequestsPane {
  func group(_ id: ByteText) -> RequestGroup? { groups?.rows.first { $0.id == id } }

  func nameColumn(_ groups: RequestGroups) -> String { groups.grouping.nameColumn }

  /// With the chosen columns as the groups' columns are called.
  func grouped(_ context: PaneContext, _ groups: RequestGroups) -> PaneContext {
    var context = context
    let name = nameColumn(groups)
    if !context.columns.isEmpty {
      context.columns = [name, "version", "fns"] + context.columns.filter { $0 != "service" && $0 != "type" }
    }
    return context
  }

  func table(_ groups: RequestGroups, _ context: PaneContext) -> Table<RequestGroup> {
    let sort = context.settings.requestSort
    let nameTitle = nameColumn(groups)
    let longest = Table.longest(groups.rows, most: 60) { $0.name }
    var columns: [Table<RequestGroup>.Column] = [
      .init(
        nameTitle.uppercased(), max(9, min(context.width >= 60 ? 24 : 12, longest)), most: longest,
        sorted: sort == .service || sort == .type, isName: true,
        cell: { group in
          if group.name.isEmpty { return [Span(noName(group), context.muted)] }
          return [Span(group.name.shown, context.style(.title, stale: group.numbers.isStale))]
        }
      ).beside(context.gateways + groups.rows.prefix(500).map(\.name.shown))
    ]
    // Its numbers are of the time shown, in some of which it was up.
    if groups.grouping == .nodes, groups.rows.contains(where: \.numbers.isDown) {
      let word = "\(context.glyphs.down) down"
      columns.append(
        .init("STATE", DisplayWidth.of(word)) { group in
          group.numbers.isDown ? [Span(word, context.style(.critical, bold: true))] : []
        })
    }
    if groups.grouping == .versions {
      columns.append(
        .init("VERSION", 7, most: Table.longest(groups.rows, most: 24) { $0.version }, isName: true) {
          group in
          [
            Span(
              group.version?.shown ?? context.glyphs.dash,
              context.style(group.version == nil ? .muted : .accent, stale: group.numbers.isStale))
          ]
        })
    }
    if groups.rows.contains(where: { $0.functions != nil }) {
      columns.append(
        .init("FNS", 4, .right, rank: 6) { group in
          [Span(group.functions.map { NumberText.short($0) } ?? context.glyphs.dash, context.muted)]
        })
    }
    var numbers = numbers(context) { (group: RequestGroup) in group.numbers }
    // Nodes refuse nothing; what they could not take went on to others, which are no failures.
    if groups.grouping == .nodes, let place = numbers.firstIndex(where: { $0.title == "REJ%" }),
      sort == .failovers || groups.rows.contains(where: { $0.numbers.failoverPercent ?? 0 > 0 })
    {
      numbers.insert(
        .init("OVER%", 5, .right, rank: 2, sorted: sort == .failovers) { group in
          let row = group.numbers
          guard row.hasEnded, !context.isOld(row.isStale) else {
            return [Span(context.glyphs.dash, context.muted)]
          }
          return Severity.percent(
            row.failoverPercent, warn: 1, critical: 101, stale: row.isStale, context)
        }, at: place)
    }
    var table = Table(columns: columns + numbers)
    table.isStale = { $0.numbers.isStale }
    return table
  }

  func subject(_ group: RequestGroup) -> DetailDialog.Subject? {
    guard !group.name.isEmpty else { return nil }
    switch group.grouping {
    case .functions: return nil
    case .services, .versions:
      return .init(RequestGroupDetail(grouping: group.grouping, service: group.name, version: group.version))
    case .gateways: return .init(NodeDetail(id: "g" + group.name))
    case .nodes: return .init(NodeDetail(id: "s" + group.name))
    case .users: return .init(UserDetail(name: group.name))
    }
  }

  /// What stands for the name of requests that have none, or of which it is not told.
  private func noName(_ group: RequestGroup) -> String {
    let name = nameColumn(RequestGroups(group.grouping))
    return group.isUntold ? "\(name) not told" : "no \(name)"
  }

  func text(_ group: RequestGroup) -> String {
    let name = group.name.isEmpty ? noName(group) : group.name.string
    return name + (group.version.map { " \($0)" } ?? "")
      + (group.grouping == .nodes && group.numbers.isDown ? " down" : "") + text(numbers: group.numbers)
  }
}

/// The functions of a service, or of one of its versions.
struct RequestGroupDetail: Detail {
  let grouping: RequestGrouping
  let service: ByteText
  let version: ByteText?

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    content.loadFunctions(source)
    if content.configs.services.isEmpty { ConfigsPane.load(&content, source) }
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addGroup(self, content) }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    [FilterTermText("service", service)] + (version.map { [FilterTermText("version", $0)] } ?? [])
  }

  func includes(_ row: RequestName) -> Bool {
    row.service == service && (grouping == .services || row.version == version)
  }
}

extension DetailPage {
  fileprivate mutating func addGroup(_ group: RequestGroupDetail, _ content: ScreenContent) {
    let all = content.functionRows.rows(where: group.includes)
    guard !all.isEmpty else { return }
    let rows = all.filter { !context.isOld($0.isStale) } + all.filter { context.isOld($0.isStale) }
    title = "Service \(group.service.shown)" + (group.version.map { " \($0.shown)" } ?? "")
    let told = rows.filter { $0.isKept && !context.isOld($0.isStale) }
    field(
      "requests",
      told.isEmpty
        ? nil : "\(NumberText.short(told.reduce(0) { $0 + $1.requestsPerSecond }))/s in \(context.window)")
    let troubled = rows.count { $0.trouble > 1 }
    field(
      "functions", "\(rows.count)" + (troubled > 0 ? ", \(troubled) in trouble" : ""),
      troubled > 0 ? .warn : .text)
    if content.configs.services.contains(where: { $0.service == group.service }) {
      lines.append([
        Span("config".padded(to: 19), context.muted), Span(group.service.shown, context.style(.accent)),
      ])
      link(ServiceDetail(name: group.service))
    }
    head("Functions")
    let width = min(40, max(12, available - 42))
    lines.append([Span("".padded(to: width) + "  RPS  ERR%  REJ%     P50     P95     P99", context.muted)])
    for row in rows.prefix(500) {
      let name = row.requestType + (group.version == nil ? row.version.map { "@" + $0 } ?? "" : "")
      let isOld = context.isOld(row.isStale)
      func cell(_ text: String, _ width: Int, _ key: ThemeKey = .text) -> Span {
        Span(
          (isOld ? context.glyphs.dash : text).padded(to: width, .right),
          context.style(key, stale: row.isStale))
      }
      func percent(_ value: Double, critical: Double) -> Span {
        guard row.hasEnded else { return cell(context.glyphs.dash, 6, .muted) }
        return cell(
          NumberText.percent(value), 6, value >= critical ? .critical : value >= 1 ? .warn : .text)
      }
      func latency(_ value: Int64?) -> Span {
        cell(TimeText.duration(microseconds: value), 8, Severity.duration(value))
      }
      lines.append([
        Span(
          name: name.shown, to: width,
          context.style(.title, stale: row.isStale)),
        cell(row.isKept ? NumberText.short(row.requestsPerSecond) : context.glyphs.dash, 5),
        percent(row.errorPercent, critical: 5), percent(row.rejectedPercent, critical: 20),
        latency(row.p50), latency(row.p95), latency(row.p99),
        Span(isOld ? " stale" : "", context.muted),
      ])
      link(FunctionDetail(id: row.id))
    }
    if rows.count > 500 { note("and \(rows.count - 500) more") }
  }
}

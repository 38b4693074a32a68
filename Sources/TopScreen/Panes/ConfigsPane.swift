import GenAPITelemetry
import OutsideText
import TopModel

/// Services, their versions and where from, what changed lately, and what was refused.
struct ConfigsPane: Pane {
  static let title: StaticString = "Configs"
  static let narrowedBy: Set<String> = ["service", "type", "version", "node", "text"]
  static let columnNames = ["service", "version", "fn", "off", "from", "age"]

  static var sortColumns: [SortColumn] { sortKeys.map(\.column) }

  static let sortKeys: [SortKey<ConfigsView.Service>] = [
    .name("service") { $0.service }, .name("version") { $0.versions.values.sortedNaturally().last },
    .number("fn") { SortValue($0.functions) }, .number("off") { SortValue($0.disabled) },
    .name("from") { $0.source },
    // The oldest first: what was pulled long ago is what is looked for.
    .number("age") { SortValue($0.lastSuccessAt.map { -Double($0) }) },
  ]

  var view: ConfigsView

  var rowIDs: RowIDs { RowIDs(view.services.map(\.id)) }
  var headLines: Int { 1 }

  func fact(_ context: PaneContext) -> [Span] {
    let mismatched = view.services.count { $0.isMismatched && !$0.isStale }
    if mismatched > 0 {
      return [Span("\(context.glyphs.differs) \(mismatched) differ", context.style(.critical, bold: true))]
    }
    let unresolved = view.services.count { !$0.unresolved.isEmpty && !$0.isStale }
    if unresolved > 0 {
      let text = context.width >= 36 ? "\(unresolved) name nothing" : "\(unresolved) broken"
      return [Span("\(context.glyphs.cross) \(text)", context.style(.critical, bold: true))]
    }
    let pulls = view.services.filter { $0.pullFailures > 0 && !$0.isStale }
    if !pulls.isEmpty {
      let text =
        context.width >= 36 ? NumberText.counted(pulls.count, "pull") + " failing" : "\(pulls.count) failing"
      return [Span("\(context.glyphs.cross) \(text)", context.style(.critical, bold: true))]
    }
    if !view.failed.isEmpty {
      return [
        Span("\(context.glyphs.warning) \(view.failed.count) refused", context.style(.warn, bold: true))
      ]
    }
    return view.services.isEmpty
      ? [] : [Span(NumberText.counted(view.services.count, "service"), context.text)]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    view.services.isEmpty && view.failed.isEmpty && view.changes.isEmpty
      ? reason("no function configs yet", context) : nil
  }

  /// The services, a blank line and the latest news.
  func wantedLines(width: Int) -> Int {
    let news = min(
      10,
      view.failed.count + merged.count
        + view.services.count { !$0.unresolved.isEmpty || $0.pullFailures > 0 && !$0.isStale })
    return 1 + view.services.count + (news > 0 ? news + 1 : 0)
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    // The services take what they need; what is left shows refusals, then changes.
    let news = newsLines(context)
    let wanted = view.services.count + 1
    let newsHeight = min(news.count, max(rect.height - wanted - 1, rect.height >= 9 ? 3 : 0))
    let tableHeight = newsHeight > 0 ? rect.height - newsHeight - 1 : rect.height
    var body = rect
    body.height = tableHeight
    var table = table(context)
    table.isStale = { $0.isStale }
    table.draw(view.services, ids: rowIDs, into: &grid, rect: body, context: context)
    guard newsHeight > 0 else { return }
    for (index, line) in news.prefix(newsHeight).enumerated() {
      grid.draw(
        line, at: rect.x + 1, rect.maxY - newsHeight + index, width: rect.width - 2,
        ellipsis: context.glyphs.ellipsis)
    }
  }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? {
    table(context).column(at: place, width: width, context)
  }

  private func table(_ context: PaneContext) -> Table<ConfigsView.Service> {
    Table(columns: [
      .init("SERVICE", 9, most: Table.longest(view.services, most: 48) { $0.service }, isName: true) { row in
        [Span(row.service.shown, context.style(.title, stale: row.isStale))]
      },
      .init("VERSION", 9, most: 22, wide: { version($0, width: $1, context) }),
      .init("FN", 3, .right, rank: 2) { row in
        [Span(NumberText.short(row.functions), context.style(.text, stale: row.isStale))]
      },
      .init("OFF", 3, .right, rank: 3) { row in
        let style = row.disabled > 0 && !row.isStale ? context.style(.warn) : context.muted
        return [Span(NumberText.short(row.disabled), style)]
      },
      .init("FROM", 5, most: 9, rank: 4) { row in [Span(row.source.shown, context.muted)] },
      .init("AGE", 4, .right, rank: 1) { row in
        if row.pullFailures > 0, !row.isStale {
          let text = "\(context.glyphs.cross)\(NumberText.short(row.pullFailures))"
          return [Span(text, context.style(.critical, bold: true))]
        }
        if !row.unresolved.isEmpty, !row.isStale {
          let text = "\(context.glyphs.warning)\(NumberText.short(row.unresolvedNames.count))"
          return [Span(text, context.style(.critical, bold: true))]
        }
        return [Span(row.lastSuccessAt.map(context.age(of:)) ?? context.glyphs.dash, context.muted)]
      },
    ])
  }

  private func version(_ row: ConfigsView.Service, width: Int, _ context: PaneContext) -> [Span] {
    let told = row.comparison.versions.values.compactMap { row.comparison.versionsDiffer ? $0 ?? "none" : $0 }
    let versions = Set(told).sortedNaturally().map(\.shown)
    if row.comparison.versionsDiffer {
      let style = row.isStale ? context.muted : context.style(.critical, bold: true)
      let all = "\(context.glyphs.differs) \(versions.joined(separator: "|"))"
      return [
        Span(DisplayWidth.of(all) <= width ? all : "\(context.glyphs.differs) \(versions.count) kinds", style)
      ]
    }
    if let change = row.recentChange, let from = change.from, let to = change.to {
      let arrow = "\(from.shown) \(context.glyphs.right) "
      let isRoomy = DisplayWidth.of(arrow) + DisplayWidth.of(to.shown) <= width
      return [
        Span(isRoomy ? arrow : context.glyphs.right + " ", context.muted),
        Span(to.shown, context.style(.accent, stale: row.isStale)),
      ]
    }
    var spans = [Span(versions.first ?? context.glyphs.dash, context.style(.text, stale: row.isStale))]
    // The same version and yet not the same: Enter shows what.
    if row.isMismatched, !row.isStale {
      spans.append(Span(" \(context.glyphs.differs)", context.style(.warn, bold: true)))
    }
    return spans
  }

  /// What names nothing, what cannot be pulled or was refused, then what changed, each the latest first.
  func newsLines(_ context: PaneContext) -> [[Span]] {
    let failed = view.failed.map { failed in
      [
        Span("\(context.glyphs.cross) ", context.style(.critical, bold: true)),
        Span(name(failed.config.service, failed.config.requestType), context.text),
        Span(" \(context.age(of: failed.config.at)) ", context.muted),
        Span(failed.config.reasons.joined(separator: "; ").shown, context.style(.warn)),
      ]
    }
    let gateways = Set(view.changes.map(\.node)).union(view.services.flatMap(\.versions.keys))
    let unresolved = view.services.filter { !$0.isStale }.flatMap { service in
      service.unresolvedNames.prefix(3).map { name in
        [
          Span("\(context.glyphs.cross) ", context.style(.critical, bold: true)),
          Span("\(service.service)/\(name)".shown, context.text),
          Span(" is nowhere", context.style(.critical)),
        ]
      }
    }
    let pulls = view.services.filter { $0.pullFailures > 0 && !$0.isStale }.map { service in
      [
        Span("\(context.glyphs.cross) ", context.style(.critical, bold: true)),
        Span(service.service.shown, context.text),
        Span(" cannot be pulled", context.style(.critical)),
        Span(service.lastError.map { ": " + $0.shown } ?? "", context.style(.warn)),
      ]
    }
    return unresolved + pulls + failed
      + merged.map { changeLine($0, of: gateways.count, context) }
  }

  /// Gateways that follow each other within this time made the same change.
  private static let sameChangeUs: Int64 = 60_000_000

  /// What several gateways did alike stands once, with all of their names.
  private var merged: [MergedChange] {
    var merged: [MergedChange] = []
    var places: [[ByteText?]: Int] = [:]
    for entry in view.changes {
      let change = entry.change
      let key = [
        change.kind, change.service, change.requestType, change.version, change.from, change.to,
      ]
      if let place = places[key], !merged[place].nodes.contains(entry.node),
        merged[place].change.at.saturatingSubtract(change.at) < Self.sameChangeUs
      {
        merged[place].nodes.append(entry.node)
        merged[place].firstAt = min(merged[place].firstAt, change.at)
      } else {
        places[key] = merged.count
        merged.append(MergedChange(change: change, nodes: [entry.node], firstAt: change.at))
      }
    }
    return merged
  }

  /// What gateways changed alike.
  private struct MergedChange {
    /// The latest of them.
    var change: ConfigChangeState
    var nodes: [ByteText]
    /// When the first of them did.
    var firstAt: Int64
  }

  private func changeLine(_ merged: MergedChange, of gateways: Int, _ context: PaneContext) -> [Span] {
    let (change, nodes) = (merged.change, merged.nodes)
    let (symbol, key): (String, ThemeKey) =
      switch change.kind {
      case "added", "enabled": ("+", .ok)
      case "removed", "disabled": ("-", .warn)
      default: ("~", .accent)
      }
    var line = [
      Span(symbol + " ", context.style(key)),
      Span(name(change.service, change.requestType), context.text),
      Span(" " + change.kind.shown, context.muted),
    ]
    if let from = change.from, let to = change.to {
      line.append(Span(" \(from.shown) \(context.glyphs.right) \(to.shown)", context.text))
    } else if let to = change.to {
      line.append(Span(" \(to.shown)", context.text))
    } else if let version = change.version {
      line.append(Span(" @" + version.shown, context.muted))
    }
    // Of gateways that did it one after the other, from the last one's to the first one's.
    let ages = [change.at, merged.firstAt].map(context.age(of:))
    line.append(Span(" " + (ages[0] == ages[1] ? ages[0] : "\(ages[0]) to \(ages[1])"), context.muted))
    // That a change did not reach every gateway is what one wants to see.
    if gateways > 1, nodes.count < gateways {
      let names =
        nodes.sortedNaturally().prefix(3).joined(separator: " ").shown + (nodes.count > 3 ? " …" : "")
      // The others may have it already: one that was restarted loads all of it at once.
      line.append(
        differs(change) ? Span(" only \(names)", context.style(.warn)) : Span(" on \(names)", context.muted))
    }
    if let by = change.by { line.append(Span(", by \(by.shown)", context.muted)) }
    return line
  }

  /// Whether gateways still have differently what a change was of.
  private func differs(_ change: ConfigChangeState) -> Bool {
    guard let comparison = view.services.first(where: { $0.service == change.service })?.comparison else {
      return true
    }
    guard let type = change.requestType else { return comparison.isMismatched }
    return comparison.differences.contains { $0.requestType == type }
  }

  private func name(_ service: ByteText, _ type: ByteText?) -> String {
    (type.map { service + "/" + $0 } ?? service).shown
  }
}

extension ConfigsPane {
  static var empty: ConfigsView { ConfigsView() }

  static func content(_ source: PaneSource) -> ConfigsView {
    source.model.configs(source.settings)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    view = content.configs
    view.services = Self.arranged(view.services, Self.sortKeys, id: \.id, content, state, isStale: \.isStale)
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? { .init(ServiceDetail(name: id)) }
}

extension ScreenContent {
  package var configs: ConfigsView {
    get { self[ConfigsPane.self] }
    set { self[ConfigsPane.self] = newValue }
  }
}

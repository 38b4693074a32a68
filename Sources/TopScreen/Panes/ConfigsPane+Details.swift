import GenAPITelemetry
import OutsideText
import TopModel

/// A service, by its name.
struct ServiceDetail: Detail {
  let name: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.configs.services.isEmpty { ConfigsPane.load(&content, source) }
    if !content.configs.services.contains(where: { $0.service == name }) { content.loadFunctions(source) }
    content.configSteps = source.views.configSteps(source.model, of: name, source.settings)
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addService(name, content) }

  func terms(_ content: ScreenContent) -> [FilterTermText] { [FilterTermText("service", name)] }
}

extension DetailPage {
  mutating func addService(_ name: ByteText, _ content: ScreenContent) {
    title = "Service \(name.shown)"
    guard let row = content.configs.services.first(where: { $0.service == name }) else {
      return addService(withoutConfigs: name, content)
    }
    addStale(row.isStale)
    // Those of silent gateways too, which are not compared.
    let versions = row.comparison.versions.merging(row.versions.mapValues { Optional($0) }) { one, _ in one }
    for (node, version) in versions.sorted(by: { $0.key.precedesNaturally($1.key) })
    where version != nil || row.comparison.versionsDiffer {
      field(
        "version on \(node)", version?.string ?? "none", row.comparison.versionsDiffer ? .critical : .text)
    }
    field("from", row.source.string)
    field("last success", time(row.lastSuccessAt))
    if row.pullFailures > 0 { field("failed pulls", "\(row.pullFailures) in a row", .critical) }
    if let error = row.lastError { field("last error", error.string, .critical) }
    for (names, gateways) in Dictionary(
      grouping: row.unresolved.keys.sorted(), by: { row.unresolved[$0] ?? [] }
    )
    .sorted(by: { $0.value[0] < $1.value[0] }) {
      for unresolved in names.prefix(20) {
        field("names nothing", "\(unresolved), on \(gateways.joined(separator: " "))", .critical)
      }
    }
    addDifferences(row.comparison.differences)
    addSteps(content.configSteps)
    let functions = content.configs.functions.of(name)
    head("Functions: \(row.functions), \(row.disabled) disabled")
    for function in functions.prefix(500) {
      // The list has what one of the gateways says.
      let disabling = row.comparison.disabling(function)
      let isEnabled = function.enabled && disabling.isEmpty
      let glyph =
        isEnabled ? context.glyphs.up : disabling.isEmpty ? context.glyphs.down : context.glyphs.half
      let word = isEnabled ? "" : disabling.isEmpty ? "disabled " : "disabled on \(disabling.shown) "
      lines.append([
        Span(glyph + " ", context.style(isEnabled ? .ok : .warn)),
        Span(name: function.requestType.shown, to: 26, context.style(.title)),
        Span(" " + (function.version?.shown ?? context.glyphs.dash).padded(to: 8), context.text),
        Span(" " + function.responseType.shown.padded(to: 7), context.muted),
        Span(" " + word, context.style(.warn)),
        Span(function.nodes.joined(separator: ", ").shown, context.muted),
      ])
      link(functionDetail(function.service, function.requestType, function.version, content))
    }
    var pane = ConfigsPane(view: content.configs)
    pane.view.failed.removeAll { $0.config.service != name }
    pane.view.changes.removeAll { $0.change.service != name }
    // What is wrong with it stands above.
    pane.view.services = pane.view.services.filter { $0.service == name }.map { service in
      var service = service
      (service.pullFailures, service.unresolved) = (0, [:])
      return service
    }
    let news = pane.newsLines(context)
    if !news.isEmpty {
      head("Refused and changed")
      lines += news.prefix(50)
    }
  }

  /// A service that is known by its requests alone: gateways told no configs, or what they told passes no filter.
  private mutating func addService(withoutConfigs name: ByteText, _ content: ScreenContent) {
    let rows = content.functionRows.rows { $0.service == name }
    guard !rows.isEmpty else { return }
    field("configs", "none is told by the gateways that are shown", .muted)
    head("Functions that were called: \(rows.count)")
    for row in rows.prefix(500) {
      lines.append([
        Span(name: row.requestType.shown, to: 28, context.style(.title, stale: row.isStale)),
        Span(" " + (row.version?.shown ?? context.glyphs.dash), context.muted),
      ])
      link(FunctionDetail(id: row.id))
    }
    if rows.count > 500 { note("and \(rows.count - 500) more") }
  }

  /// `get_user@3.2.0  timeout  gw2 3000 ms, others 5000 ms`: who is alone with its value stands first, and none is cut.
  ///
  /// - Parameter named: what it is a difference of is said for each.
  mutating func addDifferences(_ differences: [ConfigDifference], named: Bool = true) {
    guard !differences.isEmpty else { return }
    head("Differences between gateways")
    for difference in differences.prefix(100) {
      lines.append([
        Span(context.glyphs.differs + " ", context.style(.warn, bold: true)),
        named ? Span(name: difference.name.shown, to: 29, context.style(.title)) : Span(""),
        Span(
          named ? difference.setting.shown.padded(to: 12) : difference.setting.shown + "  ", context.muted),
      ])
      let text = difference.told.shown
      // Who has what is the answer: it has lines of its own where there is no room behind the name.
      if lines[lines.count - 1].displayWidth + DisplayWidth.of(text) <= available {
        lines[lines.count - 1].append(Span(text, context.text))
      } else {
        for part in text.wrapped(to: max(20, available - 4)).prefix(6) {
          lines.append([Span("    " + part, context.text)])
        }
      }
    }
  }

  /// `~ create_order@1.0.0  timeout  5000 ms → 3000 ms  12:03:10 on gw1 gw2`: what was changed alike at nearly one time stands
  /// once, with all of its gateways.
  mutating func addSteps(_ steps: [ConfigStep]) {
    guard !steps.isEmpty else { return }
    head("Against what was before")
    var merged: [(step: ConfigStep, gateways: [ByteText], firstAt: Int64)] = []
    for step in steps {
      let place = merged.firstIndex { other in
        other.step.name == step.name && other.step.setting == step.setting && other.step.from == step.from
          && other.step.to == step.to && !other.gateways.contains(step.gateway)
          && other.step.at.saturatingSubtract(step.at) < 60_000_000
      }
      if let place {
        merged[place].gateways.append(step.gateway)
        merged[place].firstAt = min(merged[place].firstAt, step.at)
      } else {
        merged.append((step, [step.gateway], step.at))
      }
    }
    for (step, gateways, firstAt) in merged.prefix(50) {
      let what = [step.name, step.setting].filter { !$0.isEmpty }.joined(separator: " ").shown
      let last = TimeText.clock(step.at, offset: context.clockOffset)
      let first = TimeText.clock(firstAt, offset: context.clockOffset)
      let when =
        (first == last ? "\(last) on " : "\(first) to \(last) on ")
        + gateways.sorted { $0.precedesNaturally($1) }.joined(separator: " ").shown
      lines.append([
        Span("~ ", context.style(.accent)),
        Span(name: what, to: 41, context.style(.title)),
        Span(when, context.muted),
      ])
      let values = "\(told(step.from)) \(context.glyphs.right) \(told(step.to))"
      for part in values.wrapped(to: max(20, available - 4)).prefix(6) {
        lines.append([Span("    " + part, context.text)])
      }
    }
  }

  private func told(_ value: ByteText) -> String { value.isEmpty ? "none" : value.shown }
}

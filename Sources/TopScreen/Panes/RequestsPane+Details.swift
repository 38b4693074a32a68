import GenAPIStream
import GenAPITelemetry
import OutsideText
import TopModel

/// A function, by `RequestRow.id`.
struct FunctionDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    content.loadFunctions(source)
    if content.configs.functions.isEmpty { ConfigsPane.load(&content, source) }
    if content.limits.isEmpty { LimitsPane.load(&content, source) }
    if content.events.isEmpty { EventsPane.load(&content, source) }
    guard let row = content.function(id) else { return }
    var scoped = source.settings
    scoped.latencyScope = .function(service: row.service, requestType: row.requestType)
    content.detailLatency = source.views.latency(source.model, scoped, slots: 2, rows: 12)
    content.function = source.model.function(
      service: row.service, requestType: row.requestType, version: row.version, source.settings)
    let found = source.views.functionEvents(
      source.model, service: row.service, requestType: row.requestType, source.settings,
      lookingThrough: source.most)
    content.note(found)
    content.breakdown = EventBreakdown(found.rows, windowFrom: source.model.windowBegin(source.settings))
    if content.circuits.pools.isEmpty { CircuitsPane.load(&content, source) }
    content.topUsers = source.model.topUsers(of: (row.service, row.requestType), source.settings)
  }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    let parts = id.split(separator: 0x1F)
    guard parts.count >= 2 else { return [] }
    return [FilterTermText("service", parts[0]), FilterTermText("type", parts[1])]
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addFunction(id, content) }
}

extension DetailDialog.Subject {
  /// A function, by `RequestRow.id`.
  package static func function(_ id: ByteText) -> Self { Self(FunctionDetail(id: id)) }
}

extension DetailPage {
  /// One function: its numbers, latencies, call flow, config, limits and latest failures.
  mutating func addFunction(_ id: ByteText, _ content: ScreenContent) {
    guard let row = content.function(id) else { return }
    title =
      row.isUnsupported
      ? "Requests for what does not exist"
      : "\(row.service) \(row.requestType)".shown + (row.version.map { "@" + $0.shown } ?? "")
    if row.isStale { field("stale", "its gateways are down or silent", .warn) }
    // What gateways told last that are gone is no number of now.
    let isKnown = row.isKept && !context.isOld(row.isStale)
    field(
      "requests",
      isKnown
        ? "\(NumberText.short(row.requestsPerSecond))/s over \(watched(content)), "
          + "\(NumberText.short(row.inFlight)) in flight"
        : nil)
    field(
      "outcomes",
      !isKnown || !row.hasEnded
        ? nil
        : "\(NumberText.percent(max(0, 100 - row.errorPercent - row.rejectedPercent)))% ok, "
          + "\(NumberText.percent(row.errorPercent))% failed, \(NumberText.percent(row.rejectedPercent))% refused"
          + leftOut(content),
      row.errorPercent >= 5 ? .critical : row.errorPercent >= 1 ? .warn : .text)
    addAbsence(of: row, content)
    field(
      "latency",
      [("p50", row.p50), ("p95", row.p95), ("p99", row.p99), ("max", row.max)]
        .map { "\($0.0) \(TimeText.duration(microseconds: context.isOld(row.isStale) ? nil : $0.1))" }
        .joined(separator: "  ")
        + (row.rejectedPercent > 0 ? "  of those that ran" : ""), Severity.duration(row.p99))
    field("retries", isKnown ? NumberText.short(row.retries) : nil, row.retries > 0 ? .warn : .text)
    addLastError(of: row)
    addLastRefusal(of: row)
    lines.append([
      Span("trend".padded(to: 19), context.muted),
      Span(context.glyphs.sparkline(row.trend, width: 30), context.style(.graphLow)),
    ])
    addBreakers(of: row, content)
    if let view = content.function { addParts(view, isOld: context.isOld(row.isStale)) }
    addHookFailures(content)
    addTopUsers(content.topUsers)
    if !isSearching("From the events that are kept", content) {
      addBreakdown(content.breakdown, of: "requests", skippingFunctions: !row.isUnsupported)
    }
    if let latency = content.detailLatency, latency.count > 0 {
      addHistogram(latency, ofSeveral: content.functionRows.hasOtherVersions(row))
    }
    let function = content.configs.functions.config(
      service: row.service, requestType: row.requestType, version: row.version)
    if let function {
      let versions = content.configs.functions.of(row.service, row.requestType).count
      let service = content.configs.services.first { $0.service == row.service }
      addConfig(
        function, ofSeveral: row.version == nil && versions > 1,
        disabledOn: service?.comparison.disabling(function) ?? "")
    }
    addFlow(row, function, content)
    addFailures(of: row, content)
  }

  /// That it cannot be called any more, since when and by what, of a function that is asked for and not there.
  private mutating func addAbsence(of row: RequestRow, _ content: ScreenContent) {
    func isOf(_ change: ConfigsView.Change, _ kinds: [ByteText]) -> Bool {
      kinds.contains(change.change.kind) && change.change.service == row.service
        && change.change.requestType == row.requestType
        && (row.version == nil || change.change.version == row.version)
    }
    let configs = content.configs.functions.of(row.service, row.requestType).filter {
      row.version == nil || $0.version == row.version
    }
    guard !row.isUnsupported, !configs.contains(where: \.enabled) else { return }
    let kind: ByteText = configs.isEmpty ? "removed" : "disabled"
    guard let last = content.configs.changes.first(where: { isOf($0, [kind]) }) else {
      // What a filter leaves out is no config that is not there: only answers tell that.
      let isMissed = (content.function?.endings ?? []).contains { $0.outcome == .unsupported && $0.count > 0 }
      if isMissed {
        field("config", configs.isEmpty ? "none: no gateway has the function" : "disabled", .critical)
      }
      return
    }
    let nodes = Set(
      content.configs.changes.lazy.filter {
        isOf($0, [last.change.kind]) && last.change.at.saturatingSubtract($0.change.at) < 60_000_000
      }.map(\.node))
    field(
      "config",
      "\(kind) \(time(last.change.at) ?? "") on \(nodes.sortedNaturally().joined(separator: " "))"
        + (last.change.by.map { ", by \($0)" } ?? ""), .critical)
    link(ServiceDetail(name: row.service))
  }

  /// With its age and the gateway that told it: one from before the window says nothing of what fails now, and is muted.
  private mutating func addLastError(of row: RequestRow) {
    guard let error = row.lastError else {
      if row.missesLastError { return addNotKept("last error", isInWindow: row.errorPercent > 0) }
      return field("last error", row.isKept && row.errorPercent > 0 ? "not told" : nil, .muted)
    }
    let age = row.lastErrorAt.map { context.at.saturatingSubtract($0) / 1_000_000 }
    let isOld = age.map { $0 > Int64(context.settings.window.seconds) } ?? false
    let told = [
      age.map { "\(TimeText.age(seconds: $0)) ago" }, row.lastErrorGateway.map { "told by \($0)" },
      isOld ? "before the window" : nil, row.missesLastError ? Self.maybeNotTheLast : nil,
    ].compactMap(\.self).joined(separator: ", ")
    field(
      "last error", told.isEmpty ? error.string : "\(error) (\(told))",
      isOld ? .muted : row.errorPercent >= 5 ? .critical : .warn)
  }

  /// Which node's hooks fail, by the events that are kept.
  private mutating func addHookFailures(_ content: ScreenContent) {
    let failures = content.breakdown.hookFailures
    guard content.searchedPercent == nil, !failures.isEmpty else { return }
    head("Hooks that failed, by node, of the events that are kept")
    for failure in failures.prefix(12) {
      lines.append([
        Span(name: failure.hook.shown, to: 28, context.style(.title)),
        Span(name: failure.node?.shown ?? "gateway", to: 26, context.style(.accent)),
        Span(NumberText.short(failure.count).padded(to: 5, .right) + " failed", context.style(.critical)),
        Span("  last \(context.age(of: failure.at)) ago  ", context.muted),
        Span(failure.reason.shown, context.style(.warn)),
      ])
      link(failure.node.map { NodeDetail(id: "s" + $0) })
    }
  }

  /// With its age: one from before the window says nothing of who is refused now, and is muted.
  private mutating func addLastRefusal(of row: RequestRow) {
    guard let refusal = row.lastRefusal else {
      if row.missesLastRefusal { addNotKept("last refusal", isInWindow: row.rejectedPercent > 0) }
      return
    }
    let age = row.lastRefusalAt.map { context.at.saturatingSubtract($0) / 1_000_000 }
    let isOld = age.map { $0 > Int64(context.settings.window.seconds) } ?? false
    let told = [
      age.map { "\(TimeText.age(seconds: $0)) ago" }, isOld ? "before the window" : nil,
      row.missesLastRefusal ? Self.maybeNotTheLast : nil,
    ].compactMap(\.self).joined(separator: ", ")
    field(
      "last refusal", told.isEmpty ? refusal.string : "\(refusal) (\(told))", isOld ? .muted : .warn)
  }

  private mutating func addHistogram(_ view: LatencyView, ofSeveral: Bool) {
    head(
      "Latency of \(NumberText.counted(Int(clamping: view.count), "request")) that ran in \(context.window)"
        + (ofSeveral ? ", of all versions" : ""))
    let width = min(available, 90)
    let used = view.histogram.indices.filter { view.histogram[$0] > 0 }
    guard let first = used.first, let last = used.last else { return }
    var grid = Grid(width: width, height: min(12, last - first + 1))
    LatencyHistogramBars(view: view)
      .draw(into: &grid, rect: Rect(x: 0, y: 0, width: width, height: grid.height), context: context)
    for row in 0..<grid.height { lines.append(grid.spans(row: row)) }
  }

  /// Breakers that refuse it now, or try whether it is well again.
  private mutating func addBreakers(of row: RequestRow, _ content: ScreenContent) {
    // A breaker refuses what runs in its pool; no pool runs functions that answer at once.
    let pool = content.configs.functions.of(row.service, row.requestType).first.map {
      $0.responseType + "_pool"
    }
    let refusing = content.circuits.breakers.filter {
      $0.state.state != .closed && !$0.isStale && $0.state.worker == nil
        && ($0.state.service == nil || $0.state.service == row.service)
        && (pool == nil ? $0.state.service != nil : $0.state.pool == pool)
    }
    for breaker in refusing.prefix(4) {
      lines.append(
        [
          Span("breaker".padded(to: 19), context.muted)
        ]
          // When it probes is never what is cut.
          + CircuitsPane.state(
            breaker.state.state, breaker.state, cooldownLeftMs: breaker.cooldownLeftMs,
            stale: breaker.isStale, context)
          + [
            Span("  " + CircuitsPane.name(breaker).shown, context.style(.title)),
            Span("  on " + breaker.node.shown, context.muted),
          ])
      link(BreakerDetail(id: breaker.id))
    }
  }

  /// - Parameters:
  ///   - ofSeveral: its numbers are of all its versions, of which this is one.
  ///   - disabling: the gateways that have it disabled, where others do not.
  mutating func addConfig(
    _ function: FunctionState, ofSeveral: Bool = false, disabledOn disabling: ByteText = ""
  ) {
    head(
      "Config" + (ofSeveral ? function.version.map { " of \($0.shown), one of several versions" } ?? "" : ""))
    lines.append([
      Span("service".padded(to: 19), context.muted), Span(function.service.shown, context.style(.accent)),
    ])
    link(ServiceDetail(name: function.service))
    if disabling.isEmpty {
      field("state", function.enabled ? "enabled" : "disabled", function.enabled ? .ok : .warn)
    } else {
      field("state", "disabled on \(disabling), enabled on others", .warn)
    }
    field("nodes", function.nodes.joined(separator: ", "))
    field("answers", function.responseType.string)
    field("timeout", function.timeoutMs.map { TimeText.duration(milliseconds: $0) } ?? "none")
    field("permission", function.permission.string)
    field("retry", function.retry?.string ?? "none")
    field("node choice", function.chooseNode.string)
    field("hooks", function.hooks.isEmpty ? "none" : function.hooks.joined(separator: ", "))
    field("from", function.source.string + (function.configVersion.map { " version \($0)" } ?? ""))
    field("changed", time(function.changedAt))
  }

  /// What a request passes on its way, in order.
  private mutating func addFlow(_ row: RequestRow, _ function: FunctionState?, _ content: ScreenContent) {
    head("Call flow")
    let scope = FunctionPath.text(service: row.service, requestType: row.requestType)
    let limits = content.limits.filter {
      ($0.scope == "global" || $0.scope == scope) && !context.isOld($0.isStale)
    }
    let arrow = " \(context.glyphs.right) "
    var steps = ["look-up"]
    for limit in limits.prefix(4) {
      steps.append(
        "limit \(limit.key) \(NumberText.short(limit.maxRequests))/\(TimeText.duration(milliseconds: limit.windowMs))"
          + (!limit.gateways.isEmpty && limit.gateways.count < content.header.nodesUp
            ? " on \(limit.gateways.joined(separator: " "))" : "")
      )
    }
    if let function {
      if function.permission != "false" { steps.append("permission \(function.permission)") }
      steps += function.hooks.map { "hook \($0)" }
      if ["async", "stream"].contains(function.responseType) {
        steps.append("\(function.responseType) pool")
      }
      steps.append(
        "\(function.chooseNode) of \(function.nodes.isEmpty ? "no nodes" : function.nodes.joined(separator: ", "))"
      )
      if let retry = function.retry { steps.append("retry \(retry)") }
    }
    for line in steps.joined(separator: arrow).shown.wrapped(to: max(20, available - 2)) {
      lines.append([Span(line, context.text)])
    }
  }

  private mutating func addFailures(of row: RequestRow, _ content: ScreenContent) {
    let title = "Latest trouble: Enter shows the request"
    if isSearching(title, content) { return }
    let known = content.breakdown.ends.filter { $0.record.outcome != .ok }.prefix(8)
    let failures = Array(known)
    guard !failures.isEmpty else { return }
    head(title)
    for failure in failures {
      lines.append([
        Span(TimeText.preciseClock(failure.record.at, offset: context.clockOffset) + " ", context.muted),
        Span(
          EventText.symbol(failure.severity, context.glyphs) + " ", EventText.style(failure.severity, context)
        ),
        Span(String(failure.record.shortName).shown + "  ", EventText.style(failure.severity, context)),
        Span(EventText.summary(failure.record).shown, context.text),
      ])
      link(failure.record.requestID.map { RequestDetail(id: $0) })
    }
  }
}

extension ScreenContent {
  /// The row of a function; of another version where there is none of this, since events and configs may tell none.
  func function(_ id: ByteText) -> RequestRow? {
    if let row = functionRows.row(id) { return row }
    let parts = id.split(separator: 0x1F)
    guard parts.count >= 2 else { return nil }
    return functionRows.rows { $0.service == parts[0] && $0.requestType == parts[1] }.first
  }
}

import GenAPITelemetry
import OutsideText
import TopModel

extension DetailPage {
  /// A relay group and its members.
  mutating func addGroup(_ id: ByteText, _ content: ScreenContent) {
    guard let row = content.relay.first(where: { $0.id == id }) else { return }
    let group = row.group
    title = "Group \(group.groupID.shown)"
    field("type", group.groupType.string)
    field("gateway", row.node.string)
    field("created", time(group.createdAt))
    field(
      "messages", "\(NumberText.grouped(group.messages)), \(NumberText.short(row.messagesPerSecond))/s now")
    field("last message", time(group.lastMessageAt))
    let counts = "\(group.active) active, \(group.pending) pending, \(group.muted) muted"
    head("Members: " + counts)
    for member in group.members.sorted(by: { $0.precedes($1) }) {
      let (symbol, key): (String, ThemeKey) =
        switch member.status {
        case "active": (context.glyphs.up, .ok)
        case "pending": (context.glyphs.pending, .warn)
        default: (context.glyphs.muted, .critical)
        }
      lines.append([
        Span(symbol + " ", context.style(key)),
        Span(member.userID.shown.padded(to: 28), context.style(.title)),
        Span(" " + member.status.shown.padded(to: 8), context.style(key)),
        Span(
          " " + member.role.shown.padded(to: 7),
          member.role == "admin" ? context.style(.accent) : context.muted),
        Span(" \(NumberText.short(member.connections)) conn", context.muted),
        Span("  since \(context.age(of: member.since))", context.muted),
      ])
    }
    let all = group.active.adding(group.pending).adding(group.muted)
    if all > group.members.count { note("and \(all - group.members.count) more") }
  }

  mutating func addLimit(_ id: ByteText, _ content: ScreenContent) {
    guard let row = content.limits.first(where: { $0.id == id }) else { return }
    title = "Rate limit \(row.scope.shown) \(row.key.shown)"
    field(
      "allows",
      "\(NumberText.grouped(Int64(row.maxRequests))) requests in \(TimeText.duration(milliseconds: row.windowMs))"
    )
    field("checked", "\(NumberText.short(row.checksPerSecond))/s")
    field(
      "refused",
      "\(NumberText.short(row.rejectionsPerSecond))/s, \(NumberText.grouped(row.rejections)) since the gateways started",
      row.rejectionsPerSecond > 0 ? .critical : .text)
    if row.refusing != nil {
      field(
        "refusing since",
        time(row.refusing?.since).map { $0 + (row.refusing?.isLonger == true ? " or longer" : "") },
        .warn)
    }
    field("last refusal", time(row.lastRejectionAt))
    field("keys in use", NumberText.grouped(Int64(row.trackedKeys)))
    head("Closest to the limit")
    if row.keys.isEmpty { note("no key is in use") }
    let nameWidth = row.keys.reduce(8) { max($0, min(24, DisplayWidth.of($1.value.shown))) }
    for key in row.keys {
      let fraction = key.max > 0 ? Double(key.used) / Double(key.max) : 1
      let bar = context.glyphs.bar(fraction, width: 20)
      let level = Severity.level(fraction)
      lines.append([
        Span(key.value.shown.padded(to: nameWidth), context.style(.title)), Span(" "),
        Span(bar.filled, context.style(level)), Span(bar.track, context.style(.border)),
        Span(
          " \(NumberText.short(key.used).padded(to: 5, .right))/\(NumberText.short(key.max).padded(to: 5))",
          context.style(level)),
        Span(
          (key.used >= key.max ? " free in \(TimeText.duration(milliseconds: key.resetMs))" : "")
            .padded(to: row.keys.contains { $0.used >= $0.max } ? 15 : 0),
          context.style(.critical)),
        Span(
          "  refused \(NumberText.short(key.rejections).padded(to: 5, .right))",
          key.rejections > 0 ? context.style(.warn) : context.muted),
        Span("  " + key.node.shown, context.muted),
      ])
    }
  }

  mutating func addPool(_ id: ByteText, _ content: ScreenContent) {
    guard let pool = content.circuits.pools.first(where: { $0.id == id }) else { return }
    let state = pool.state
    title = "Pool \(state.name.shown)"
    field("gateway", pool.node.string)
    lines.append(
      [Span("breaker".padded(to: 19), context.muted)]
        + CircuitsPane.state(state.breaker, cooldownLeftMs: pool.cooldownLeftMs, stale: pool.isStale, context)
    )
    field("failures", "\(state.consecutiveFailures) in a row; opens at \(state.threshold)")
    field(
      state.breaker == .closed ? "closed since" : "open since",
      time(state.breaker == .closed ? pool.breaker?.since : pool.breaker?.notClosedSince))
    field("last reason", pool.breaker?.lastReason?.string, .warn)
    field("opened", pool.breaker.map { times($0.openedCount) })
    addServices(state)
    field(
      "workers",
      "\(state.busy) busy of \(state.workers); \(state.openWorkers) open, \(state.halfOpenWorkers) half-open")
    field("queue", "\(state.queued) of \(state.queueLimit)")
    field(
      "tasks",
      "\(NumberText.grouped(state.executed)) run, \(NumberText.grouped(state.failed)) failed, \(NumberText.grouped(state.rejected)) refused (\(NumberText.short(pool.rejectionsPerSecond))/s)"
    )
    if state.shareRejected > 0 {
      field(
        "share",
        "\(NumberText.grouped(state.shareRejected)) refused: a client holds \(state.clientWorkers) workers at most",
        .warn)
    }
    let perLine = max(10, min(64, available - 2))
    if !pool.workers.isEmpty { head("Workers") }
    for first in stride(from: 0, to: min(pool.workers.count, perLine * 20), by: perLine) {
      lines.append(
        pool.workers[first..<min(first + perLine, pool.workers.count)].map { cell in
          let (glyph, style) = CircuitsPane.worker(cell, stale: pool.isStale, context)
          return Span(glyph, style)
        })
    }
  }

  /// How many breakers of services are not closed, where there are any.
  private mutating func addServices(_ state: PoolState) {
    guard state.openServices + state.halfOpenServices > 0 else { return }
    field("services", "\(state.openServices) open, \(state.halfOpenServices) half-open", .critical)
  }

  mutating func addBreaker(_ id: ByteText, _ content: ScreenContent) {
    guard let breaker = content.circuits.breakers.first(where: { $0.id == id }) else { return }
    title = "Breaker \(CircuitsPane.name(breaker).shown)"
    field("gateway", breaker.node.string)
    lines.append(
      [Span("state".padded(to: 19), context.muted)]
        + CircuitsPane.state(
          breaker.state.state, cooldownLeftMs: breaker.cooldownLeftMs, stale: breaker.isStale, context))
    if breaker.state.state == .closed {
      field("closed since", time(breaker.state.since))
    } else {
      field("open since", time(breaker.state.notClosedSince))
    }
    field("failures", "\(breaker.state.consecutiveFailures) in a row")
    field("cooldown", TimeText.duration(milliseconds: breaker.state.cooldownMs))
    field("opened", times(breaker.state.openedCount))
    field("last reason", breaker.state.lastReason?.string, .warn)
  }

  mutating func addService(_ name: ByteText, _ content: ScreenContent) {
    guard let row = content.configs.services.first(where: { $0.service == name }) else { return }
    title = "Service \(name.shown)"
    for (node, version) in row.versions.sorted(by: { $0.key < $1.key }) {
      field("version on \(node)", version.string, row.isMismatched ? .critical : .text)
    }
    field("from", row.source.string)
    field("last success", time(row.lastSuccessAt))
    if row.pullFailures > 0 { field("failed pulls", "\(row.pullFailures) in a row", .critical) }
    if let error = row.lastError { field("last error", error.string, .critical) }
    addDifferences(content.differences)
    let functions = content.configs.functions.filter { $0.service == name }
    head("Functions: \(row.functions), \(row.disabled) disabled")
    for function in functions.prefix(500) {
      lines.append([
        Span(
          function.enabled ? context.glyphs.up + " " : context.glyphs.down + " ",
          context.style(function.enabled ? .ok : .warn)),
        Span(function.requestType.shown.padded(to: 26), context.style(.title)),
        Span(" " + (function.version?.shown ?? context.glyphs.dash).padded(to: 8), context.text),
        Span(" " + function.responseType.shown.padded(to: 7), context.muted),
        Span(" " + (function.enabled ? "" : "disabled "), context.style(.warn)),
        Span(function.nodes.joined(separator: ", ").shown, context.muted),
      ])
    }
    var pane = ConfigsPane(view: content.configs)
    pane.view.failed.removeAll { $0.config.service != name }
    pane.view.changes.removeAll { $0.change.service != name }
    let news = pane.newsLines(context)
    if !news.isEmpty {
      head("Refused and changed")
      lines += news.prefix(50)
    }
  }

  /// `get_user@3.2.0  timeout  5000 ms on gw1 gw3, 3000 ms on gw2`.
  private mutating func addDifferences(_ differences: [ConfigDifference]) {
    guard !differences.isEmpty else { return }
    head("Differences between gateways")
    for difference in differences.prefix(100) {
      let values = Dictionary(grouping: difference.values.keys.sorted()) { difference.values[$0] ?? "" }
        .sorted { $0.value[0] < $1.value[0] }
        .map { "\($0.key.isEmpty ? "none" : $0.key) on \($0.value.joined(separator: " "))" }
      lines.append([
        Span(context.glyphs.differs + " ", context.style(.warn, bold: true)),
        Span(
          (difference.requestType + (difference.version.map { "@" + $0 } ?? "")).shown.padded(to: 28),
          context.style(.title)),
        Span(" " + difference.setting.string.padded(to: 12), context.muted),
        Span(values.joined(separator: ", ").shown, context.text),
      ])
    }
  }

  mutating func addNode(_ id: ByteText, _ content: ScreenContent) {
    guard let row = content.nodes.first(where: { $0.id == id }) else { return }
    title = "\(row.kind == .gateway ? "Gateway" : "Service node") \(row.name.shown)"
    field(
      "state", row.isUp ? (row.isStale ? "silent" : "up") : "down", row.isUp && !row.isStale ? .ok : .critical
    )
    if let detail = row.detail {
      // A gateway's is why it is down; a service node's what it serves.
      field(
        row.kind == .gateway ? "why" : "services", detail.string, row.kind == .gateway ? .critical : .text)
    }
    if row.kind == .gateway { field("version", row.version?.string) }
    field(
      "requests",
      "\(NumberText.short(row.requestsPerSecond))/s, \(NumberText.percent(row.errorPercent))% failed")
    field("p99", row.p99.map { TimeText.duration(microseconds: $0) })
    if row.kind == .gateway {
      field("CPU", row.cpuPercent.map { NumberText.percent($0) + "% of a core" })
      field("memory", row.residentBytes.map { NumberText.bytes($0) })
      field("sockets", row.sockets.map { NumberText.grouped(Int64($0)) })
      field("newest frame", row.lagMs.map { TimeText.duration(milliseconds: $0) + " old" })
      field("lost", lost(row), row.lost ?? 0 > 0 ? .warn : .text)
      field("clock", row.clockSkewMs.map { skew(milliseconds: $0) })
      let addresses = content.header.targets.filter { $0.node == row.name || $0.address == row.name }.map(
        \.address)
      if !addresses.isEmpty { field("address", addresses.joined(separator: ", ")) }
      if let view = content.gateway { addGateway(view) }
    } else {
      addSightings(row.sightings)
    }
  }

  /// Gateways that do not agree whether a node is up are cut off from each other.
  private mutating func addSightings(_ sightings: [NodeRow.Sighting]) {
    guard !sightings.isEmpty else { return }
    head(
      Set(sightings.filter { !$0.isStale }.map(\.isUp)).count > 1
        ? "As each gateway sees it: they do not agree" : "As each gateway sees it")
    for sighting in sightings.sorted(by: { $0.gateway < $1.gateway }).prefix(64) {
      let key: ThemeKey = sighting.isUp ? .ok : .critical
      lines.append([
        Span(
          (sighting.isUp ? context.glyphs.up : context.glyphs.down) + " ",
          context.style(key, stale: sighting.isStale)),
        Span(sighting.gateway.shown.padded(to: 17), context.style(.title, stale: sighting.isStale)),
        Span((sighting.isUp ? "up" : "down").padded(to: 5), context.style(key, stale: sighting.isStale)),
        Span(("since " + context.age(of: sighting.since)).padded(to: 12), context.muted),
        Span(
          "\(NumberText.short(sighting.requestsPerSecond).padded(to: 5, .right))/s "
            + "\(NumberText.percent(sighting.errorPercent).padded(to: 5, .right))% failed  "
            + "p99 \(TimeText.duration(microseconds: sighting.p99))",
          context.style(.text, stale: sighting.isStale)),
      ])
    }
  }

  private func times(_ count: Int64) -> String {
    count == 0 ? "never" : count == 1 ? "once" : "\(NumberText.grouped(count)) times"
  }

  /// `5 events`; where there are any, which of them the gateway dropped and which came too fast.
  private func lost(_ row: NodeRow) -> String? {
    guard let lost = row.lost else { return nil }
    guard lost > 0, let here = row.lostHere else { return "\(NumberText.grouped(lost)) events" }
    return
      "\(NumberText.grouped(lost)) events: \(NumberText.grouped(lost - here)) had no room at the gateway, "
      + "\(NumberText.grouped(here)) came faster than they are read here"
  }

  private func skew(milliseconds: Int64) -> String {
    let amount = TimeText.duration(milliseconds: Int64(clamping: milliseconds.magnitude))
    return milliseconds >= 0 ? "\(amount) behind this one" : "\(amount) ahead of this one"
  }

  mutating func addAlert(_ id: ByteText, _ content: ScreenContent) {
    guard let row = alert(id, content.alerts) else { return }
    title = "Alert"
    field("rule", row.rule.string, .title)
    let state: (String, ThemeKey) =
      row.isFiring
      ? ("firing", .critical) : row.isOn ? ("holds, not yet for long enough", .warn) : ("quiet", .ok)
    field("state", state.0, state.1)
    field("concerns", row.subject?.string)
    field("now", row.value?.string)
    field("since", time(row.since))
    let others = content.alerts.filter { $0.rule == row.rule && $0.id != row.id && $0.isOn }
    if !others.isEmpty { head("The same rule holds for") }
    for other in others.prefix(100) {
      lines.append([
        Span(
          (other.isFiring ? context.glyphs.critical : context.glyphs.half) + " ",
          context.style(other.isFiring ? .critical : .warn)),
        Span((other.subject ?? "").shown.padded(to: 40), context.style(.title)),
        Span(" " + (other.value ?? "").shown.padded(to: 8, .right), context.text),
        Span("  since " + (other.since.map(context.age(of:)) ?? context.glyphs.dash), context.muted),
      ])
    }
    addEpisodes(content.episodes.filter { $0.rule == row.rule })
  }

  /// A rule that was quiet is now there with what it holds for, and the other way round: the page goes on.
  private func alert(_ id: ByteText, _ rows: [AlertRow]) -> AlertRow? {
    if let row = rows.first(where: { $0.id == id }) { return row }
    func rule(_ id: ByteText) -> ByteText { id.parted(at: 0x1F)?.before ?? id }
    guard let sibling = rows.first(where: { rule($0.id) == rule(id) }) else { return nil }
    guard let subject = id.parted(at: 0x1F)?.after else { return sibling }
    return AlertRow(id: id, rule: sibling.rule, subject: subject, isCritical: sibling.isCritical)
  }

  /// The times that a rule fired, the latest first.
  private mutating func addEpisodes(_ episodes: [AlertEpisode]) {
    head("Fired since the dashboard started")
    if episodes.isEmpty { note("never") }
    for episode in episodes.reversed().prefix(50) {
      let length = TimeText.age(of: episode.from, at: episode.until.map { min($0, context.at) } ?? context.at)
      lines.append([
        Span(TimeText.clock(episode.from, offset: context.clockOffset), context.text),
        Span(
          (episode.until == nil ? "  for \(length) so far" : "  for \(length)").padded(to: 18), context.muted),
        Span((episode.subject ?? "").shown.padded(to: 34), context.style(.title)),
        Span(" " + (episode.value ?? "").shown, context.text),
      ])
    }
  }
}

extension MemberState {
  /// Who cannot speak is looked for first, then who may, the admins before the others.
  fileprivate func precedes(_ other: MemberState) -> Bool {
    (rank, userID) < (other.rank, other.userID)
  }

  private var rank: Int {
    switch status {
    case "muted": 0
    case "pending": 1
    default: role == "admin" ? 2 : 3
    }
  }
}

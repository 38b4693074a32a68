import GenAPITelemetry
import OutsideText
import TopModel

/// A gateway or a service node, by `NodeRow.id`.
struct NodeDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.nodes.isEmpty { NodesPane.load(&content, source) }
    if let row = content.nodes.first(where: { $0.id == id }), row.kind == .gateway {
      content.gateway = source.model.gateway(named: row.name)
    }
    content.loadFunctions(source)
    if content.configs.functions.isEmpty { ConfigsPane.load(&content, source) }
  }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    [FilterTermText("node", id.dropping(prefix: "g") ?? id.dropping(prefix: "s") ?? id)]
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addNode(id, content) }
}

extension DetailPage {
  mutating func addNode(_ id: ByteText, _ content: ScreenContent) {
    guard let row = content.nodes.first(where: { $0.id == id }) else { return }
    title = "\(row.kind == .gateway ? "Gateway" : "Service node") \(row.name.shown)"
    field("state", state(of: row).text, state(of: row).key)
    if row.kind == .service, let why = row.whyDown { field("why", why.string, row.isUp ? .warn : .critical) }
    if let detail = row.detail, row.absence != .silent {
      // A gateway's is why it is down; a service node's what it serves.
      field(
        row.kind == .gateway ? "why" : "services", detail.string,
        row.kind == .service ? .text : row.absence == .stopped ? .warn : .critical)
    }
    // What one said last that is gone, or silent, is not so now.
    if row.kind == .gateway, row.isUp, !row.isStale, row.readiness.isReady != nil {
      addClients(row, content)
    }
    if row.kind == .gateway, row.isUp, !row.isStale {
      for text in row.readiness.degraded { field("degraded", text.string, .warn) }
    }
    if row.kind == .gateway, row.unresolved > 0 {
      field(
        "degraded", NumberText.counted(row.unresolved, "name") + " in configs that nothing is registered for",
        .warn)
      for service in content.configs.services.prefix(500) {
        for name in (service.unresolved[row.name] ?? []).prefix(10) {
          field("names nothing", "\(service.service)/\(name)", .warn)
          link(ServiceDetail(name: service.service))
        }
      }
    }
    if row.kind == .gateway { field("version", row.version?.string) }
    field(
      "requests",
      !row.isKept
        ? nil
        : row.requestsPerSecond.map {
          "\(NumberText.short($0))/s"
            + (row.kind == .service && !row.isUp && $0 > 0 ? " tried" : "")
            + (row.hasEnded
              ? ", \(NumberText.percent(row.errorPercent))% failed"
                + (row.kind == .gateway
                  ? ", \(NumberText.percent(row.rejectedPercent))% refused"
                  : Self.failovers(row.failoverPercent))
              : "")
        })
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
      // Of one that told nothing ever there is nothing old either.
      guard content.gateway?.isTold != false else { return }
      addStale(row.isStale)
      if let view = content.gateway { addGateway(view) }
    } else {
      addStale(row.isStale)
      addSightings(row.sightings)
      addServed(by: row, content)
    }
  }

  /// Whether clients get through: one that is ready and has no descriptor for them refuses them all the same.
  private mutating func addClients(_ row: NodeRow, _ content: ScreenContent) {
    let isReady = row.readiness.isReady == true
    guard isReady, row.readiness.refusesClients else {
      return field("clients", isReady ? "ready for them" : row.readiness.words, isReady ? .ok : .warn)
    }
    let refused = content.gateway?.sockets.refusedHandshakes["descriptors"] ?? 0
    field(
      "clients",
      "ready, but new ones are refused for want of descriptors"
        + (refused > 0 ? ": \(NumberText.grouped(refused)) since the start" : ""), .critical)
  }

  /// `, 95.2% went on to another node`; nothing where none did.
  static func failovers(_ percent: Double?) -> String {
    percent ?? 0 > 0 ? ", \(NumberText.percent(percent))% went on to another node" : ""
  }

  /// The functions that a service node runs, those in trouble first; with the numbers of all nodes that run them.
  private mutating func addServed(by node: NodeRow, _ content: ScreenContent) {
    let configured = Set(
      content.configs.functions.filter { $0.nodes.contains(node.name) }.map {
        EventBreakdown.functionName(service: $0.service, requestType: $0.requestType)
      })
    let served = content.functionRows.rows {
      node.services.contains($0.service)
        || configured.contains(EventBreakdown.functionName(service: $0.service, requestType: $0.requestType))
    }
    guard !served.isEmpty else { return }
    head("Functions it serves, with the numbers of all their nodes")
    for row in served.prefix(50) {
      // What only gateways told that are gone has no number of now.
      let isOld = context.isOld(row.isStale)
      func known(_ text: String, _ isKnown: Bool = true) -> String {
        isOld || !isKnown ? context.glyphs.dash : text
      }
      func style(_ percent: Double, critical: Double) -> Style {
        context.style(
          percent >= critical ? .critical : percent >= 1 ? .warn : .text, stale: row.isStale)
      }
      lines.append([
        Span(
          name: "\(row.service) \(row.requestType)".shown, to: 40,
          context.style(.title)),
        Span(
          known(NumberText.short(row.requestsPerSecond), row.isKept).padded(to: 6, .right) + "/s ",
          context.style(.text, stale: row.isStale)),
        Span(
          known(NumberText.percent(row.errorPercent), row.hasEnded).padded(to: 5, .right) + "% failed",
          style(row.errorPercent, critical: 5)),
        Span(
          known(NumberText.percent(row.rejectedPercent), row.hasEnded).padded(to: 7, .right) + "% refused",
          style(row.rejectedPercent, critical: 20)),
        Span(
          "  p99 " + known(TimeText.duration(microseconds: row.p99)) + (isOld ? " stale" : ""),
          context.style(.text, stale: row.isStale)),
      ])
      link(FunctionDetail(id: row.id))
    }
    if served.count > 50 { note("and \(served.count - 50) more") }
  }

  private func state(of row: NodeRow) -> (text: String, key: ThemeKey) {
    if !row.isKept { return ("not known: nothing was kept of this moment", .warn) }
    if row.isUnseen, !row.isStale { return ("not known: no gateway has been connected to it yet", .muted) }
    if row.isUp { return row.isStale ? ("silent", .critical) : ("up", .ok) }
    return switch row.absence {
    case .silent: (row.silentText ?? "silent", .critical)
    case .stopped: ("stopped", .warn)
    case .tokenRefused: ("not known: it refused the token", .critical)
    case .down, nil: ("down", .critical)
    }
  }

  /// Gateways that do not agree whether a node is up are cut off from each other.
  private mutating func addSightings(_ sightings: [NodeRow.Sighting]) {
    guard !sightings.isEmpty else { return }
    head(
      Set(sightings.filter { !$0.isStale }.map(\.isUp)).count > 1
        ? "As each gateway sees it: they do not agree" : "As each gateway sees it")
    for sighting in sightings.sorted(by: { $0.gateway.precedesNaturally($1.gateway) }).prefix(64) {
      let isUnseen = sighting.isUnseen
      let key: ThemeKey = isUnseen ? .muted : sighting.isUp ? .ok : .critical
      let glyphs = context.glyphs
      lines.append([
        Span(
          (isUnseen ? glyphs.dash : sighting.isUp ? glyphs.up : glyphs.down) + " ",
          context.style(key, stale: sighting.isStale)),
        Span(name: sighting.gateway.shown, to: 18, context.style(.title, stale: sighting.isStale)),
        Span(
          (isUnseen ? "not seen" : sighting.isUp ? "up" : "down").padded(to: isUnseen ? 9 : 5),
          context.style(key, stale: sighting.isStale)),
        Span(
          (sighting.since > 0
            ? "since " + context.age(of: sighting.since) : isUnseen ? "" : "since " + glyphs.dash)
            .padded(to: isUnseen ? 8 : 12), context.muted),
        sighting.isStale
          ? Span("stale: what it told last, its numbers do not count", context.style(.warn))
          : Span(
            "\(NumberText.short(sighting.requestsPerSecond).padded(to: 5, .right))/s "
              + "\(NumberText.percent(sighting.errorPercent).padded(to: 5, .right))% failed  "
              + "p99 \(TimeText.duration(microseconds: sighting.p99))"
              + Self.failovers(sighting.failoverPercent), context.text),
      ])
      if sighting.failovers > 0 {
        note(
          "  \(NumberText.counted(Int(clamping: sighting.failovers), "call")) went on to another node since it started"
        )
      }
    }
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
}

extension ReadinessState {
  /// New clients are turned away, whatever its phase.
  fileprivate var refusesClients: Bool { degradedChecks.contains("descriptors") }

  /// Why clients should not be sent to it: `draining: the gateway shuts down`.
  fileprivate var words: String {
    let phase = isDraining ? "draining" : phase == "starting" ? "not ready" : phase.shown
    return fault.map { $0.isEmpty ? phase : "\(phase): \($0.shown)" } ?? phase
  }
}

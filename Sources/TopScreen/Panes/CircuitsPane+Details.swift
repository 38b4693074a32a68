import GenAPITelemetry
import OutsideText
import TopModel

/// A worker pool, by `CircuitsContent.Pool.id`.
struct PoolDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.circuits.pools.isEmpty { CircuitsPane.load(&content, source) }
    guard let pool = content.circuits.pools.first(where: { $0.id == id }) else { return }
    content.findBreakerEvents(pool: pool.state.name, service: nil, source)
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addPool(id, content) }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    content.circuits.pools.first { $0.id == id }.map { [FilterTermText("", $0.state.name)] } ?? []
  }
}

/// A circuit breaker, by `CircuitsContent.Breaker.id`.
struct BreakerDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.circuits.pools.isEmpty { CircuitsPane.load(&content, source) }
    guard let breaker = content.circuits.breakers.first(where: { $0.id == id }) else { return }
    content.findBreakerEvents(pool: breaker.state.pool, service: breaker.state.service, source)
    // How its functions failed last, where no event tells whose calls keep it open.
    if breaker.state.service != nil { content.loadFunctions(source) }
    if breaker.state.node != nil, content.nodes.isEmpty { NodesPane.load(&content, source) }
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addBreaker(id, content) }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    guard let breaker = content.circuits.breakers.first(where: { $0.id == id }) else { return [] }
    if let service = breaker.state.service { return [FilterTermText("service", service)] }
    return [FilterTermText("", breaker.state.pool)]
  }
}

extension DetailPage {
  mutating func addPool(_ id: ByteText, _ content: ScreenContent) {
    guard let pool = content.circuits.pools.first(where: { $0.id == id }) else { return }
    let state = pool.state
    title = "Pool \(state.name.shown)"
    field("gateway", pool.node.string)
    addStale(pool.isStale)
    if pool.unknown.contains(.poolBreaker) {
      field("breaker", nil)
      field("workers open at", "\(state.threshold) failures in a row")
    } else {
      addOwnBreaker(of: pool)
    }
    addServices(state)
    field(
      "workers",
      "\(state.busy) busy of \(state.workers)"
        + (pool.unknown.contains(.breakers)
          ? "" : "; \(state.openWorkers) open, \(state.halfOpenWorkers) half-open"))
    field(
      "queue", "\(state.queued) of \(state.queueLimit)" + (state.isFull ? ": the pool is full" : ""),
      state.isFull ? .critical : state.queued > 0 ? .warn : .text)
    field(
      "tasks",
      pool.unknown.contains(.poolExecuted)
        ? nil
        : "\(NumberText.grouped(state.executed)) run, \(NumberText.grouped(state.failed)) failed, \(NumberText.grouped(state.rejected)) refused"
          + (context.isOld(pool.isStale) ? "" : " (\(NumberText.short(pool.rejectionsPerSecond))/s)")
    )
    if state.cancelled > 0 { field("given up", "\(NumberText.grouped(state.cancelled)), running or waiting") }
    if state.shareRejected > 0 {
      field(
        "share",
        "\(NumberText.grouped(state.shareRejected)) refused: a client holds \(state.clientWorkers) workers at most",
        .warn)
    }
    addBreakers(of: pool, content.circuits.breakers)
    addFailures(content, on: pool.node, before: pool.breaker?.openSince)
    addRefused(content, on: pool.node, since: pool.breaker?.openSince)
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

  private mutating func addOwnBreaker(of pool: CircuitsContent.Pool) {
    let state = pool.state
    lines.append(
      [Span("breaker".padded(to: 19), context.muted)]
        + CircuitsPane.state(
          state.breaker, pool.breaker, cooldownLeftMs: pool.cooldownLeftMs, stale: pool.isStale,
          width: available - 19,
          context)
    )
    if let own = pool.breaker { addHalfOpen(own) }
    field("failures", "\(state.consecutiveFailures) in a row; opens at \(state.threshold)")
    // Of one that never opened there is no more to tell: what is not closed in the pool stands higher.
    if state.breaker == .closed, pool.breaker?.openedCount ?? 0 == 0, pool.breaker?.lastReason == nil {
      return
    }
    field(
      state.breaker == .closed ? "closed since" : state.breaker == .open ? "open since" : "not closed since",
      time(state.breaker == .closed ? pool.breaker?.since : pool.breaker?.notClosedSince))
    field("last reason", pool.breaker?.lastReason?.string, .warn)
    field("opened", pool.breaker.map { times($0.openedCount) })
    addRefusedCount(of: pool.breaker)
  }

  /// Whose breakers of this pool are not closed, and until when.
  private mutating func addBreakers(
    of pool: CircuitsContent.Pool, _ breakers: [CircuitsContent.Breaker]
  ) {
    let all = breakers.filter { breaker in
      breaker.node == pool.node && breaker.state.pool == pool.state.name
        && (breaker.state.worker != nil || breaker.state.service != nil)
    }
    addBreakers(all.filter { $0.state.state != .closed }, under: "Breakers that are not closed")
    addBreakers(
      all.filter { $0.state.state == .closed }, under: "Breakers that were open in \(context.window)")
  }

  private mutating func addBreakers(_ own: [CircuitsContent.Breaker], under title: String) {
    guard !own.isEmpty else { return }
    head(title)
    let names = own.map { CircuitsPane.owner($0).shown }
    let width = names.reduce(8) { max($0, min(36, DisplayWidth.of($1))) }
    for (breaker, name) in zip(own, names).prefix(50) {
      lines.append(
        [
          Span(name: name, to: width + 1, context.style(.title, stale: breaker.isStale))
        ]
          + CircuitsPane.state(
            breaker.state.state, breaker.state, cooldownLeftMs: breaker.cooldownLeftMs,
            stale: breaker.isStale, context)
          + [
            Span("  " + lately(breaker.state) + "  ", context.muted),
            Span(
              breaker.state.lastReason?.shown ?? "", context.style(.warn, stale: breaker.isStale)),
          ])
      link(BreakerDetail(id: breaker.id))
    }
    if own.count > 50 { note("and \(own.count - 50) more") }
  }

  /// Since when it is so, and of one that is closed again how often it was not.
  private func lately(_ breaker: BreakerState) -> String {
    guard breaker.state == .closed else { return "since \(context.age(of: breaker.notClosedSince))" }
    let since = TimeText.clock(breaker.since, offset: context.clockOffset)
    return "since \(since), opened \(times(breaker.openedCount))"
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
    addStale(breaker.isStale)
    lines.append(
      [Span("state".padded(to: 19), context.muted)]
        + CircuitsPane.state(
          breaker.state.state, breaker.state, cooldownLeftMs: breaker.cooldownLeftMs, stale: breaker.isStale,
          width: available - 19, context))
    addHalfOpen(breaker.state)
    if breaker.state.state == .closed {
      field("closed since", time(breaker.state.since))
    } else {
      field(
        breaker.state.state == .open ? "open since" : "not closed since", time(breaker.state.notClosedSince))
    }
    field("failures", breaker.isTold ? "\(breaker.state.consecutiveFailures) in a row" : nil)
    field("cooldown", TimeText.duration(milliseconds: breaker.state.cooldownMs))
    field("opened", times(breaker.state.openedCount))
    addRefusedCount(of: breaker.state)
    field("last reason", breaker.state.lastReason?.string, .warn)
    // The cause stands before what came of it.
    addFailures(
      content, on: breaker.node, of: breaker.state, before: breaker.state.openSince)
    addRefused(content, on: breaker.node, of: breaker.state, since: breaker.state.openSince)
  }

  /// How many it refused, all of them, where its gateway tells.
  private mutating func addRefusedCount(of breaker: BreakerState?) {
    guard let refused = breaker?.refused else { return }
    field(
      "refused", "\(NumberText.grouped(refused)) since the gateway started, retries included",
      refused > 0 && breaker?.state != .closed ? .critical : .text)
  }

  private mutating func addHalfOpen(_ breaker: BreakerState) {
    guard breaker.state == .halfOpen else { return }
    field("half-open since", time(breaker.since))
  }

  /// Which functions it refuses, by the events that are kept.
  private mutating func addRefused(
    _ content: ScreenContent, on gateway: ByteText, of breaker: BreakerState? = nil, since opening: Int64?
  ) {
    let (worker, service) = (breaker?.worker, breaker?.service)
    if isSearching("What it refuses", content) { return }
    let rows = content.breakerEvents.filter { row in
      row.node == gateway && row.record.known == .workerPoolTaskRejected
        && (service == nil || row.record.service == service) && PoolFailures.isOf(breaker?.node, row)
        && (worker.flatMap { worker in row.record.metadata("worker")?.int.map { $0 == Int64(worker) } }
          ?? true)
    }
    guard var first = Self.lastStretch(of: rows).first?.record.at else {
      head("What it refuses")
      note("no refusal is among the events that are kept")
      return
    }
    // Of those before, some are kept: no number to trust.
    first = max(first, content.eventsSince ?? first)
    guard let last = rows.last?.record.at, last >= first else {
      head("What it refuses")
      return note(
        "no refusal since \(TimeText.clock(first, offset: context.clockOffset)), from when on all events are kept; "
          + "the last before was \(context.age(of: rows.last?.record.at ?? first)) ago")
    }
    let isBefore = opening.map { first < $0 } ?? false
    head(
      "What it refuses: since \(isBefore ? "it opened, and before that from " : "")"
        + "\(TimeText.clock(first, offset: context.clockOffset))\(isBefore ? " on" : ""), by the events that are kept"
    )
    // What was refused for another reason is another trouble.
    var counts: [[ByteText]: (count: Int, before: Int, last: EventRow)] = [:]
    for row in rows where row.record.at >= first {
      let name = EventBreakdown.functionName(row.record) ?? ""
      let key = [name, row.record.metadata("reason")?.string ?? ""]
      // An opening before this one is another trouble.
      let isBefore = opening.map { row.record.at < $0 } ?? false
      let (count, before) = counts[key].map { ($0.count, $0.before) } ?? (0, 0)
      counts[key] = (count + (isBefore ? 0 : 1), before + (isBefore ? 1 : 0), row)
    }
    let most = counts.sorted { one, other in
      (one.value.count, one.value.before) == (other.value.count, other.value.before)
        ? one.key[0].precedesNaturally(other.key[0])
        : (one.value.count, one.value.before) > (other.value.count, other.value.before)
    }
    for (key, found) in most.prefix(12) {
      let (name, record) = (key[0], found.last.record)
      lines.append([
        Span(
          name: name.isEmpty ? "unknown: it names no function" : name.shown, to: 40,
          context.style(name.isEmpty ? .muted : .title)),
        Span(
          NumberText.short(found.count).padded(to: 6, .right) + " refused",
          found.count > 0 ? context.style(.critical) : context.muted),
        Span(found.before > 0 ? ", \(NumberText.short(found.before)) before it opened" : "", context.muted),
        Span("  last \(context.age(of: record.at))", context.muted),
        Span(key[1].isEmpty ? "" : "  \(key[1].words)", context.style(.warn)),
      ])
      guard !name.isEmpty, let service = record.service, let type = record.requestType else { continue }
      link(functionDetail(service, type, record.version, content))
    }
  }

  /// Refusals that are further apart than this, in microseconds, are of two troubles.
  private static let longestPauseUs: Int64 = 60_000_000

  /// Without those of troubles that were over before the last one began.
  ///
  /// - Parameter rows: oldest first.
  static func lastStretch(of rows: [EventRow]) -> ArraySlice<EventRow> {
    var first = rows.count - 1
    while first > 0, rows[first].record.at.saturatingSubtract(rows[first - 1].record.at) <= longestPauseUs {
      first -= 1
    }
    return rows.suffix(rows.count - max(0, first))
  }

  private func times(_ count: Int64) -> String {
    count == 0 ? "never" : count == 1 ? "once" : "\(NumberText.grouped(count)) times"
  }
}

extension ScreenContent {
  /// Calls that failed and tasks that a pool refused, of one service or of all.
  mutating func findBreakerEvents(pool: ByteText, service: ByteText?, _ source: PaneSource) {
    let found = source.views.breakerEvents(
      source.model, pool: pool, service: service, source.settings, lookingThrough: source.most)
    note(found)
    breakerEvents = found.rows
    eventsSince = source.model.eventsCompleteSince
  }
}

extension DetailPage {
  /// A function as the requests pane has it: an event may not tell the version, or another.
  func functionDetail(
    _ service: ByteText, _ type: ByteText, _ version: ByteText?, _ content: ScreenContent
  ) -> FunctionDetail {
    FunctionDetail(id: RequestRow.id(service: service, requestType: type, version: version))
  }
}

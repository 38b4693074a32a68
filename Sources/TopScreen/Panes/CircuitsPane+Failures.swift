import GenAPITelemetry
import OutsideText
import TopModel

extension DetailPage {
  /// The calls that keep it open, and those that opened it: which failed last before it did.
  ///
  /// - Parameters:
  ///   - moment: when it opened; nil for what is closed.
  ///   - breaker: of a service, its node or a worker; nil for that of the pool.
  mutating func addFailures(
    _ content: ScreenContent, on gateway: ByteText, of breaker: BreakerState? = nil, before moment: Int64?
  ) {
    let title = moment == nil ? "Calls that failed last" : "Calls that failed before it opened, or just then"
    if isSearching(title, content) { return }
    // The call that opens a breaker is told of just after it did.
    let until = (moment ?? .max).saturatingAdd(1_000_000)
    let rows = PoolFailures.rows(
      content.breakerEvents, on: gateway, worker: breaker?.worker, node: breaker?.node)
    let (before, since) = (rows.filter { $0.record.at <= until }, rows.filter { $0.record.at > until })
    // What it refuses, below, begins above the fold of a small screen.
    let refuses = content.breakerEvents.contains { $0.record.known == .workerPoolTaskRejected }
    if !since.isEmpty {
      head("Calls that failed since it opened: its probes, and what was under way")
      addFailedCalls(since.suffix(refuses ? 2 : 4).reversed())
    }
    if !before.isEmpty {
      head(title)
      addFailedCalls(before.suffix(refuses ? (since.isEmpty ? 4 : 2) : 8).reversed())
    }
    let retried = PoolFailures.retried(
      content.breakerEvents, on: gateway, worker: breaker?.worker, node: breaker?.node)
    addRetried(Array(Self.lastStretch(of: retried)))
    if rows.isEmpty, retried.isEmpty, moment != nil, let breaker, let service = breaker.service {
      addFailedFunctions(of: service, content)
      addFailovers(from: breaker.node, on: gateway, content)
    }
  }

  /// Attempts that count as failures for a breaker, though the calls may have ended well: whose they were, by function.
  private mutating func addRetried(_ rows: [EventRow]) {
    guard let first = rows.first else { return }
    head(
      "Attempts that failed and were made again: since "
        + "\(TimeText.clock(first.record.at, offset: context.clockOffset)), by the events that are kept")
    let functions = Dictionary(grouping: rows) { EventBreakdown.functionName($0.record) ?? "" }
    let most = functions.sorted { one, other in
      one.value.count == other.value.count
        ? one.key.precedesNaturally(other.key) : one.value.count > other.value.count
    }
    for (name, rows) in most.prefix(4) {
      guard let last = rows.last?.record else { continue }
      let users = Set(rows.compactMap(\.record.userID)).sortedNaturally()
      let more = users.count > 3 ? " +\(users.count - 3)" : ""
      lines.append([
        Span(name: name.shown, to: 40, context.style(.title)),
        Span(
          NumberText.short(rows.count).padded(to: 6, .right) + " of "
            + NumberText.counted(Set(rows.compactMap(\.record.requestID)).count, "request"),
          context.style(.warn)),
        Span("  last \(context.age(of: last.at))", context.muted),
        Span("  " + users.prefix(3).joined(separator: ", ").shown + more, context.text),
      ])
      link(last.requestID.flatMap { $0.isEmpty ? nil : RequestDetail(id: $0) })
    }
  }

  /// No event tells of an attempt that went on to another node at once: the node's counter does.
  private mutating func addFailovers(from node: ByteText?, on gateway: ByteText, _ content: ScreenContent) {
    guard let node, let row = content.nodes.first(where: { $0.kind == .service && $0.name == node }),
      let sighting = row.sightings.first(where: { $0.gateway == gateway }), sighting.failovers > 0
    else { return }
    note(
      "\(NumberText.grouped(sighting.failovers)) of its calls went on to another node since the gateway started, "
        + "as this one could not be reached: they count for the breaker")
  }

  /// Whose call it may have been, where no event that is kept tells it: of each function its gateways know how it failed last.
  private mutating func addFailedFunctions(of service: ByteText, _ content: ScreenContent) {
    let rows = content.functionRows.rows { $0.service == service }
      .filter { $0.lastError != nil }.sorted { $0.lastErrorAt ?? 0 > $1.lastErrorAt ?? 0 }
    head("No failed call is among the events that are kept; how its functions failed last")
    if rows.isEmpty {
      note(
        "none of its requests is known to have failed; an attempt that a retry or another node saved is none")
    }
    for row in rows.prefix(6) {
      lines.append([
        Span(
          name: (row.requestType + (row.version.map { "@" + $0 } ?? "")).shown, to: 40, context.style(.title)),
        Span(
          (row.lastErrorAt.map { context.age(of: $0) + " ago" } ?? context.glyphs.dash).padded(to: 10),
          context.muted),
        Span(row.lastError?.shown ?? "", context.style(.warn)),
        Span(row.lastErrorGateway.map { "  on " + $0.shown } ?? "", context.muted),
      ])
      link(FunctionDetail(id: row.id))
    }
  }

  private mutating func addFailedCalls(_ rows: [EventRow]) {
    for row in rows {
      let record = row.record
      let function = [record.service, record.requestType].compactMap(\.self).joined(separator: " ")
      lines.append([
        Span(TimeText.preciseClock(record.at, offset: context.clockOffset) + " ", context.muted),
        Span(
          name: function.isEmpty || function == " " ? "unknown" : function.shown, to: 30,
          context.style(.title)),
        Span(TimeText.duration(microseconds: record.durationUs).padded(to: 8, .right) + "  ", context.text),
        Span(EventText.summary(record).shown, context.style(.warn)),
      ])
      link(record.requestID.flatMap { $0.isEmpty ? nil : RequestDetail(id: $0) })
    }
  }
}

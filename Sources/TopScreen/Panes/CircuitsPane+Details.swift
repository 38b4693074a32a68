import GenAPITelemetry
import OutsideText
import TopModel

/// A worker pool, by `CircuitsContent.Pool.id`.
struct PoolDetail: Detail {
  let id: ByteText

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addPool(id, content) }
}

/// A circuit breaker, by `CircuitsContent.Breaker.id`.
struct BreakerDetail: Detail {
  let id: ByteText

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addBreaker(id, content) }
}

extension DetailPage {
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
      state.breaker == .closed ? "closed since" : state.breaker == .open ? "open since" : "not closed since",
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
    addBreakers(of: pool, content.circuits.breakers)
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

  /// Whose breakers of this pool are not closed, and until when.
  private mutating func addBreakers(
    of pool: CircuitsContent.Pool, _ breakers: [CircuitsContent.Breaker]
  ) {
    let own = breakers.filter { breaker in
      breaker.node == pool.node && breaker.state.pool == pool.state.name && breaker.state.state != .closed
        && (breaker.state.worker != nil || breaker.state.service != nil)
    }
    guard !own.isEmpty else { return }
    head("Breakers that are not closed")
    let names = own.map { CircuitsPane.owner($0).shown }
    let width = names.reduce(8) { max($0, min(36, DisplayWidth.of($1))) }
    for (breaker, name) in zip(own, names).prefix(50) {
      lines.append(
        [
          Span(
            name.truncatedInside(to: width, ellipsis: context.glyphs.ellipsis).padded(to: width + 1),
            context.style(.title, stale: breaker.isStale))
        ]
          + CircuitsPane.state(
            breaker.state.state, cooldownLeftMs: breaker.cooldownLeftMs, stale: breaker.isStale, context)
          + [
            Span("  since \(context.age(of: breaker.state.notClosedSince))  ", context.muted),
            Span(
              breaker.state.lastReason?.shown ?? "", context.style(.warn, stale: breaker.isStale)),
          ])
    }
    if own.count > 50 { note("and \(own.count - 50) more") }
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
      field(
        breaker.state.state == .open ? "open since" : "not closed since", time(breaker.state.notClosedSince))
    }
    field("failures", breaker.isTold ? "\(breaker.state.consecutiveFailures) in a row" : nil)
    field("cooldown", TimeText.duration(milliseconds: breaker.state.cooldownMs))
    field("opened", times(breaker.state.openedCount))
    field("last reason", breaker.state.lastReason?.string, .warn)
  }

  private func times(_ count: Int64) -> String {
    count == 0 ? "never" : count == 1 ? "once" : "\(NumberText.grouped(count)) times"
  }
}

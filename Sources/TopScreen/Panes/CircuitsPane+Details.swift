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

  private func times(_ count: Int64) -> String {
    count == 0 ? "never" : count == 1 ? "once" : "\(NumberText.grouped(count)) times"
  }
}

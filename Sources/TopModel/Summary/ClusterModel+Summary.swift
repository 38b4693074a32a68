// The names are those of the JSON document, so that its schema can be read off this file.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// The exact numbers of all gateways, now.
  package var summary: ClusterSummary { summary(FilterExpression()) }

  /// The exact numbers of what the filter lets through, now: of gateways by `node:`, of what they hold by the other terms.
  package func summary(_ filter: FilterExpression) -> ClusterSummary {
    var settings = ViewSettings()
    settings.filter = filter
    let scoped = scoped(settings)
    let states = scoped.map { target, scope in
      filter.isEmpty ? target.state : NarrowedState(target.state, of: target.name, filter, scope).state
    }
    var events: [ByteText: Int64] = [:]
    var series: [ByteText: SeriesState] = [:]
    for state in states {
      events.merge(state.totals.events, uniquingKeysWith: +)
      for entry in state.series {
        series[entry.entryKey]?.add(entry)
        if series[entry.entryKey] == nil { series[entry.entryKey] = entry }
      }
    }
    let rows = series.values.sorted { $0.entryKey < $1.entryKey }.map(ClusterSummary.Series.init)
    var totals = ClusterSummary.Totals()
    if filter.narrowsFunctions || !scoped.allSatisfy(\.scope.isWhole) {
      totals = ClusterSummary.Totals(of: rows)
    } else {
      for state in states { totals.add(state.totals) }
      // A gateway that counts beyond all bounds is cut to them, each number for itself.
      totals.in_flight = totals.in_flight.map { max(0, $0) }
    }
    totals.forget(whatNoneOf: states.map(\.unknown))
    return ClusterSummary(
      at: now, filter: filter.isEmpty ? nil : ByteText(filter.text),
      not_narrowed: filter.isEmpty
        ? nil
        : NarrowedFields.untouched(
          by: filter, toServiceNodes: filter.namesNodes && scoped.contains { !$0.scope.isWhole }),
      nodes: scoped.map { node($0.target) },
      events_seen: events, totals: totals, series: rows,
      config_mismatches: configMismatches(settings).map(ClusterSummary.ConfigMismatch.init),
      lists: SummaryList.all(of: zip(scoped, states).map { ($0.target.name, $1) }),
      lost: scoped.reduce(0) { $0 + $1.target.lost },
      cut: scoped.reduce(0) { Bounds.count($0 + $1.target.cut) })
  }

  private func node(_ target: TargetModel) -> ClusterSummary.Node {
    let readiness = target.state.readiness
    let unknown = target.state.unknown
    return ClusterSummary.Node(
      name: target.name, address: target.address, up: !target.isStale(at: now), software: target.software,
      error: target.trouble(at: now), uptime_ms: target.state.process.uptimeMs,
      cpu_seconds: target.state.process.cpuSeconds,
      resident_bytes: target.state.process.residentBytes,
      sockets: unknown.contains(.sockets) ? nil : target.state.sockets.open,
      lost: target.lost, readiness: readiness.phase.isEmpty ? nil : readiness.phase,
      readiness_fault: readiness.fault,
      evicted_keys: unknown.contains(.limiter) ? nil : target.state.limiter.evictedKeys,
      configuration_fault: target.state.configuration.fault,
      failed_reloads: target.state.configuration.failedReloads,
      dropped_log_lines: target.state.process.droppedLogLines,
      accept_failures: unknown.contains(.sockets) ? nil : target.state.sockets.acceptFailures,
      refused_handshakes: unknown.contains(.sockets) ? nil : target.state.sockets.refusedHandshakes)
  }
}

extension ClusterSummary.Totals {
  private typealias Number = (
    sum: WritableKeyPath<ClusterSummary.Totals, Int64?> & Sendable,
    of: KeyPath<TotalsState, Int64> & Sendable, name: StateField
  )

  private static let numbers: [Number] = [
    (\.requests, \.requests, StateField("totals.requests")), (\.ok, \.ok, StateField("totals.ok")),
    (\.failed, \.failed, StateField("totals.failed")),
    (\.exceptions, \.exceptions, StateField("totals.exceptions")),
    (\.rejected, \.rejected, StateField("totals.rejected")),
    (\.cancelled, \.cancelled, StateField("totals.cancelled")),
    (\.in_flight, \.inFlight, StateField("totals.in_flight")), (\.invalid, \.invalid, .invalidRequests),
    (\.retries, \.retries, StateField("totals.retries")),
    (\.events_emitted, \.eventsEmitted, .eventsEmitted),
    (\.events_dropped, \.eventsDropped, StateField("totals.events_dropped")),
  ]

  /// Of these functions alone; what is counted of whole gateways is not known of them.
  fileprivate init(of series: [ClusterSummary.Series]) {
    func sum(_ number: (ClusterSummary.Series) -> Int64) -> Int64 {
      series.reduce(0) { $0.saturatingAdd(number($1)) }
    }
    self.init(
      requests: sum(\.requests), ok: sum(\.ok), failed: sum(\.failed),
      exceptions: sum { $0.outcomes[ByteText(RequestOutcome.exception.rawValue)] ?? 0 },
      rejected: sum(\.rejected), cancelled: sum(\.cancelled), in_flight: sum(\.in_flight), invalid: nil,
      retries: sum(\.retries), events_emitted: nil, events_dropped: nil)
  }

  fileprivate mutating func add(_ totals: TotalsState) {
    for number in Self.numbers { self[keyPath: number.sum]? += totals[keyPath: number.of] }
  }

  /// A number that no gateway tells is none.
  fileprivate mutating func forget(whatNoneOf unknown: [UnknownState]) {
    guard !unknown.isEmpty else { return }
    for number in Self.numbers where unknown.allSatisfy({ $0.contains(number.name) }) {
      self[keyPath: number.sum] = nil
    }
  }
}

extension ClusterSummary.ConfigMismatch {
  fileprivate init(_ comparison: ServiceComparison) {
    self.init(
      service: comparison.service, text: comparison.text,
      versions: comparison.versionsDiffer ? comparison.versions.mapValues { $0 ?? "none" } : [:],
      differences: comparison.differences.map {
        .init(request_type: $0.requestType, version: $0.version, setting: $0.setting, values: $0.values)
      })
  }
}

extension SeriesState {
  fileprivate mutating func add(_ other: SeriesState) {
    requests += other.requests
    outcomes.merge(other.outcomes, uniquingKeysWith: +)
    retries += other.retries
    latency += other.latency
    maxUs = max(maxUs, other.maxUs)
    if other.lastErrorAt ?? 0 > lastErrorAt ?? 0 {
      lastError = other.lastError
      lastErrorAt = other.lastErrorAt
    }
    if other.lastRefusalAt ?? 0 > lastRefusalAt ?? 0 {
      lastRefusal = other.lastRefusal
      lastRefusalAt = other.lastRefusalAt
    }
  }
}

extension ClusterSummary.Series {
  fileprivate init(_ state: SeriesState) {
    func sum(_ counts: (RequestOutcome) -> Bool) -> Int64 {
      RequestOutcome.allCases.filter(counts).reduce(0) { $0 + (state.outcomes[ByteText($1.rawValue)] ?? 0) }
    }
    let ok = sum { $0 == .ok }
    let failed = sum { $0.isFailure }
    let rejected = sum { $0.isRejection }
    let cancelled = sum(\.isGivenUp)
    // Of a bucket its middle is told, which may be above the longest that is known exactly.
    func quantile(_ fraction: Double) -> Int64? {
      state.latency.quantile(fraction).map { state.maxUs > 0 ? min($0, state.maxUs) : $0 }
    }
    let ended = [ok, failed, rejected, cancelled].reduce(Int64(0)) { $0.saturatingAdd($1) }
    self.init(
      service: state.service, request_type: state.requestType, version: state.version,
      requests: state.requests,
      ok: ok, failed: failed, rejected: rejected, cancelled: cancelled,
      in_flight: max(0, state.requests.saturatingSubtract(ended)),
      outcomes: state.outcomes, retries: state.retries, p50_us: quantile(0.5),
      p95_us: quantile(0.95), p99_us: quantile(0.99),
      max_us: state.latency.count > 0 ? state.maxUs : nil, last_error: state.lastError,
      last_refusal: state.lastRefusal)
  }
}

import GenAPITelemetry
import GenAPIValue
import Locking

/// All of a gateway's exact counters.
final class GatewayStatistics: Sendable {
  /// Where requests for functions that do not exist are counted: strangers choose those names, so they get no
  /// counters of their own.
  static let unsupported = FunctionIdentity(service: "(unsupported)", requestType: "(any)")

  /// Where the counts of functions go that are no longer there: what was counted stays counted.
  static let removed = FunctionIdentity(service: "(removed)", requestType: "(any)")

  /// How long a function that is gone keeps counters of its own, in microseconds: an hour.
  static let keptUs: Int64 = 3_600_000_000

  private struct Tables {
    var series: [FunctionIdentity: SeriesStatistics] = [:]
    /// When it was first seen that a function is gone, microseconds since the Unix epoch.
    var goneAt: [FunctionIdentity: Int64] = [:]
    var hooks: [ByteText: HookState] = [:]
    var invalid: Int64 = 0
  }

  private let tables = Mutex(Tables())
  let unsupportedSeries = SeriesStatistics(function: GatewayStatistics.unsupported)
  private let removedSeries = SeriesStatistics(function: GatewayStatistics.removed)

  /// The counters of a function; kept when its config is replaced, and when it goes and comes back within an hour.
  func series(_ function: FunctionIdentity) -> SeriesStatistics {
    tables.withLock { tables in
      tables.goneAt[function] = nil
      if let series = tables.series[function] { return series }
      let series = SeriesStatistics(function: function)
      tables.series[function] = series
      return series
    }
  }

  /// Adds the counters of functions that have been gone for an hour to those of all that are gone, unless requests of
  /// theirs still run.
  func forgetGone(_ isThere: (FunctionIdentity) -> Bool, at now: Int64) {
    tables.withLock { tables in
      for (function, series) in tables.series {
        if isThere(function) {
          tables.goneAt[function] = nil
        } else if let since = tables.goneAt[function] {
          guard now - since >= Self.keptUs, series.isIdle else { continue }
          removedSeries.add(series)
          tables.series[function] = nil
          tables.goneAt[function] = nil
        } else {
          tables.goneAt[function] = now
        }
      }
    }
  }

  func countInvalid() { tables.withLock { $0.invalid += 1 } }

  func hookRan(_ run: HookRun, durationUs: Int64, failed: Bool) {
    tables.withLock { tables in
      let key = [ByteText(run.phase.rawValue), run.module, run.function].joinedAsKey
      var state =
        tables.hooks[key]
        ?? HookState(module: run.module, function: run.function, phase: ByteText(run.phase.rawValue))
      state.runs += 1
      if failed { state.failures += 1 }
      state.latency.record(durationUs)
      tables.hooks[key] = state
    }
  }

  /// Series, hooks, and totals that are the sum of exactly these series.
  func fill(_ state: inout GatewayState) {
    let (series, hooks, invalid) = tables.withLock { ($0.series.values, $0.hooks.values, $0.invalid) }
    state.series = series.map(\.state).sorted {
      ($0.service, $0.requestType, $0.version ?? "") < ($1.service, $1.requestType, $1.version ?? "")
    }
    for other in [unsupportedSeries.state, removedSeries.state] where other.requests > 0 {
      state.series.append(other)
    }
    state.hooks = hooks.sorted { $0.entryKey < $1.entryKey }
    state.totals.invalid = invalid
    for series in state.series { state.totals.add(series) }
  }
}

extension TotalsState {
  fileprivate mutating func add(_ series: SeriesState) {
    requests += series.requests
    retries += series.retries
    var finished: Int64 = 0
    for outcome in RequestOutcome.allCases {
      let count = series.outcomes[ByteText(outcome.rawValue)] ?? 0
      finished += count
      if outcome == .ok {
        ok += count
      } else if outcome.isRejection {
        rejected += count
      } else {
        failed += count
      }
      if outcome == .exception { exceptions += count }
    }
    inFlight += series.requests - finished
  }
}

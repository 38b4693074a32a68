import GenAPITelemetry
import GenAPIValue
import Synchronization

/// All of a gateway's exact counters.
final class GatewayStatistics: Sendable {
  /// Where requests for functions that do not exist are counted: strangers choose those names, so they get no
  /// counters of their own.
  static let unsupported = FunctionIdentity(service: "(unsupported)", requestType: "(any)")

  private struct Tables {
    var series: [FunctionIdentity: SeriesStatistics] = [:]
    var hooks: [ByteText: HookState] = [:]
    var invalid: Int64 = 0
  }

  private let tables = Mutex(Tables())
  let unsupportedSeries = SeriesStatistics(function: GatewayStatistics.unsupported)

  /// The counters of a function; kept when its config is replaced, and when it goes and comes back. Their
  /// number is bounded by the config store, which is the only caller.
  func series(_ function: FunctionIdentity) -> SeriesStatistics {
    tables.withLock { tables in
      if let series = tables.series[function] { return series }
      let series = SeriesStatistics(function: function)
      tables.series[function] = series
      return series
    }
  }

  func countInvalid() { tables.withLock { $0.invalid += 1 } }

  func hookRan(_ run: HookRun, durationUs: Int64, failed: Bool) {
    tables.withLock { tables in
      let key = "\(run.phase.rawValue) \(run.module).\(run.function)"
      var state =
        tables.hooks[ByteText(key)]
        ?? HookState(module: run.module, function: run.function, phase: ByteText(run.phase.rawValue))
      state.runs += 1
      if failed { state.failures += 1 }
      state.latency.record(durationUs)
      tables.hooks[ByteText(key)] = state
    }
  }

  /// Series, hooks, and totals that are the sum of exactly these series.
  func fill(_ state: inout GatewayState) {
    let (series, hooks, invalid) = tables.withLock { ($0.series.values, $0.hooks.values, $0.invalid) }
    state.series = series.map(\.state).sorted {
      ($0.service, $0.requestType, $0.version ?? "") < ($1.service, $1.requestType, $1.version ?? "")
    }
    let unsupported = unsupportedSeries.state
    if unsupported.requests > 0 { state.series.append(unsupported) }
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

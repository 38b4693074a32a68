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
    var series: [FunctionIdentity: SeriesStatistics] = [:] { didSet { ordered = nil } }
    /// By service, request type and version; nil when it is to be ordered anew.
    var ordered: [SeriesStatistics]?
    /// When it was first seen that a function is gone, microseconds since the Unix epoch.
    var goneAt: [FunctionIdentity: Int64] = [:]
    var hooks: [ByteText: HookState] = [:]
    var invalid: Int64 = 0
  }

  /// What a state said of all series, and of whom.
  private struct Told {
    var sources: [SeriesStatistics] = []
    var series: [SeriesState] = []
    var totals = TotalsState()
  }

  private let tables = Mutex(Tables())
  private let told = Mutex(Told())
  private let userRoom: UserRoom?
  let unsupportedSeries = SeriesStatistics(function: GatewayStatistics.unsupported)
  private let removedSeries = SeriesStatistics(function: GatewayStatistics.removed)

  /// - Parameter topUsers: users that are counted of a function, for each measure; 0 counts none.
  init(topUsers: Int = 0) { userRoom = topUsers > 0 ? UserRoom(users: topUsers) : nil }

  /// The counters of a function; kept when its config is replaced, and when it goes and comes back within an hour.
  func series(_ function: FunctionIdentity) -> SeriesStatistics {
    tables.withLock { tables in
      tables.goneAt[function] = nil
      if let series = tables.series[function] { return series }
      let series = SeriesStatistics(function: function, userRoom: userRoom)
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
  ///
  /// Of series that counted nothing since the last time it costs a look at each: their list is the same memory again.
  func fill(_ state: inout GatewayState) {
    let (ordered, hooks, invalid) = tables.withLock { tables in
      (order(&tables), Array(tables.hooks.values), tables.invalid)
    }
    let sources = ordered + [unsupportedSeries, removedSeries].filter(\.isUsed)
    (state.series, state.totals) = told.withLock { told in
      tell(sources, &told)
      return (told.series, told.totals)
    }
    state.hooks = hooks.sorted { $0.entryKey < $1.entryKey }
    state.totals.invalid = invalid
  }

  /// Entries of users that a state has at most.
  static let mostTopUsers = 1_000

  /// Of each function its users with most requests, failures and refusals of the last minutes; where there are too many entries
  /// those of the functions whose users had most.
  func topUsers(at wall: Int64) -> [TopUserState] {
    guard userRoom != nil else { return [] }
    var lists = tables.withLock { order(&$0) }.map { $0.topUsers(at: wall) }.filter { !$0.isEmpty }
    if lists.reduce(0, { $0 + $1.count }) > Self.mostTopUsers {
      let busy = lists.map { (users: $0, requests: $0.reduce(0) { $0 + $1.requests }) }
        .sorted { $0.requests > $1.requests }
      var room = Self.mostTopUsers
      lists = busy.filter { entry in
        room -= entry.users.count
        return room >= 0
      }.map(\.users)
      return lists.flatMap { $0 }.sorted { $0.entryKey < $1.entryKey }
    }
    return lists.flatMap { $0 }
  }

  private func order(_ tables: inout Tables) -> [SeriesStatistics] {
    if let ordered = tables.ordered { return ordered }
    let ordered = tables.series.values.sorted {
      let (a, b) = ($0.function, $1.function)
      return (a.service, a.requestType, a.version ?? "") < (b.service, b.requestType, b.version ?? "")
    }
    tables.ordered = ordered
    return ordered
  }

  private func tell(_ sources: [SeriesStatistics], _ told: inout Told) {
    if told.sources.elementsEqual(sources, by: ===) {
      let changed = sources.indices.filter { !sources[$0].isAs(told.series[$0]) }
      if changed.isEmpty { return }
      for index in changed { told.series[index] = sources[index].state }
    } else {
      told.sources = sources
      told.series = sources.map(\.state)
    }
    told.totals = TotalsState()
    for series in told.series { told.totals.add(series) }
  }
}

extension TotalsState {
  fileprivate mutating func add(_ series: SeriesState) {
    requests += series.requests
    retries += series.retries
    var finished: Int64 = 0
    for (name, count) in series.outcomes {
      guard let outcome = RequestOutcome(name) else { continue }
      finished += count
      if outcome == .ok {
        ok += count
      } else if outcome.isRejection {
        rejected += count
      } else if outcome == .cancelled {
        cancelled += count
      } else {
        failed += count
      }
      if outcome == .exception { exceptions += count }
    }
    inFlight += series.requests - finished
  }
}

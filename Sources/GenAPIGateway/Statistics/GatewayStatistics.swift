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

  /// How long one that is still asked for keeps them, in microseconds: a day.
  static let keptAskedUs: Int64 = 24 * keptUs

  private struct Tables {
    var series: [FunctionIdentity: SeriesStatistics] = [:] {
      didSet {
        ordered = nil
        revision += 1
      }
    }
    /// By service, request type and version; nil when it is to be ordered anew.
    var ordered: [SeriesStatistics]?
    /// Another one whenever there may be other series.
    var revision = 0
    /// When it was first seen that a function is gone, and when it was asked for last since then, microseconds since the Unix epoch.
    var goneAt: [FunctionIdentity: (first: Int64, asked: Int64)] = [:]
    /// By service and request type, without a version: the version that came last, for who asks for none.
    var latest: [FunctionIdentity: FunctionIdentity] = [:]
    var hooks: [ByteText: HookState] = [:]
    var invalid: Int64 = 0
  }

  private let tables = Mutex(Tables())
  private let told = Mutex(ToldSeries())
  /// Series that are not as they were told.
  private let changes = SeriesChanges()
  private let userRoom: UserRoom?
  let unsupportedSeries: SeriesStatistics
  private let removedSeries: SeriesStatistics

  /// - Parameter topUsers: users that are counted of a function, for each measure; 0 counts none.
  init(topUsers: Int = 0) {
    userRoom = topUsers > 0 ? UserRoom(users: topUsers) : nil
    unsupportedSeries = SeriesStatistics(function: Self.unsupported, changes: changes)
    removedSeries = SeriesStatistics(function: Self.removed, changes: changes)
  }

  deinit { changes.end() }

  /// The counters of a function; kept when its config is replaced, and when it goes and comes back within an hour.
  func series(_ function: FunctionIdentity) -> SeriesStatistics {
    tables.withLock { tables in
      tables.goneAt[function] = nil
      if let series = tables.series[function] { return series }
      let series = SeriesStatistics(function: function, userRoom: userRoom, changes: changes)
      tables.series[function] = series
      tables.latest[function.withoutVersion] = function
      return series
    }
  }

  /// The counters of a function that was there and cannot be called now, as it was removed or is disabled; nil for what never was, and
  /// for what has been gone for a day. What strangers call is none of these, so there are no more than there were functions.
  func seriesOfGone(_ asked: FunctionIdentity, at now: Int64) -> SeriesStatistics? {
    tables.withLock { tables in
      let function = asked.version == nil ? tables.latest[asked] ?? asked : asked
      guard let series = tables.series[function] else { return nil }
      guard let gone = tables.goneAt[function] else { return series }
      // Whoever gets it here counts in it at once: it does not go before another hour.
      guard now - gone.first < Self.keptAskedUs else { return nil }
      tables.goneAt[function]?.asked = now
      return series
    }
  }

  /// How many functions have counters, there or not.
  var seriesCount: Int { tables.withLock { $0.series.count } }

  /// Adds the counters of functions that have been gone for an hour, and that nobody asked for in it, to those of all that are gone,
  /// and of those that went or were asked for first where they are too many, unless requests of theirs still run.
  ///
  /// - Parameter most: as many keep counters of their own that are not there.
  func forgetGone(_ isThere: (FunctionIdentity) -> Bool, at now: Int64, most: Int = .max) {
    tables.withLock { tables in
      // What is first seen to be gone may have come since it was looked for, and is left.
      var gone: [(function: FunctionIdentity, since: Int64)] = []
      for function in tables.series.keys {
        if isThere(function) {
          tables.goneAt[function] = nil
        } else if let times = tables.goneAt[function] {
          gone.append((function, max(times.first, times.asked)))
        } else {
          tables.goneAt[function] = (now, .min)
        }
      }
      let excess = gone.count > most ? gone.count - most : 0
      if excess > 0 { gone.sort { $0.since < $1.since } }
      for (place, entry) in gone.enumerated() where place < excess || now - entry.since >= Self.keptUs {
        guard let series = tables.series[entry.function], series.isIdle else { continue }
        removedSeries.add(series)
        tables.series[entry.function] = nil
        tables.goneAt[entry.function] = nil
        if tables.latest[entry.function.withoutVersion] == entry.function {
          tables.latest[entry.function.withoutVersion] = nil
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

  /// Series, hooks, and totals that are the sum of exactly these series; and since when each series is as it is.
  ///
  /// It costs by what changed since the last time: of series that counted nothing the list is the same memory again, and not
  /// looked at.
  @discardableResult
  func fill(_ state: inout GatewayState) -> EntryVersions {
    let (hooks, invalid) = tables.withLock { (Array($0.hooks.values), $0.invalid) }
    let versions = told.withLock { told in
      tell(&told)
      (state.series, state.totals) = (told.series, told.totals)
      return told.versions
    }
    state.hooks = hooks.sorted { $0.entryKey < $1.entryKey }
    state.totals.invalid = invalid
    return versions
  }

  private func tell(_ told: inout ToldSeries) {
    // Those that change from here on are noted again.
    let changed = changes.take()
    let others = [unsupportedSeries, removedSeries].filter(\.isUsed)
    let sources = tables.withLock { tables in
      told.isOf(tables.revision, others.count) ? nil : (tables.revision, order(&tables) + others)
    }
    if let (revision, sources) = sources {
      told.replace(by: sources, of: revision, others: others.count)
    } else {
      told.update(changed)
    }
  }

  /// Entries of users that a state has at most.
  static let mostTopUsers = 1_000

  /// Of each function its users with most requests, failures and refusals of the last minutes; where there are too many entries
  /// those of the functions whose users had most. As of the last `fill`: the same memory again where nothing changed.
  func topUsers(at wall: Int64) -> [TopUserState] {
    guard userRoom != nil else { return [] }
    return told.withLock { $0.topUsers(at: wall, most: Self.mostTopUsers) }
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
}

extension FunctionIdentity {
  fileprivate var withoutVersion: FunctionIdentity {
    version == nil ? self : FunctionIdentity(service: service, requestType: requestType)
  }
}

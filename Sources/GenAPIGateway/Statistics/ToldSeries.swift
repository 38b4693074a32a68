import GenAPITelemetry

/// What states say of all series, kept from one to the next, so that a state costs what changed since the one before.
struct ToldSeries {
  /// Series that are told, and what of each, in the same order.
  private var sources: [SeriesStatistics] = []
  private(set) var series: [SeriesState] = []
  private(set) var versions = EntryVersions()
  /// The sum of the series.
  private(set) var totals = TotalsState()
  /// Series of `sources` whose users are counted, by their place.
  private var withUsers: Set<Int> = []
  /// What was said of users last, each function's apart and all together.
  private var users: (lists: [[TopUserState]], told: [TopUserState]) = ([], [])
  private var revision: Int?
  private var others = 0

  /// Whether there are the same series as then.
  func isOf(_ revision: Int, _ others: Int) -> Bool { self.revision == revision && self.others == others }

  /// Other series, or others of the same.
  mutating func replace(by sources: [SeriesStatistics], of revision: Int, others: Int) {
    self.sources = sources
    (self.revision, self.others) = (revision, others)
    series = sources.map { $0.takeState() }
    versions.restart(count: sources.count)
    totals = TotalsState()
    withUsers = []
    for (place, source) in sources.enumerated() {
      source.place.store(place, ordering: .relaxed)
      totals.add(series[place])
      if source.hasUsers { withUsers.insert(place) }
    }
  }

  /// The same series, some of which counted something.
  mutating func update(_ changed: [SeriesStatistics]) {
    guard !changed.isEmpty else { return }
    versions.next()
    for source in changed {
      let place = source.place.load(ordering: .relaxed)
      // One that is gone, and was called while it went.
      guard sources.indices.contains(place), sources[place] === source else { continue }
      totals.add(series[place], times: -1)
      series[place] = source.takeState()
      totals.add(series[place])
      versions.changed(place)
      if source.hasUsers { withUsers.insert(place) }
    }
  }

  mutating func topUsers(at wall: Int64, most: Int) -> [TopUserState] {
    var lists: [[TopUserState]] = []
    for place in withUsers.sorted() {
      let list = sources[place].topUsers(at: wall)
      // Who comes again is noted again.
      if list.isEmpty { withUsers.remove(place) } else { lists.append(list) }
    }
    if lists.count == users.lists.count, zip(lists, users.lists).allSatisfy({ $0.shares($1) }) {
      return users.told
    }
    users = (lists, Self.joined(lists, most: most))
    return users.told
  }

  private static func joined(_ lists: [[TopUserState]], most: Int) -> [TopUserState] {
    guard lists.reduce(0, { $0 + $1.count }) > most else { return lists.flatMap { $0 } }
    let busy = lists.map { (users: $0, requests: $0.reduce(0) { $0 + $1.requests }) }
      .sorted { $0.requests > $1.requests }
    var room = most
    let kept = busy.filter { entry in
      room -= entry.users.count
      return room >= 0
    }
    return kept.flatMap(\.users).sorted { $0.entryKey < $1.entryKey }
  }
}

extension TotalsState {
  /// - Parameter times: -1 takes it away again.
  fileprivate mutating func add(_ series: SeriesState, times: Int64 = 1) {
    requests += times * series.requests
    retries += times * series.retries
    var finished: Int64 = 0
    for (name, count) in series.outcomes {
      guard let outcome = RequestOutcome(name) else { continue }
      finished += count
      if outcome == .ok {
        ok += times * count
      } else if outcome.isRejection {
        rejected += times * count
      } else if outcome.isGivenUp {
        cancelled += times * count
      } else {
        failed += times * count
      }
      if outcome == .exception { exceptions += times * count }
    }
    inFlight += times * (series.requests - finished)
  }
}

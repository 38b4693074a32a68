import GenAPIValue

/// Remembers the last answers of one model's dearest views, for the revision and settings they were computed with, and
/// how far its events were looked through.
///
/// Kept by whoever draws, beside the model, which stays a value that only messages change. Used by the one thread that
/// owns it.
package final class ViewCache {
  private struct Key: Equatable {
    var revision: Int64
    var settings: ViewSettings
    var slots = 0
    var rows = 0
    var isAligned = false
    var durations: Range<Int64>?
  }

  private let indexes = RequestIndexes()
  private var groups: (key: Key, found: RequestGroups)?
  private var eventGroups: (second: Int64, settings: ViewSettings, found: RequestGroups)?
  private var troubles: (key: Key, found: Troubles)?
  private var configSteps: (key: Key, service: ByteText, steps: [ConfigStep])?
  /// The pane's, and the details' of a function.
  private var latencies: [(key: Key, view: LatencyView)] = []
  private static let mostLatencies = 5
  /// By a gateway's address, for one second and the limits that refuse: since when they do. Finding that looks through
  /// the whole history, and panes are drawn ten times a second.
  private var refusing: [ByteText: (second: Int64, limits: Set<Int32>, since: [Int32: LimitRow.Refusing])] =
    [:]
  /// The latest asked for last; at most `mostSearches`, which is more than a screen shows at one time.
  private var searches: [(query: EventSearch.Query, search: EventSearch)] = []
  private static let mostSearches = 6

  private var forNames: (targets: [ByteText], stamps: [Stamp], made: any Sendable)?
  private var marks: (second: Int64, moment: Moment, found: [TimeMark])?
  /// What whoever draws made of a moment that panes are compared with, and of what it was made.
  package var past: (any Sendable)?

  package init() {}

  /// What is made of the names of gateways and functions alone, made again when there is another.
  package func ofNames<Made: Sendable>(_ model: ClusterModel, _ make: () -> Made) -> Made {
    let (targets, stamps) = (model.targetNames, model.gateways.map(\.history.namesStamp))
    if let known = forNames, known.targets == targets, known.stamps == stamps, let made = known.made as? Made
    {
      return made
    }
    let made = make()
    forNames = (targets, stamps, made)
    return made
  }

  /// As `ClusterModel.timeMarks`, looked for once a second.
  package func timeMarks(_ model: ClusterModel, _ settings: ViewSettings) -> [TimeMark] {
    let second = model.moment(ViewSettings()) / 1_000_000
    if let marks, marks.second == second, marks.moment == settings.moment { return marks.found }
    let found = model.timeMarks(settings)
    marks = (second, settings.moment, found)
    return found
  }

  /// As `ClusterModel.requests`; each row is made when it is asked for.
  package func requests(_ model: ClusterModel, _ settings: ViewSettings) -> RequestRows {
    indexes.rows(model, settings)
  }

  /// How many orders of functions were made, and how often their names were gathered.
  package var requestWork: (orders: Int, names: Int) { (indexes.ordersMade, indexes.namesMade) }

  /// Requests by what they have in common; of events where no counter tells that.
  ///
  /// - Parameter most: as for `events`.
  package func requestGroups(
    _ model: ClusterModel, _ settings: ViewSettings, lookingThrough most: Int = .max
  ) -> (groups: RequestGroups, isComplete: Bool) {
    let key = Key(revision: model.revision, settings: settings)
    if let groups, groups.key == key { return (groups.found, true) }
    if let found = model.requestGroups(settings) {
      groups = (key, found)
      return (found, true)
    }
    // Thousands of events are not gone through for every frame.
    let second = model.moment(ViewSettings()) / 1_000_000
    if let known = eventGroups, known.second == second, known.settings == settings {
      return (known.found, true)
    }
    let ends = requestEnds(
      model, RequestEnds(filter: settings.filter, times: .min...settings.until), lookingThrough: most)
    let found = model.requestGroups(of: ends.rows, settings)
    eventGroups = ends.isComplete ? (second, settings, found) : nil
    return (found, ends.isComplete)
  }

  /// The ends of requests that are kept, oldest first.
  ///
  /// - Parameter most: as for `events`.
  package func requestEnds(_ model: ClusterModel, _ ends: RequestEnds, lookingThrough most: Int = .max)
    -> FoundEvents
  {
    found(.ends(ends), limit: ClusterModel.mostKeptEvents, through: most, of: model.events)
  }

  /// As `ClusterModel.troubles`.
  package func troubles(_ model: ClusterModel, _ settings: ViewSettings) -> Troubles {
    let key = Key(revision: model.revision, settings: settings)
    if let troubles, troubles.key == key { return troubles.found }
    let found = model.troubles(settings, functions: requests(model, settings).troubled)
    troubles = (key, found)
    return found
  }

  /// As `ClusterModel.configSteps`.
  package func configSteps(_ model: ClusterModel, of service: ByteText, _ settings: ViewSettings)
    -> [ConfigStep]
  {
    let key = Key(revision: model.revision, settings: settings)
    if let configSteps, configSteps.key == key, configSteps.service == service { return configSteps.steps }
    let steps = model.configSteps(of: service, settings)
    configSteps = (key, service, steps)
    return steps
  }

  /// As `ClusterModel.latency`.
  package func latency(
    _ model: ClusterModel, _ settings: ViewSettings, slots: Int, rows: Int = 20, isAligned: Bool = false,
    keeping durations: Range<Int64>? = nil
  ) -> LatencyView {
    let key = Key(
      revision: model.revision, settings: settings, slots: slots, rows: rows, isAligned: isAligned,
      durations: durations)
    if let known = latencies.first(where: { $0.key == key }) { return known.view }
    let view = model.latency(
      settings, slots: slots, rows: rows, isAligned: isAligned, keeping: durations)
    latencies.removeAll { $0.key.revision != model.revision || $0.key.slots == slots }
    if latencies.count >= Self.mostLatencies { latencies.removeFirst() }
    latencies.append((key, view))
    return view
  }

  /// As `ClusterModel.limits`.
  package func limits(_ model: ClusterModel, _ settings: ViewSettings) -> [LimitRow] {
    model.keptLimits(settings) { target, limits, second in
      if let found = refusing[target.address], found.second == second, found.limits == limits {
        return found.since
      }
      let since = target.history.refusing(limits, endingAt: second)
      refusing[target.address] = (second, limits, since)
      return since
    }
  }

  /// The newest events that pass the filter, oldest first.
  ///
  /// - Parameter most: how many events are looked at; asked again, it goes on from there.
  package func events(
    _ model: ClusterModel, _ settings: ViewSettings, limit: Int, lookingThrough most: Int = .max
  ) -> FoundEvents {
    found(model.query(settings), limit: limit, through: most, of: model.events)
  }

  /// Every event of one request that is still kept, in the order it happened.
  ///
  /// - Parameter most: as for `events`.
  package func requestTrace(
    _ model: ClusterModel, requestID: ByteText, lookingThrough most: Int = .max
  ) -> FoundEvents {
    found(.request(requestID), limit: ClusterModel.mostOfRequest, through: most, of: model.events)
      .inOrder()
  }

  /// Every kept event of a function up to the moment shown, oldest first.
  ///
  /// - Parameter most: as for `events`.
  package func functionEvents(
    _ model: ClusterModel, service: ByteText, requestType: ByteText, _ settings: ViewSettings,
    lookingThrough most: Int = .max
  ) -> FoundEvents {
    found(
      // Those for what does not exist are counted together, and each tells what was asked for.
      service == RequestRow.unsupported
        ? .unsupported(until: settings.until)
        : .function(service: service, requestType: requestType, until: settings.until),
      limit: ClusterModel.mostKeptEvents, through: most, of: model.events)
  }

  /// Every kept event of somebody up to the moment shown, oldest first.
  ///
  /// - Parameter most: as for `events`.
  package func userEvents(
    _ model: ClusterModel, user: ByteText, _ settings: ViewSettings, lookingThrough most: Int = .max
  ) -> FoundEvents {
    found(
      .user(user, until: settings.until), limit: ClusterModel.mostKeptEvents, through: most, of: model.events)
  }

  /// Every kept event of a call that failed or that a pool refused, up to the moment shown, oldest first.
  ///
  /// - Parameters:
  ///   - service: of which calls; nil for those of all services.
  ///   - most: as for `events`.
  package func breakerEvents(
    _ model: ClusterModel, pool: ByteText, service: ByteText?, _ settings: ViewSettings,
    lookingThrough most: Int = .max
  ) -> FoundEvents {
    found(
      .breaker(service: service, pool: pool, until: settings.until), limit: ClusterModel.mostKeptEvents,
      through: most, of: model.events)
  }

  /// Goes on with a search of events, or begins it.
  private func found(
    _ query: EventSearch.Query, limit: Int, through most: Int, of history: EventHistory
  ) -> FoundEvents {
    let known = searches.firstIndex { $0.query == query && $0.search.limit == max(0, limit) }
    var search = known.map { searches.remove(at: $0).search } ?? EventSearch(limit: limit)
    search.look(through: most, of: history, where: query.passes)
    if searches.count >= Self.mostSearches { searches.removeFirst() }
    searches.append((query, search))
    return FoundEvents(rows: search.rows, isComplete: search.isComplete, percent: search.percent)
  }
}

import GenAPIValue

/// Remembers the last answer of the dearest views, for the revision and settings it was computed with.
///
/// A reference inside a value, so that asking does not change the model; used by the one thread that owns it.
final class ViewCache {
  struct Key: Equatable {
    var revision: Int64
    var settings: ViewSettings
    var slots: Int
    var rows = 0
  }

  var requests: (key: Key, rows: [RequestRow])?
  /// By a gateway's address, for one second and the limits that refuse: since when they do. Finding that looks through
  /// the whole history, and panes are drawn ten times a second.
  var refusing: [ByteText: (second: Int64, limits: Set<Int32>, since: [Int32: LimitRow.Refusing])] = [:]

  /// The latest asked for last; at most `mostSearches`, which is more than a screen shows at one time.
  private var searches: [(query: EventSearch.Query, search: EventSearch)] = []
  private static let mostSearches = 4

  /// Goes on with a search of events, or begins it.
  func found(_ query: EventSearch.Query, limit: Int, through most: Int, of history: EventHistory)
    -> FoundEvents
  {
    let known = searches.firstIndex { $0.query == query && $0.search.limit == max(0, limit) }
    var search = known.map { searches.remove(at: $0).search } ?? EventSearch(limit: limit)
    search.look(through: most, of: history, where: query.passes)
    if searches.count >= Self.mostSearches { searches.removeFirst() }
    searches.append((query, search))
    return FoundEvents(rows: search.rows, isComplete: search.isComplete)
  }

  /// The pane's, and the details' of a function.
  var latency: [(key: Key, view: LatencyView)] = []
}

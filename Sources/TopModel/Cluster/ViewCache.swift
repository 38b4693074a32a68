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

  /// The pane's, and the details' of a function.
  var latency: [(key: Key, view: LatencyView)] = []
}

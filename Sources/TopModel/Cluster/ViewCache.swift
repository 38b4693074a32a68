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
  /// The pane's, and the details' of a function.
  var latency: [(key: Key, view: LatencyView)] = []
}

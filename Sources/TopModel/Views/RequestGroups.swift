import GenAPIValue

/// Requests by what they have in common, and how that is known.
package struct RequestGroups: Equatable, Sendable {
  package enum Source: Equatable, Sendable {
    /// Counters of the gateways tell all of them.
    case counters
    /// So many requests, whose ends are among the events that are kept.
    case events(requests: Int, seconds: Int)
  }

  package var grouping: RequestGrouping
  /// Sorted as the settings say.
  package var rows: [RequestGroup] = []
  package var source = Source.counters

  package init(_ grouping: RequestGrouping, rows: [RequestGroup] = [], source: Source = .counters) {
    self.grouping = grouping
    self.rows = rows
    self.source = source
  }
}

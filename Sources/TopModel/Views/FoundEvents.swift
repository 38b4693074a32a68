/// Events that were looked for, oldest first.
package struct FoundEvents: Equatable, Sendable {
  package var rows: [EventRow]
  /// Nothing that is kept is left to be looked at.
  package var isComplete: Bool

  package init(rows: [EventRow], isComplete: Bool) {
    self.rows = rows
    self.isComplete = isComplete
  }

  /// In the order they happened, whatever order they came in.
  func inOrder() -> FoundEvents {
    FoundEvents(
      rows: rows.sorted { ($0.record.at, $0.record.sequence) < ($1.record.at, $1.record.sequence) },
      isComplete: isComplete)
  }
}

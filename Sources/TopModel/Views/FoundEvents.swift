/// Events that were looked for, oldest first.
package struct FoundEvents: Equatable, Sendable {
  package var rows: [EventRow]
  /// Nothing that is kept is left to be looked at.
  package var isComplete: Bool
  /// Of the events that are kept, how many percent were looked at; below 100 until it is complete.
  package var percent = 100

  package init(rows: [EventRow], isComplete: Bool, percent: Int = 100) {
    self.rows = rows
    self.isComplete = isComplete
    self.percent = isComplete ? 100 : min(max(percent, 0), 99)
  }

  /// In the order they happened, whatever order they came in.
  func inOrder() -> FoundEvents {
    FoundEvents(
      rows: rows.sorted { ($0.record.at, $0.record.sequence) < ($1.record.at, $1.record.sequence) },
      isComplete: isComplete, percent: percent)
  }
}

/// Events that were looked for, oldest first.
public struct FoundEvents: Equatable, Sendable {
  public var rows: [EventRow]
  /// Nothing that is kept is left to be looked at.
  public var isComplete: Bool

  public init(rows: [EventRow], isComplete: Bool) {
    self.rows = rows
    self.isComplete = isComplete
  }
}

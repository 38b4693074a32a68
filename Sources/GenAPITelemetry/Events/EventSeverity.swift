/// How much an event matters to who watches.
public enum EventSeverity: Equatable, Sendable {
  case normal
  /// What was bad is over.
  case good
  case warning
  case critical

  /// Of a request that ended so.
  public init(of outcome: RequestOutcome) {
    self = outcome == .ok ? .normal : outcome.isRejection ? .warning : .critical
  }
}

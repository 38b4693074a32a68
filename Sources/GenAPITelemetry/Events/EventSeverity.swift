/// How much an event matters to who watches.
public enum EventSeverity: Equatable, Sendable {
  /// Nothing has to be done.
  case normal
  /// What was bad is over.
  case good
  /// A client was refused, cut off or went away, or something was tried again.
  case warning
  /// Something failed.
  case critical

  /// Of a request that ended so.
  public init(of outcome: RequestOutcome) {
    self = outcome == .ok ? .normal : outcome.isFailure ? .critical : .warning
  }
}

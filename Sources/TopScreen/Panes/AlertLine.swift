/// One rule in the alerts pane.
public struct AlertLine: Equatable, Sendable, Identifiable {
  public enum State: Equatable, Sendable {
    case quiet
    /// The condition holds, not yet for as long as the rule asks.
    case pending
    case firing
  }

  public var id: String
  /// As the user wrote it: `p99(order_service) > 250ms for 30s`.
  public var rule: String
  public var state: State
  /// What it measures now, in words: `312ms`.
  public var value: String?
  /// What it concerns: a node, a pool.
  public var subject: String?
  /// When it began to hold, microseconds since the Unix epoch.
  public var since: Int64?
  public var isCritical: Bool

  public init(
    id: String, rule: String, state: State = .quiet, value: String? = nil, subject: String? = nil,
    since: Int64? = nil, isCritical: Bool = false
  ) {
    self.id = id
    self.rule = rule
    self.state = state
    self.value = value
    self.subject = subject
    self.since = since
    self.isCritical = isCritical
  }
}

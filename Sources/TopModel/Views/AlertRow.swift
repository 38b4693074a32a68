import GenAPIValue

/// One alert rule, for one thing it concerns.
public struct AlertRow: Equatable, Sendable, Identifiable {
  public var id: ByteText
  /// `p99 > 1s`.
  public var rule: ByteText
  /// A node, a pool, a function; nil while the rule is quiet.
  public var subject: ByteText?
  public var isFiring: Bool
  /// What it measures now, in words.
  public var value: ByteText?
  /// When it began to hold, microseconds since the Unix epoch.
  public var since: Int64?
  public var isCritical: Bool

  public init(
    id: ByteText, rule: ByteText, subject: ByteText? = nil, isFiring: Bool = false, value: ByteText? = nil,
    since: Int64? = nil, isCritical: Bool = false
  ) {
    self.id = id
    self.rule = rule
    self.subject = subject
    self.isFiring = isFiring
    self.value = value
    self.since = since
    self.isCritical = isCritical
  }
}

import GenAPIValue

/// One alert rule, for one thing it concerns.
package struct AlertRow: Equatable, Sendable, Identifiable {
  package var id: ByteText
  /// `p99 > 1s`.
  package var rule: ByteText
  /// A node, a pool, a function; nil while the rule is quiet.
  package var subject: ByteText?
  package var isFiring: Bool
  /// What it measures now, in words.
  package var value: ByteText?
  /// More of it, as why a node is down; nil when there is no more.
  package var detail: ByteText?
  /// When it began to hold, microseconds since the Unix epoch.
  package var since: Int64?
  package var isCritical: Bool

  package init(
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

import GenAPIValue

/// One time that an alert fired.
public struct AlertEpisode: Equatable, Sendable {
  /// `AlertRow.id` of what fired.
  public var alertID: ByteText
  public var rule: ByteText
  public var subject: ByteText?
  /// What was measured last while it fired, in words.
  public var value: ByteText?
  /// Microseconds since the Unix epoch.
  public var from: Int64
  /// nil while it still fires.
  public var until: Int64?

  public init(
    alertID: ByteText, rule: ByteText, subject: ByteText? = nil, value: ByteText? = nil, from: Int64,
    until: Int64? = nil
  ) {
    self.alertID = alertID
    self.rule = rule
    self.subject = subject
    self.value = value
    self.from = from
    self.until = until
  }

  init(_ row: AlertRow, from: Int64) {
    self.init(alertID: row.id, rule: row.rule, subject: row.subject, value: row.value, from: from)
  }
}

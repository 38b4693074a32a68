import GenAPIValue

/// One time that an alert fired.
package struct AlertEpisode: Equatable, Sendable {
  /// `AlertRow.id` of what fired.
  package var alertID: ByteText
  package var rule: ByteText
  package var subject: ByteText?
  /// What was measured last while it fired, in words.
  package var value: ByteText?
  /// More of it; nil when there was no more.
  package var detail: ByteText?
  /// Microseconds since the Unix epoch.
  package var from: Int64
  /// nil while it still fires.
  package var until: Int64?

  package init(
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
    detail = row.detail
  }
}

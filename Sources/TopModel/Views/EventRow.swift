import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// One line of the events pane.
package struct EventRow: Equatable, Sendable, Identifiable {
  package var node: ByteText
  package var record: EventRecord
  /// Told from the record when it is asked for: of ten thousand events a second a screen shows a few dozen.
  package var severity: EventSeverity { given ?? record.severity }
  private var given: EventSeverity?

  package var id: ByteText { "\(node)\u{1F}\(record.sequence)" }

  package init(node: ByteText, record: EventRecord, severity: EventSeverity? = nil) {
    self.node = node
    self.record = record
    given = severity
  }
}

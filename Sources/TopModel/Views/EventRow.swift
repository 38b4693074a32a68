import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// One line of the events pane.
public struct EventRow: Equatable, Sendable, Identifiable {
  public var node: ByteText
  public var record: EventRecord
  /// Told from the record when it is asked for: of ten thousand events a second a screen shows a few dozen.
  public var severity: EventSeverity { given ?? record.severity }
  private var given: EventSeverity?

  public var id: ByteText { "\(node)\u{1F}\(record.sequence)" }

  public init(node: ByteText, record: EventRecord, severity: EventSeverity? = nil) {
    self.node = node
    self.record = record
    given = severity
  }
}

import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// One line of the events pane.
public struct EventRow: Equatable, Sendable, Identifiable {
  public enum Severity: Equatable, Sendable {
    case normal, good, warning, critical
  }

  public var node: ByteText
  public var record: EventRecord
  /// Told from the record when it is asked for: of ten thousand events a second a screen shows a few dozen.
  public var severity: Severity { given ?? Severity(of: record) }
  private var given: Severity?

  public var id: ByteText { "\(node)\u{1F}\(record.sequence)" }

  public init(node: ByteText, record: EventRecord, severity: Severity? = nil) {
    self.node = node
    self.record = record
    given = severity
  }
}

import GenAPIStream
import GenAPITelemetry

/// One line of the events pane.
public struct EventRow: Equatable, Sendable, Identifiable {
  public enum Severity: Equatable, Sendable {
    case normal, good, warning, critical
  }

  public var node: String
  public var record: EventRecord
  public var severity: Severity

  public var id: String { "\(node)\u{1F}\(record.sequence)" }

  public init(node: String, record: EventRecord, severity: Severity = .normal) {
    self.node = node
    self.record = record
    self.severity = severity
  }
}

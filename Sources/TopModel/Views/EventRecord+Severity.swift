import GenAPIStream
import GenAPITelemetry

extension EventRecord {
  /// As the table of events says; an event that it does not have is normal.
  package var severity: EventSeverity {
    guard let known else { return .normal }
    if let severity = known.definition.severity { return severity }
    if let outcome = outcome { return EventSeverity(of: outcome) }
    // Of a gateway that tells no outcome.
    return metadata("success")?.bool == false ? .warning : .normal
  }
}

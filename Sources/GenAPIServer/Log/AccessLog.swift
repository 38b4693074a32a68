import GenAPITelemetry
import GenAPIValue
import Logging

/// A line of the log for each request that ended, whatever the log's level.
struct AccessLog: TelemetryAdapter {
  static let id = "access log"

  let selection = EventSelection.names(.executorRequestStop, .executorRequestException)
  let logger: Logger

  func handle(_ event: EmittedEvent) {
    switch event.event {
    case .requestStop(let stop):
      var fields = fields(stop.request, stop.durationUs, stop.outcome)
      if let node = stop.nodeCalled { fields["node"] = "\(node)" }
      if stop.nodesPassed > 0 { fields["nodes_passed"] = .stringConvertible(stop.nodesPassed) }
      logger.info("request", metadata: fields)
    case .requestException(let exception):
      logger.info(
        "request", metadata: fields(exception.request, exception.durationUs, exception.outcome ?? .exception))
    default: break
    }
  }

  private func fields(_ request: RequestContext, _ durationUs: Int64, _ outcome: RequestOutcome?)
    -> Logger.Metadata
  {
    var fields: Logger.Metadata = [
      "request_id": "\(request.requestID)", "service": "\(request.function.service)",
      "request_type": "\(request.function.requestType)", "duration_us": .stringConvertible(durationUs),
      "result": "\(outcome?.rawValue ?? "unknown")",
    ]
    if let version = request.function.version { fields["version"] = "\(version)" }
    if let user = request.userID { fields["user_id"] = "\(user)" }
    if let trace = request.trace {
      fields["trace_id"] = "\(trace.traceID)"
      fields["parent_span_id"] = "\(trace.parentSpanID)"
    }
    return fields
  }
}

extension TelemetryBus {
  /// Begins or ends a line for each request.
  func setAccessLog(_ isOn: Bool, _ log: ServerLog) throws {
    detach(AccessLog.id)
    if isOn { try attach(AccessLog.id, AccessLog(logger: log.logger(label: "genapi.access", level: .info))) }
  }
}

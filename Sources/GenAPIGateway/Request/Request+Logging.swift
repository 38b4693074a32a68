import GenAPIValue
import Logging

extension Request {
  /// A logger whose lines say which request they belong to: `request_id`, `service`, `request_type`, `version` and
  /// `trace_id`, as events call them. It goes where `LoggingSystem.bootstrap` sends everything.
  public var logger: Logger { logger(from: Logger(label: "genapi.request")) }

  /// The same of another logger.
  public func logger(from base: Logger) -> Logger {
    var logger = base
    logger[metadataKey: "request_id"] = "\(requestID)"
    logger[metadataKey: "service"] = "\(service)"
    logger[metadataKey: "request_type"] = "\(requestType)"
    if let version { logger[metadataKey: "version"] = "\(version)" }
    if let trace { logger[metadataKey: "trace_id"] = "\(trace.traceID)" }
    return logger
  }
}

extension FunctionCall {
  /// That of the request; one without ids for a call between nodes, which has none.
  public var logger: Logger { request?.logger ?? Logger(label: "genapi.request") }
}

import GenAPIStream
import GenAPITelemetry

extension EventRow.Severity {
  init(of record: EventRecord) {
    switch record.known {
    case .executorRequestException, .workerPoolCircuitBreakerOpen, .configPullException,
      .executorRetryExhausted, .workerPoolTaskException, .clusterNodeDown:
      self = .critical
    case .executorRetry, .rateLimiterExceeded, .workerPoolTaskRejected, .hookBeforeException,
      .hookAfterException,
      .configDisable, .configClear:
      self = .warning
    case .workerPoolCircuitBreakerClose, .clusterNodeUp, .configEnable: self = .good
    case .executorRequestStop:
      if let outcome = record.outcome {
        self = outcome == .ok ? .normal : outcome.isRejection ? .warning : .critical
      } else {
        self = record.metadata("success")?.bool == false ? .warning : .normal
      }
    default: self = .normal
    }
  }
}

import GenAPITelemetry
import GenAPIValue
import Logging

/// What became of a circuit breaker, for the log.
struct BreakerNotice: Sendable {
  enum Change: Sendable {
    case opened(consecutiveFailures: Int, reason: ByteText, cooldownMs: Int64)
    /// It is half-open, and this request is its probe.
    case probes(requestID: ByteText)
    case closed(afterMs: Int64)
  }

  var change: Change
  var scope: BreakerScope
  var worker: Int?
  var key: BreakerKey?

  /// A worker's breakers are many and open together, so they are no more than information.
  func log(pool: ByteText, to logger: Logger) {
    var metadata: Logger.Metadata = ["pool": "\(pool)", "scope": "\(scope.rawValue)"]
    if let worker { metadata["worker"] = "\(worker)" }
    if let key { metadata["service"] = "\(key.service)" }
    if let node = key?.node { metadata["node"] = "\(node)" }
    let isWorker = scope == .worker
    switch change {
    case .opened(let failures, let reason, let cooldownMs):
      metadata["failures"] = "\(failures)"
      metadata["reason"] = "\(reason.cut(bytes: 256))"
      metadata["cooldown_ms"] = "\(cooldownMs)"
      logger.log(level: isWorker ? .info : .warning, "a circuit breaker opened", metadata: metadata)
    case .probes(let requestID):
      metadata["request_id"] = "\(requestID.cut(bytes: 256))"
      logger.log(
        level: isWorker ? .info : .notice, "a circuit breaker is half-open and lets a probe through",
        metadata: metadata)
    case .closed(let milliseconds):
      metadata["open_ms"] = "\(milliseconds)"
      logger.log(level: isWorker ? .info : .notice, "a circuit breaker closed", metadata: metadata)
    }
  }
}

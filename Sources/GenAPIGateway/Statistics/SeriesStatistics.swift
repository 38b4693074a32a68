import GenAPITelemetry
import GenAPIValue
import Locking

/// The exact counters of one function. Its lock is held for a few additions only.
final class SeriesStatistics: Sendable {
  private struct Counters {
    var requests: Int64 = 0
    var outcomes = [Int64](repeating: 0, count: RequestOutcome.allCases.count)
    var retries: Int64 = 0
    var latency = LatencyHistogram()
    var maxUs: Int64 = 0
    var lastError: ByteText?
    var lastErrorAt: Int64?
  }

  let function: FunctionIdentity
  private let counters = Mutex(Counters())

  init(function: FunctionIdentity) { self.function = function }

  /// Whether no request of it runs.
  var isIdle: Bool { counters.withLock { $0.requests == $0.outcomes.reduce(0, +) } }

  /// Adds what another has counted.
  func add(_ other: SeriesStatistics) {
    let others = other.counters.withLock { $0 }
    counters.withLock { counters in
      counters.requests += others.requests
      for index in counters.outcomes.indices { counters.outcomes[index] += others.outcomes[index] }
      counters.retries += others.retries
      counters.latency += others.latency
      counters.maxUs = max(counters.maxUs, others.maxUs)
      if (others.lastErrorAt ?? 0) > (counters.lastErrorAt ?? 0) {
        counters.lastError = others.lastError
        counters.lastErrorAt = others.lastErrorAt
      }
    }
  }

  func started() { counters.withLock { $0.requests += 1 } }

  func retried() { counters.withLock { $0.retries += 1 } }

  func finished(_ outcome: RequestOutcome, durationUs: Int64, error: ByteText?, at wall: Int64) {
    counters.withLock { counters in
      counters.outcomes[outcome.index] += 1
      counters.latency.record(durationUs)
      counters.maxUs = max(counters.maxUs, durationUs)
      if let error, outcome != .ok {
        counters.lastError = error.cut(bytes: TextLimit.text)
        counters.lastErrorAt = wall
      }
    }
  }

  var state: SeriesState {
    counters.withLock { counters in
      var outcomes: [ByteText: Int64] = [:]
      for outcome in RequestOutcome.allCases where counters.outcomes[outcome.index] > 0 {
        outcomes[ByteText(outcome.rawValue)] = counters.outcomes[outcome.index]
      }
      return SeriesState(
        service: function.service, requestType: function.requestType, version: function.version,
        requests: counters.requests, outcomes: outcomes, retries: counters.retries, latency: counters.latency,
        maxUs: counters.maxUs, lastError: counters.lastError, lastErrorAt: counters.lastErrorAt)
    }
  }
}

extension RequestOutcome {
  /// The place of a case in an array of counters. A switch, because it is on every request's path.
  fileprivate var index: Int {
    switch self {
    case .ok: 0
    case .error: 1
    case .timeout: 2
    case .exception: 3
    case .unreachable: 4
    case .invalidArguments: 5
    case .unsupported: 6
    case .cancelled: 7
    case .permissionDenied: 8
    case .rateLimited: 9
    case .unavailable: 10
    case .hookRejected: 11
    }
  }
}

import GenAPIValue
import Locking
import Metrics

/// Records requests and failures with swift-metrics.
///
/// | metric | dimensions |
/// |---|---|
/// | timer `executor.request.duration` | service, request_type, success |
/// | counter `executor.exceptions` | service, request_type |
/// | counter `executor.retries` | service, request_type, mode |
/// | counter `executor.retries.exhausted` | service, request_type |
/// | counter `rate_limiter.exceeded` | key, scope |
/// | counter `worker_pool.rejections` | pool, reason, scope |
/// | counters `worker_pool.circuit_breaker.opened`, `.closed` | pool, scope |
/// | counter `config.pushes` | service, result |
/// | counter `hook.failures` | type, module, kind |
/// | counter `telemetry.other_dimensions` | – |
///
/// Every label starts with `phoenix_gen_api.`. The timer holds all finished requests, those that ended in an
/// exception too. No dimension holds a user or a key's value. Names that only a client made up, of services and
/// request types that do not exist, are recorded as "unknown". Beyond `maxDimensionSets` per label, sets are
/// recorded under "other" and counted in `telemetry.other_dimensions`.
public final class MetricsAdapter: TelemetryAdapter {
  /// What the metrics are called and which labels they have.
  public struct Configuration: Sendable {
    /// Stands before every label.
    public var prefix = EventName.prefix.string
    /// Distinct sets of dimension values of one label.
    public var maxDimensionSets = 1_000

    public init() {}
  }

  /// What the adapter was made with.
  public let configuration: Configuration
  public let selection = EventSelection.names(
    .executorRequestStop, .executorRequestException, .executorRetry, .executorRetryExhausted,
    .rateLimiterExceeded, .hookBeforeException, .hookAfterException, .workerPoolTaskRejected,
    .workerPoolCircuitBreakerOpen, .workerPoolCircuitBreakerClose, .configPush)

  private let factory: any MetricsFactory
  private let otherDimensions: Counter
  private let state = Mutex(State())

  private struct State {
    var timers: [String: MetricFamily<Timer>] = [:]
    var counters: [String: MetricFamily<Counter>] = [:]
    var recordedAsOther: Int64 = 0
  }

  /// Makes an adapter that counts and measures events with a factory of swift-metrics.
  public init(
    factory: any MetricsFactory = MetricsSystem.factory, configuration: Configuration = Configuration()
  ) {
    self.factory = factory
    self.configuration = configuration
    otherDimensions = Counter(label: configuration.prefix + "telemetry.other_dimensions", factory: factory)
  }

  /// How many recordings went to "other" because a label had too many sets of dimensions.
  public var recordedAsOther: Int64 { state.withLock { $0.recordedAsOther } }

  public func handle(_ event: EmittedEvent) {
    switch event.event {
    case .requestStop(let stop):
      let function = stop.outcome == .unsupported ? Self.unknownFunction : Self.function(stop.request)
      time(
        "executor.request.duration", stop.durationUs,
        function + [.closed("success", "\(stop.outcome == .ok)")])
    case .requestException(let exception):
      let function = Self.function(exception.request)
      time("executor.request.duration", exception.durationUs, function + [.closed("success", "false")])
      count("executor.exceptions", function)
    case .retry(let retry):
      count("executor.retries", Self.function(retry.request) + [.open("mode", retry.mode)])
    case .retryExhausted(let retry): count("executor.retries.exhausted", Self.function(retry.request))
    case .rateLimitExceeded(let limit):
      count("rate_limiter.exceeded", [.open("key", limit.key), .open("scope", limit.scope)])
    case .taskRejected(let task):
      count(
        "worker_pool.rejections",
        [
          .open("pool", task.pool), .closed("reason", task.reason),
          .closed("scope", task.scope),
        ])
    case .breakerOpen(let breaker):
      count(
        "worker_pool.circuit_breaker.opened",
        [.open("pool", breaker.pool), .closed("scope", breaker.scope)])
    case .breakerClose(let breaker):
      count(
        "worker_pool.circuit_breaker.closed",
        [.open("pool", breaker.pool), .closed("scope", breaker.scope)])
    case .push(let push):
      count("config.pushes", [.open("service", push.service), .closed("result", push.result)])
    case .hookException(let run, _, let failure):
      count(
        "hook.failures",
        [.closed("type", run.phase), .open("module", run.module), .open("kind", failure.kind)])
    default: break
    }
  }

  private static let unknownFunction: [Dimension] = [
    .closed("service", "unknown"), .closed("request_type", "unknown"),
  ]

  private static func function(_ request: RequestContext) -> [Dimension] {
    [.open("service", request.function.service), .open("request_type", request.function.requestType)]
  }

  private func time(_ name: String, _ microseconds: Int64, _ dimensions: [Dimension]) {
    let label = configuration.prefix + name
    let timer = state.withLock { state in
      let (timer, isOther) = state.timers[label, default: MetricFamily()].metric(
        dimensions, limit: configuration.maxDimensionSets
      ) { Timer(label: label, dimensions: $0, factory: factory) }
      noteOther(isOther, &state)
      return timer
    }
    timer.recordMicroseconds(microseconds)
  }

  private func count(_ name: String, _ dimensions: [Dimension]) {
    let label = configuration.prefix + name
    let counter = state.withLock { state in
      let (counter, isOther) = state.counters[label, default: MetricFamily()].metric(
        dimensions, limit: configuration.maxDimensionSets
      ) { Counter(label: label, dimensions: $0, factory: factory) }
      noteOther(isOther, &state)
      return counter
    }
    counter.increment()
  }

  private func noteOther(_ isOther: Bool, _ state: inout State) {
    guard isOther else { return }
    state.recordedAsOther += 1
    otherDimensions.increment()
  }
}

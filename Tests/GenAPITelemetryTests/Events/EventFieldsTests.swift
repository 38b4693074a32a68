import GenAPITelemetry
import GenAPIValue
import Testing

@Suite("The fields of events")
struct EventFieldsTests {
  static let request = ["request_id", "service", "request_type", "version", "user_id"]
  static let failure = ["kind", "reason", "stacktrace"]
  static let hook = request + ["module", "function", "type"]
  static let task = request + ["pool_name", "worker"]

  /// Name, measurements and metadata as the catalogue lists them.
  static let expected: [(EventName, [String], [String])] = [
    (.executorRequestStart, ["system_time"], request),
    (
      .executorRequestStop, ["duration_us"],
      request + ["success", "outcome", "async", "node_called", "error"]
    ),
    (.executorRequestException, ["duration_us"], request + failure),
    (.executorRetry, ["attempt", "backoff_ms"], request + ["mode", "type", "nodes"]),
    (.executorRetryExhausted, [], request + ["mode", "last_error"]),
    (.rateLimiterCheck, ["duration_us"], request + ["result", "key", "scope"]),
    (
      .rateLimiterExceeded, ["retry_after_ms"],
      request + ["key", "key_value", "scope", "max_requests", "current_requests", "window_ms"]
    ),
    (.rateLimiterReset, [], ["key_value", "scope", "key"]),
    (
      .rateLimiterCleanup, ["duration_us", "cleaned_entries"],
      ["global_limits_count", "api_limits_count"]
    ),
    (.hookBeforeStart, ["system_time"], hook),
    (.hookBeforeStop, ["duration_us"], hook),
    (.hookBeforeException, ["duration_us"], hook + failure),
    (.hookAfterStart, ["system_time"], hook),
    (.hookAfterStop, ["duration_us"], hook),
    (.hookAfterException, ["duration_us"], hook + failure),
    (.workerPoolTaskStart, ["system_time"], task),
    (.workerPoolTaskStop, ["duration_us"], task),
    (.workerPoolTaskException, ["duration_us"], task + failure),
    (.workerPoolTaskRejected, ["system_time"], request + ["pool_name", "reason", "scope", "worker"]),
    (
      .workerPoolCircuitBreakerOpen, [],
      ["pool_name", "scope", "worker", "consecutive_failures", "cooldown_ms"]
    ),
    (.workerPoolCircuitBreakerClose, [], ["pool_name", "scope", "worker", "open_ms"]),
    (.configPullStart, ["system_time"], ["service"]),
    (.configPullStop, ["duration_us", "count"], ["service", "version", "skipped"]),
    (.configPullException, ["duration_us"], ["service"] + failure + ["nodes"]),
    (.configPush, ["count"], ["service", "version", "node_from", "result"]),
    (.configAdd, [], ["service", "request_type", "version"]),
    (.configBatchAdd, ["count"], ["service"]),
    (.configDelete, [], ["service", "request_type", "version"]),
    (.configClear, [], ["service", "request_type", "version"]),
    (.configDisable, [], ["service", "request_type", "version"]),
    (.configEnable, [], ["service", "request_type", "version"]),
  ]

  @Test("there is a sample of every event, in the catalogue's order")
  func samples() {
    #expect(SampleEvents.catalogue.map(\.name) == EventName.catalogue)
    #expect(SampleEvents.extensions.map(\.name) == EventName.extensions)
    #expect(Self.expected.map(\.0) == EventName.catalogue)
  }

  @Test("every event visits the measurements and metadata the catalogue lists", arguments: 0..<31)
  func fields(index: Int) {
    let (name, measurements, metadata) = Self.expected[index]
    let event = SampleEvents.catalogue[index]
    #expect(event.name == name)
    #expect(FieldCollector.measurements(event).keys == measurements, "\(name)")
    #expect(FieldCollector.metadata(event).keys == metadata, "\(name)")
  }

  @Test("absent fields are left out")
  func absent() {
    let anonymous = RequestContext(
      requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"))
    let stop = TelemetryEvent.requestStop(RequestStop(request: anonymous, durationUs: 1, outcome: .ok))
    #expect(
      FieldCollector.metadata(stop).keys
        == ["request_id", "service", "request_type", "success", "outcome", "async"])
  }

  @Test("success is true for the outcome ok only", arguments: RequestOutcome.allCases)
  func success(outcome: RequestOutcome) {
    let stop = TelemetryEvent.requestStop(
      RequestStop(request: SampleEvents.context, durationUs: 1, outcome: outcome))
    #expect(FieldCollector.metadata(stop)["success"] == (outcome == .ok ? "true" : "false"))
    #expect(FieldCollector.metadata(stop)["outcome"] == ByteText(outcome.rawValue))
  }

  @Test("a retry is remote when it names nodes, else local")
  func retryType() {
    let local = TelemetryEvent.retry(
      RetryAttempt(request: SampleEvents.context, attempt: 1, backoffMs: 0, mode: "same_node", nodes: nil))
    #expect(FieldCollector.metadata(local)["type"] == "local")
    #expect(FieldCollector.metadata(SampleEvents.catalogue[3])["type"] == "remote")
  }

  @Test("clearing the store says all for service, request type and version")
  func clear() {
    let fields = FieldCollector.metadata(.configClear)
    #expect(fields.fields.map(\.value) == ["all", "all", "all"])
  }

  @Test("events of a request that has a trace tell its ids, with the request's own fields")
  func traced() throws {
    let trace = try #require(
      TraceContext(parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
    let request = RequestContext(
      requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"), trace: trace)
    let events: [TelemetryEvent] = [
      .requestStart(request, systemTime: 1),
      .requestStop(RequestStop(request: request, durationUs: 1, outcome: .ok)),
      .taskStart(PoolTask(request: request, pool: "async_pool", worker: 1), systemTime: 1),
    ]
    for event in events {
      let fields = FieldCollector.metadata(event)
      #expect(fields["trace_id"] == trace.traceID && fields["parent_span_id"] == "00f067aa0ba902b7")
    }
  }
}

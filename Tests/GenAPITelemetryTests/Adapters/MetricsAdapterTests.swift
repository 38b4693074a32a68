import GenAPITelemetry
import GenAPIValue
import MetricsTestKit
import Testing

@Suite("The metrics adapter")
struct MetricsAdapterTests {
  private let metrics = TestMetrics()

  private func stop(_ outcome: RequestOutcome, service: String = "users", type: String = "get", us: Int64 = 5)
    -> TelemetryEvent
  {
    .requestStop(
      RequestStop(
        request: EventSeries.request(service: ByteText(service), type: ByteText(type)), durationUs: us,
        outcome: outcome))
  }

  private func handle(_ events: TelemetryEvent..., by adapter: MetricsAdapter) {
    var series = EventSeries()
    for event in events { adapter.handle(series.emitted(event)) }
  }

  private func timed(_ service: String, _ type: String, success: String) -> [Int64] {
    metrics.timers(
      label: "phoenix_gen_api.executor.request.duration",
      dimensions: [("service", service), ("request_type", type), ("success", success)]
    ).flatMap(\.values)
  }

  private func counted(_ name: String, _ dimensions: [(String, String)]) -> Int64 {
    metrics.counters(label: "phoenix_gen_api." + name, dimensions: dimensions).map(\.totalValue).reduce(0, +)
  }

  @Test("a request's duration is recorded under service, request type and success")
  func duration() {
    let adapter = MetricsAdapter(factory: metrics)
    handle(stop(.ok, us: 5), stop(.ok, us: 6), stop(.timeout, us: 7), by: adapter)
    #expect(timed("users", "get", success: "true") == [5_000, 6_000])
    #expect(timed("users", "get", success: "false") == [7_000])
  }

  @Test("a request that ended in an exception is timed as a failure and counted")
  func exception() {
    let adapter = MetricsAdapter(factory: metrics)
    handle(
      .requestException(
        RequestException(
          request: EventSeries.request(), durationUs: 9, failure: Failure(reason: "boom"))),
      by: adapter)
    #expect(timed("users", "get", success: "false") == [9_000])
    #expect(counted("executor.exceptions", [("service", "users"), ("request_type", "get")]) == 1)
  }

  @Test("every event of the catalogue that has a counter counts once")
  func counters() {
    let adapter = MetricsAdapter(factory: metrics)
    var series = EventSeries()
    for event in SampleEvents.catalogue { adapter.handle(series.emitted(event)) }
    let function = [("service", "user_service"), ("request_type", "get_user")]
    #expect(counted("executor.retries", function + [("mode", "all_nodes")]) == 1)
    #expect(counted("executor.retries.exhausted", function) == 1)
    #expect(counted("rate_limiter.exceeded", [("key", "user_id"), ("scope", "global")]) == 1)
    let pool = [("pool", "async_pool"), ("scope", "worker")]
    #expect(counted("worker_pool.rejections", pool + [("reason", "circuit_open")]) == 1)
    #expect(counted("worker_pool.circuit_breaker.opened", pool) == 1)
    #expect(counted("worker_pool.circuit_breaker.closed", pool) == 1)
    #expect(counted("config.pushes", [("service", "user_service"), ("result", "accepted")]) == 1)
    let hook = [("module", "Audit"), ("kind", "timeout")]
    #expect(counted("hook.failures", hook + [("type", "before")]) == 1)
    #expect(counted("hook.failures", hook + [("type", "after")]) == 1)
  }

  @Test("an event is recorded just when the adapter asks for it")
  func selected() {
    for event in SampleEvents.all {
      let metrics = TestMetrics()
      let adapter = MetricsAdapter(factory: metrics)
      var series = EventSeries()
      adapter.handle(series.emitted(event))
      let isRecorded = !metrics.timers.isEmpty || metrics.counters.contains { $0.totalValue > 0 }
      #expect(isRecorded == adapter.selection.contains(event.name), "\(event.name)")
    }
  }

  @Test("no dimension holds a user or the value of a key (W-39)")
  func privacy() {
    let adapter = MetricsAdapter(factory: metrics)
    var series = EventSeries()
    for event in SampleEvents.catalogue { adapter.handle(series.emitted(event)) }
    let dimensions = metrics.counters.flatMap(\.dimensions) + metrics.timers.flatMap(\.dimensions)
    #expect(!dimensions.isEmpty)
    #expect(!dimensions.contains { $0.1 == "u_1" })
    #expect(!dimensions.contains { ["user_id", "key_value", "request_id"].contains($0.0) })
  }

  @Test("requests for functions that do not exist share one set of dimensions")
  func unsupported() {
    let adapter = MetricsAdapter(factory: metrics)
    for index in 0..<50 { handle(stop(.unsupported, service: "made up \(index)"), by: adapter) }
    #expect(metrics.timers.count == 1)
    #expect(timed("unknown", "unknown", success: "false").count == 50)
  }

  @Test("dimensions beyond the bound are recorded as other, and counted")
  func bounded() {
    var configuration = MetricsAdapter.Configuration()
    configuration.maxDimensionSets = 2
    let adapter = MetricsAdapter(factory: metrics, configuration: configuration)
    for index in 0..<5 { handle(stop(.ok, type: "type\(index)"), by: adapter) }
    handle(stop(.error, type: "type4"), stop(.ok, type: "type0"), by: adapter)
    #expect(timed("users", "type0", success: "true").count == 2)
    #expect(timed("users", "type1", success: "true").count == 1)
    #expect(timed("other", "other", success: "true").count == 3)
    #expect(timed("other", "other", success: "false").count == 1)
    #expect(metrics.timers.count == 4)
    #expect(adapter.recordedAsOther == 4)
    #expect(counted("telemetry.other_dimensions", []) == 4)
  }

  @Test("it listens only to events it records")
  func selection() throws {
    let bus = TelemetryBus(node: "gw1")
    try bus.attach("metrics", MetricsAdapter(factory: metrics))
    #expect(bus.wants(.executorRequestStop))
    #expect(!bus.wants(.executorRequestStart))
    #expect(!bus.wants(.rateLimiterCheck))
  }
}

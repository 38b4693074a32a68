import GenAPITelemetry
import GenAPIValue
import InMemoryTracing
import Locking
import Testing
import Tracing

@Suite("The tracing adapter")
struct TracingAdapterTests {
  @Test("all events of a request are traced, but that its limits were checked")
  func selected() {
    let selection = TracingAdapter().selection
    for event in SampleEvents.all {
      #expect(
        selection.contains(event.name) == (event.request != nil && event.name != .rateLimiterCheck),
        "\(event.name)")
    }
  }

  private let tracer = InMemoryTracer()
  private let request = EventSeries.request()
  private let start: TelemetryEvent = .requestStart(EventSeries.request(), systemTime: 1)

  private func stop(_ outcome: RequestOutcome, error: ByteText? = nil, _ request: RequestContext? = nil)
    -> TelemetryEvent
  {
    .requestStop(
      RequestStop(
        request: request ?? self.request, durationUs: 5, outcome: outcome, nodeCalled: "n1", error: error))
  }

  /// Handles events a millisecond apart.
  private func handle(_ events: [TelemetryEvent], by adapter: TracingAdapter) {
    var series = EventSeries()
    for (index, event) in events.enumerated() {
      adapter.handle(series.emitted(event, at: Int64(index) * 1_000))
    }
  }

  private func onlySpan() throws -> FinishedInMemorySpan {
    let spans = tracer.finishedSpans
    try #require(spans.count == 1)
    return spans[0]
  }

  private static func at(milliseconds: Int64) -> UInt64 {
    UInt64(EventSeries.startMicroseconds + milliseconds * 1_000) * 1_000
  }

  @Test("a request whose client told what caused it is a child of that")
  func parent() throws {
    let trace = try #require(
      TraceContext(parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", state: "a=b"))
    let caused = RequestContext(requestID: "r", function: request.function, trace: trace)
    // It reads the header as tracers do, under another header's name.
    let tracer = HeaderTracer()
    handle([.requestStart(caused, systemTime: 1), stop(.ok, caused)], by: TracingAdapter(tracer: tracer))
    #expect(tracer.read.withLock { $0 } == [trace.parent.string, "a=b"])
    handle([start, stop(.ok)], by: TracingAdapter(tracer: self.tracer))
    #expect(self.tracer.performedContextExtractions.isEmpty)
  }

  @Test("a request is a span from its start event to its stop event")
  func wholeRequest() throws {
    let adapter = TracingAdapter(tracer: tracer)
    handle([start, stop(.ok)], by: adapter)
    let span = try onlySpan()
    #expect(span.operationName == "users/get")
    #expect(span.kind == .server)
    #expect(span.startInstant.nanosecondsSinceEpoch == Self.at(milliseconds: 0))
    #expect(span.endInstant.nanosecondsSinceEpoch == Self.at(milliseconds: 1))
    #expect(span.status == SpanStatus(code: .ok))
    #expect(span.attributes.get("genapi.outcome") == "ok")
    #expect(span.attributes.get("genapi.node") == "n1")
    #expect(adapter.statistics == TracingAdapter.Statistics())
  }

  @Test("a step of the wall clock does not change how long a span is")
  func clockStep() throws {
    let adapter = TracingAdapter(tracer: tracer)
    var series = EventSeries()
    adapter.handle(series.emitted(start, at: 0))
    adapter.handle(series.emitted(stop(.ok), at: 2_000, wall: 5))
    #expect(try onlySpan().endInstant.nanosecondsSinceEpoch == Self.at(milliseconds: 2))
  }

  @Test("a failed request has the status error", arguments: RequestOutcome.allCases)
  func status(outcome: RequestOutcome) throws {
    handle([start, stop(outcome, error: "too slow")], by: TracingAdapter(tracer: tracer))
    let status = try onlySpan().status
    if outcome == .ok {
      #expect(status == SpanStatus(code: .ok))
    } else if outcome.isFailure {
      #expect(status == SpanStatus(code: .error, message: "too slow"))
    } else {
      #expect(status == nil)
    }
  }

  @Test("an exception is recorded as an error with its reason")
  func exception() throws {
    let failure = Failure(kind: "error", reason: "boom", stacktrace: "a.swift:1")
    handle(
      [start, .requestException(RequestException(request: request, durationUs: 5, failure: failure))],
      by: TracingAdapter(tracer: tracer))
    let span = try onlySpan()
    #expect(span.status == SpanStatus(code: .error, message: "boom"))
    #expect(span.errors.map { "\($0.error)" } == ["error: boom"])
    #expect(span.errors.first?.attributes.get("genapi.stacktrace") == "a.swift:1")
  }

  @Test("hooks and tasks are children of the request, with their own times and failures")
  func children() throws {
    let hook = HookRun(request: request, phase: .before, module: "Audit", function: "check")
    let task = PoolTask(request: request, pool: "async_pool", worker: 3)
    handle(
      [
        start, .hookStart(hook, systemTime: 1), .hookStop(hook, durationUs: 1),
        .taskStart(task, systemTime: 1), .taskException(task, durationUs: 1, Failure(reason: "crashed")),
        stop(.error),
      ], by: TracingAdapter(tracer: tracer))
    let spans = tracer.finishedSpans
    #expect(spans.map(\.operationName) == ["hook.before Audit.check", "task async_pool", "users/get"])
    let root = try #require(spans.last)
    #expect(spans.dropLast().allSatisfy { $0.parentSpanID == root.spanID && $0.traceID == root.traceID })
    #expect(spans[0].startInstant.nanosecondsSinceEpoch == Self.at(milliseconds: 1))
    #expect(spans[0].endInstant.nanosecondsSinceEpoch == Self.at(milliseconds: 2))
    #expect(spans[0].status == nil)
    #expect(spans[1].status == SpanStatus(code: .error, message: "crashed"))
    #expect(spans[1].attributes.get("genapi.worker") == .int64(3))
  }

  @Test("a task that outlives its request still ends its span")
  func lateTask() {
    let task = PoolTask(request: request, pool: "p", worker: 0)
    let adapter = TracingAdapter(tracer: tracer)
    handle([start, .taskStart(task, systemTime: 1), stop(.timeout)], by: adapter)
    #expect(adapter.statistics.openRequests == 1)
    handle([.taskStop(task, durationUs: 1)], by: adapter)
    #expect(tracer.finishedSpans.map(\.operationName) == ["users/get", "task p"])
    #expect(adapter.statistics == TracingAdapter.Statistics())
  }

  @Test("retries and exceeded limits are events of the request's span")
  func spanEvents() throws {
    handle(
      [
        start,
        .retry(
          RetryAttempt(request: request, attempt: 1, backoffMs: 100, mode: "all_nodes", nodes: ["n1"])),
        .rateLimitExceeded(
          RateLimitExceeded(
            request: request, key: "user_id", keyValue: "u_1", scope: "global", maxRequests: 10,
            currentRequests: 10, windowMs: 1_000, retryAfterMs: 400)),
        stop(.rateLimited),
      ], by: TracingAdapter(tracer: tracer))
    let events = try onlySpan().events
    #expect(events.map(\.name) == ["executor.retry", "rate_limiter.exceeded"])
    #expect(events[0].nanosecondsSinceEpoch == Self.at(milliseconds: 1))
    #expect(events[0].attributes.get("genapi.attempt") == .int64(1))
    #expect(events[0].attributes.get("genapi.nodes") == .stringArray(["n1"]))
    #expect(events[1].attributes.get("genapi.retry_after_ms") == .int64(400))
    #expect(events[1].attributes.get("genapi.key_value") == nil)
  }

  @Test("a span names the user only when asked to")
  func user() {
    var configuration = TracingAdapter.Configuration()
    configuration.includesUserID = true
    handle([start, stop(.ok)], by: TracingAdapter(tracer: tracer))
    handle([start, stop(.ok)], by: TracingAdapter(tracer: tracer, configuration: configuration))
    #expect(tracer.finishedSpans.map { $0.attributes.get("genapi.user_id") } == [nil, "u_1"])
  }

  @Test("a stop whose start was not seen is counted, not traced")
  func unmatched() {
    let adapter = TracingAdapter(tracer: tracer)
    handle([stop(.ok)], by: adapter)
    #expect(tracer.finishedSpans.isEmpty)
    #expect(adapter.statistics.unmatched == 1)
  }

  @Test("when too many requests are open the oldest is ended, marked and counted")
  func eviction() throws {
    var configuration = TracingAdapter.Configuration()
    configuration.maxOpenRequests = 2
    let adapter = TracingAdapter(tracer: tracer, configuration: configuration)
    let requests = (0..<3).map { EventSeries.request("req_\($0)") }
    handle(requests.map { .requestStart($0, systemTime: 1) }, by: adapter)
    let span = try onlySpan()
    #expect(span.attributes.get("genapi.request_id") == "req_0")
    #expect(span.attributes.get("genapi.incomplete") == "evicted")
    #expect(span.endInstant.nanosecondsSinceEpoch == Self.at(milliseconds: 2))
    #expect(adapter.statistics.evicted == 1)
    #expect(adapter.statistics.openRequests == 2)
    handle([stop(.ok, requests[1]), stop(.ok, requests[0])], by: adapter)
    #expect(tracer.finishedSpans.count == 2)
    #expect(adapter.statistics.unmatched == 1)
  }

  @Test("a request id used again while open ends the first span; another user's is another request")
  func sameID() {
    let adapter = TracingAdapter(tracer: tracer)
    handle([start, .requestStart(EventSeries.request(user: "u_2"), systemTime: 1)], by: adapter)
    #expect(adapter.statistics.openRequests == 2)
    handle([start], by: adapter)
    #expect(adapter.statistics.openRequests == 2)
    #expect(adapter.statistics.replaced == 1)
    #expect(tracer.finishedSpans.map { $0.attributes.get("genapi.incomplete") } == ["replaced"])
  }

  @Test("one request cannot have child spans and span events without bound")
  func details() throws {
    var configuration = TracingAdapter.Configuration()
    configuration.maxDetails = 3
    let adapter = TracingAdapter(tracer: tracer, configuration: configuration)
    let retry = TelemetryEvent.retry(
      RetryAttempt(request: request, attempt: 1, backoffMs: 1, mode: "same_node", nodes: nil))
    handle([start] + Array(repeating: retry, count: 5) + [stop(.ok)], by: adapter)
    #expect(try onlySpan().events.count == 3)
    #expect(adapter.statistics.detailsDropped == 2)
  }

  @Test("at shutdown every open span is ended and marked")
  func shutdown() {
    let adapter = TracingAdapter(tracer: tracer)
    let hook = HookRun(request: request, phase: .before, module: "A", function: "f")
    handle([start, .hookStart(hook, systemTime: 1)], by: adapter)
    adapter.endOpenSpans()
    #expect(tracer.finishedSpans.map { $0.attributes.get("genapi.incomplete") } == ["shutdown", "shutdown"])
    #expect(tracer.activeSpans.isEmpty)
    #expect(adapter.statistics.openRequests == 0)
  }

  @Test("spans arrive through a bus it is attached to")
  func attached() throws {
    let bus = TelemetryBus(node: "gw1")
    let adapter = TracingAdapter(tracer: tracer)
    let done = Collector()
    try bus.attach("tracing", to: adapter.selection) {
      adapter.handle($0)
      done.add($0)
    }
    bus.emit(start)
    bus.emit(.configClear)
    bus.emit(stop(.ok))
    #expect(done.wait(for: 2))
    #expect(tracer.finishedSpans.map(\.operationName) == ["users/get"])
  }
}

/// Keeps what it is given to extract from.
private struct HeaderTracer: Tracer {
  final class Read: Sendable {
    private let state = Mutex<[String]>([])

    func withLock<Result>(_ body: (inout [String]) -> Result) -> Result { state.withLock { body(&$0) } }
  }

  let read = Read()
  private let spans = InMemoryTracer()

  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    let found = ["traceparent", "Tracestate", "other"].compactMap {
      extractor.extract(key: $0, from: carrier)
    }
    read.withLock { $0 += found }
  }

  func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {}

  func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
  ) -> InMemorySpan {
    spans.startSpan(
      operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID,
      line: line)
  }

  func forceFlush() {}
}

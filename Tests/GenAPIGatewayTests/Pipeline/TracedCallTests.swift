import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import InMemoryTracing
import Locking
import Logging
import TestWaiting
import Testing
import Tracing

@testable import GenAPIGateway

/// Keeps spans in memory and speaks W3C trace context.
private struct W3CTracer: Tracer {
  private final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    func next() -> Int { number.add(1, ordering: .relaxed).newValue }
  }

  let spans: InMemoryTracer

  init() {
    let counter = Counter()
    @Sendable func text(_ digits: Int) -> String {
      let text = String(counter.next(), radix: 16)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    spans = InMemoryTracer(
      idGenerator: InMemoryTracer.IDGenerator(nextTraceID: { text(32) }, nextSpanID: { text(16) }))
  }

  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let parts = extractor.extract(key: "traceparent", from: carrier)?.split(separator: "-") else {
      return
    }
    context.inMemorySpanContext = InMemorySpanContext(
      traceID: String(parts[1]), spanID: String(parts[2]), parentSpanID: nil)
  }

  func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let span = context.inMemorySpanContext else { return }
    injector.inject("00-\(span.traceID)-\(span.spanID)-01", forKey: "traceparent", into: &carrier)
  }

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

@Suite("Two requests that a client calls the same")
struct NamesakeSpanTests {
  @Test("have a span each, which the other does not end", arguments: ["r1", ""] as [ByteText])
  func apart(_ id: ByteText) async throws {
    let tracer = W3CTracer()
    let fixture = try GatewayFixture()
    let (open, gate) = AsyncStream.makeStream(of: Void.self)
    let (begun, note) = AsyncStream.makeStream(of: Void.self)
    try fixture.add("wait") { call in
      if call.arguments == [true] {
        note.yield()
        for await _ in open {}
      }
      return .ok(1)
    }
    try fixture.gateway.configs.update(
      FunctionConfig(
        service: "test", requestType: "wait", timeout: nil, function: FunctionReference("Test", "wait"),
        arguments: ["waits": ArgumentSpec(.boolean)]))
    let adapter = TracingAdapter(tracer: tracer)
    try fixture.gateway.bus.attach("tracing", adapter)
    func request(_ waits: Bool) -> Request {
      Request(
        service: "test", requestType: "wait", requestID: id, args: ["waits": .bool(waits)], userID: "u1")
    }
    let (gateway, slow, quick) = (fixture.gateway, request(true), request(false))
    let first = Task { await gateway.execute(slow) }
    for await _ in begun { break }
    #expect(await gateway.execute(quick)?.success == true)
    try await eventually { tracer.spans.finishedSpans.count == 1 }
    #expect(adapter.statistics.openRequests == 1)
    gate.finish()
    #expect(await first.value?.success == true)
    try await eventually { tracer.spans.finishedSpans.count == 2 }
    for span in tracer.spans.finishedSpans {
      #expect(span.attributes["genapi.incomplete"] == nil)
    }
    let statistics = adapter.statistics
    #expect(statistics.replaced == 0 && statistics.unmatched == 0 && statistics.openRequests == 0)
  }
}

@Suite("A call is part of its caller's trace")
struct TracedCallTests {
  private static let parent: ByteText = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  private let tracer = W3CTracer()

  private func fixture() throws -> GatewayFixture {
    let fixture = try GatewayFixture()
    let tracer = tracer
    @discardableResult
    @Sendable func inside(_ name: String) -> FunctionResult {
      tracer.withSpan("inside \(name)") { _ in }
      return .ok(1)
    }
    fixture.gateway.functions.register("Test.plain") { (_: FunctionCall) throws -> FunctionResult in
      inside("plain")
    }
    try fixture.gateway.configs.add(
      FunctionConfig(service: "test", requestType: "plain", function: FunctionReference("Test", "plain")))
    try fixture.add("sync", { _ in }) { _ in inside("sync") }
    try fixture.add("async", { $0.responseType = .async }) { _ in inside("async") }
    try fixture.add("none", { $0.responseType = .none }) { _ in inside("none") }
    try fixture.add("stream", { $0.responseType = .stream }) { _ in inside("stream") }
    fixture.gateway.functions.registerBlocking("Test.blocking") { _ in inside("blocking") }
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "blocking", function: FunctionReference("Test", "blocking")))
    try fixture.gateway.register(
      Endpoint("hooked") { 1 }
        .before { request in
          _ = inside("before")
          return .proceed(request)
        }
        .after { _, response in
          _ = inside("after")
          return response
        }
        .permission { _ in inside("permission") == .ok(1) }, service: "test")
    return fixture
  }

  private static let types = ["plain", "sync", "async", "none", "stream", "blocking"]

  private func finished(_ name: String) async throws -> FinishedInMemorySpan {
    try await eventually { tracer.spans.finishedSpans.contains { $0.operationName == name } }
    return tracer.spans.finishedSpans.first { $0.operationName == name }!
  }

  private func request(_ type: String, trace: ByteText? = nil) -> Request {
    Request(
      service: "test", requestType: ByteText(type), requestID: "r", userID: "u1",
      trace: trace.flatMap { TraceContext(parent: $0) })
  }

  @Test("a function's own spans are children of the request's span, which is its caller's", arguments: types)
  func spans(_ type: String) async throws {
    let fixture = try fixture()
    try fixture.gateway.bus.attach("tracing", TracingAdapter(tracer: tracer))
    _ = await fixture.gateway.execute(request(type, trace: Self.parent), on: fixture.connect())
    let inner = try await finished("inside \(type)")
    let outer = try await finished("test/\(type)")
    #expect(inner.parentSpanID == outer.spanID)
    #expect(outer.parentSpanID == "00f067aa0ba902b7")
    #expect(Set([inner.traceID, outer.traceID]) == ["4bf92f3577b34da6a3ce929d0e0e4736"])
    #expect(outer.attributes.get("genapi.outcome") == "ok" && outer.kind == .server)
  }

  @Test("for code that calls execute the parent is the span of its task", arguments: types)
  func current(_ type: String) async throws {
    let fixture = try fixture()
    try fixture.gateway.bus.attach("tracing", TracingAdapter(tracer: tracer))
    let connection = fixture.connect()
    await tracer.withSpan("caller") { _ in
      _ = await fixture.gateway.execute(request(type), on: connection)
    }
    let (caller, outer) = (try await finished("caller"), try await finished("test/\(type)"))
    let inner = try await finished("inside \(type)")
    #expect(outer.parentSpanID == caller.spanID && inner.parentSpanID == outer.spanID)
  }

  @Test("a message over a socket that tells its cause is a child of that, warm functions too")
  func messages() async throws {
    let fixture = try fixture()
    try fixture.gateway.bus.attach("tracing", TracingAdapter(tracer: tracer))
    let connection = fixture.connect()
    for number in 0..<100 {
      let payload: Value = [
        "service": "test", "request_type": "plain", "request_id": .string("m\(number)"),
        "traceparent": .string(Self.parent),
      ]
      _ = await fixture.gateway.handle(payload, from: ClientIdentity(userID: "u1"), on: connection)
    }
    try await eventually { tracer.spans.finishedSpans.count == 200 }
    let outer = tracer.spans.finishedSpans.filter { $0.operationName == "test/plain" }
    let inner = tracer.spans.finishedSpans.filter { $0.operationName == "inside plain" }
    #expect(Set(inner.map(\.parentSpanID)) == Set(outer.map(\.spanID)))
    #expect(Set(outer.map(\.parentSpanID)) == ["00f067aa0ba902b7"])
  }

  @Test("hooks and the permission callback run in the request's context")
  func hooks() async throws {
    let fixture = try fixture()
    try fixture.gateway.bus.attach("tracing", TracingAdapter(tracer: tracer))
    #expect(await fixture.gateway.execute(request("hooked", trace: Self.parent))?.result == 1)
    let outer = try await finished("test/hooked")
    for name in ["before", "permission", "after"] {
      let inner = try await finished("inside \(name)")
      #expect(inner.parentSpanID == outer.spanID, "\(name)")
    }
  }

  @Test("another node is told of the request's own span")
  func nodes() async throws {
    let fixture = try fixture()
    try fixture.gateway.bus.attach("tracing", TracingAdapter(tracer: tracer))
    fixture.nodes["a@test"]!.register("Test.cause") { .ok($0.arguments.last?["traceparent"] ?? .null) }
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "cause", nodes: .list(["a@test"]),
        function: FunctionReference("Test", "cause"), passesRequestInfo: true))
    let told = await fixture.gateway.execute(request("cause", trace: Self.parent))?.result
    let outer = try await finished("test/cause")
    #expect(told == .string("00-4bf92f3577b34da6a3ce929d0e0e4736-\(outer.spanID)-01"))
  }

  @Test(
    "without an adapter there is neither span nor context, but the caller's own goes on", arguments: types)
  func untraced(_ type: String) async throws {
    let fixture = try fixture()
    let connection = fixture.connect()
    _ = await fixture.gateway.execute(request(type), on: connection)
    #expect(try await finished("inside \(type)").parentSpanID == nil)
    var second = request(type)
    second.requestID = "r2"
    await tracer.withSpan("caller") { [second] _ in
      _ = await fixture.gateway.execute(second, on: connection)
    }
    let caller = try await finished("caller")
    try await eventually {
      tracer.spans.finishedSpans.contains {
        $0.operationName == "inside \(type)" && $0.parentSpanID == caller.spanID
      }
    }
    #expect(!tracer.spans.finishedSpans.contains { $0.operationName == "test/\(type)" })
  }

  @Test("the request's logger says whose line it is")
  func logger() {
    var request = request("sync", trace: Self.parent)
    request.version = "1.0.0"
    let logger = request.logger(from: Logger(label: "test") { _ in InMemoryLogHandler() })
    #expect(logger[metadataKey: "request_id"] == "r")
    #expect(logger[metadataKey: "service"] == "test" && logger[metadataKey: "request_type"] == "sync")
    #expect(logger[metadataKey: "version"] == "1.0.0")
    #expect(logger[metadataKey: "trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(request.logger.label == "genapi.request")
    #expect(FunctionCall().logger.label == "genapi.request")
  }
}

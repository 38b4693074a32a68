import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import InMemoryTracing
import Logging
import MetricsTestKit
import Testing

@Suite("Samples of the pages: telemetry and its adapters")
struct TelemetrySamples {
  @Test("a bus")
  func bus() throws {
    // sample: a bus
    let bus = TelemetryBus(node: "gw1")
    try bus.attach("slow-requests", to: .names(.executorRequestStop)) { emitted in
      guard case .requestStop(let stop) = emitted.event, stop.durationUs > 250_000 else { return }
      print("slow: \(stop.request.function.requestType)")
    }
    // end
    #expect(bus.handlers.map(\.id) == ["slow-requests"])
  }

  @Test("adapters")
  func adapters() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let factory = TestMetrics()
    let tracer = InMemoryTracer()
    // sample: a log
    try gateway.bus.attach("log", LogAdapter(logger: logger, level: .info, selection: .category(.config)))
    // end
    // sample: metrics
    var labels = MetricsAdapter.Configuration()
    labels.prefix = "my_app."
    let metrics = MetricsAdapter(factory: factory, configuration: labels)
    try gateway.bus.attach("metrics", metrics)
    // end
    // sample: traces
    var spans = TracingAdapter.Configuration()
    spans.maxOpenRequests = 1_000
    let traces = TracingAdapter(tracer: tracer, configuration: spans)
    try gateway.bus.attach("traces", traces)
    // end
    // sample: an adapter of one's own
    struct Failures: TelemetryAdapter {
      let selection = EventSelection.names(.executorRequestException, .workerPoolCircuitBreakerOpen)

      func handle(_ event: EmittedEvent) { print("\(event.name.path) on \(event.event.service ?? "–")") }
    }
    try gateway.bus.attach("failures", Failures())
    // end
    try gateway.register(ServiceEndpoints("s") { Endpoint("t") { 1 } })
    _ = await gateway.execute(Request(service: "s", requestType: "t", requestID: "1"))
    #expect(Set(gateway.bus.handlers.map(\.id)) == ["log", "metrics", "traces", "failures"])
    for id in ["log", "metrics", "traces", "failures"] { #expect(gateway.bus.detach(id)) }
    // sample: the end of traces
    traces.endOpenSpans()
    // end
    #expect(traces.statistics.openRequests == 0)
  }
}

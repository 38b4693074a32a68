import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import InMemoryTracing
import Instrumentation
import Metrics

/// A gateway whose events go to a handler, to swift-metrics and to swift-distributed-tracing. It makes some calls and prints
/// what each of them was told.
///
///     swift run watched-gateway
@main
struct WatchedGateway {
  static func main() async throws {
    // In a program of yours these are a backend's: Prometheus, OpenTelemetry.
    let metrics = PrintedMetrics()
    MetricsSystem.bootstrap(metrics)
    let tracer = InMemoryTracer()
    InstrumentationSystem.bootstrap(tracer)

    let gateway = try Gateway(configuration: GatewayConfiguration(node: "watched@localhost"))
    try gateway.register(
      ServiceEndpoints("math") {
        Endpoint("double", Argument("number", Int.self)) { number in number * 2 }
        Endpoint(performing: "fail") { throw FunctionError("as asked") }
      })
    let slow = try gateway.bus.subscribe("requests", to: .names(.executorRequestStop))
    try gateway.bus.attach("failures", to: .names(.executorRequestStop)) { emitted in
      guard case .requestStop(let stop) = emitted.event, stop.outcome.isFailure else { return }
      print("event: \(stop.request.function.requestType) ended with \(stop.outcome.rawValue)")
    }
    let traces = TracingAdapter()
    try gateway.bus.attach("metrics", MetricsAdapter())
    try gateway.bus.attach("traces", traces)

    for number in 1...3 {
      _ = await gateway.execute(
        Request(
          service: "math", requestType: "double", requestID: "double \(number)",
          args: ["number": .int(Int64(number))]))
    }
    _ = await gateway.execute(Request(service: "math", requestType: "fail", requestID: "fail"))

    print("queue: \(slow.drain().events.count) requests ended")
    // Detaching waits until a handler has taken what was in its queue.
    for id in ["failures", "metrics", "traces"] { gateway.bus.detach(id) }
    traces.endOpenSpans()
    for line in metrics.lines { print("metric: \(line)") }
    for span in tracer.finishedSpans { print("span: \(span.operationName)") }
    print("state: \(gateway.currentState().totals.requests) requests")
  }
}

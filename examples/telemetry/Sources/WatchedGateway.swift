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
        Endpoint("double", Argument("number", Int.self, min: -1_000_000, max: 1_000_000)) { number in
          number * 2
        }
        Endpoint(performing: "fail") { throw FunctionError("as asked") }
      })
    let slow = try gateway.bus.subscribe("requests", to: .names(.executorRequestStop))
    let (heard, ends) = AsyncStream.makeStream(of: RequestStop.self)
    try gateway.bus.attach("ends", to: .names(.executorRequestStop)) { emitted in
      if case .requestStop(let stop) = emitted.event { ends.yield(stop) }
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
    // Handlers run on threads of their own, a moment behind the calls.
    for await stop in heard.prefix(4) where stop.outcome?.isFailure ?? true {
      print("event: \(stop.request.function.requestType) ended with \(stop.outcome?.rawValue ?? "no success")")
    }
    while tracer.finishedSpans.count < 4 || metrics.lines.count < 2 {
      try await Task.sleep(for: .milliseconds(1))
    }
    for line in metrics.lines { print("metric: \(line)") }
    for span in tracer.finishedSpans { print("span: \(span.operationName)") }
    print("state: \(gateway.currentState().totals.requests) requests")
  }
}

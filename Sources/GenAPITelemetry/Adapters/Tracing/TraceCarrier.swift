import Instrumentation

/// A client's trace context as a tracer's instrument reads it.
struct TraceCarrier: Extractor {
  func extract(key: String, from carrier: TraceContext) -> String? {
    switch key.lowercased() {
    case "traceparent": carrier.parent.string
    case "tracestate": carrier.state?.string
    default: nil
    }
  }
}

import GenAPIValue
import Locking
import Tracing

/// The span of a request that runs: spans that its function makes are children of it.
///
/// The adapter that made it ends it when it hears how the request ended. What it never hears of, because its queue was
/// full, ends with the request.
public final class LiveSpan: Sendable {
  let span: any Span
  private let tracer: any Tracer
  /// Which adapter made it.
  private let maker: ObjectIdentifier
  private let isEnded = Atomic<Bool>(false)

  init(_ span: any Span, by maker: ObjectIdentifier, with tracer: any Tracer) {
    self.span = span
    self.maker = maker
    self.tracer = tracer
  }

  /// What runs for the request runs in this.
  package var scope: RequestScope { RequestScope(context: span.context) }

  /// What another node is told as the cause; nil when the tracer has no W3C trace context.
  package var outgoing: TraceContext? {
    var fields: [String: String] = [:]
    tracer.inject(span.context, into: &fields, using: TraceFields())
    guard let parent = fields["traceparent"] else { return nil }
    return TraceContext(parent: ByteText(parent), state: fields["tracestate"].map { ByteText($0) })
  }

  func isMade(by adapter: AnyObject) -> Bool { maker == ObjectIdentifier(adapter) }

  var hasEnded: Bool { isEnded.load(ordering: .acquiring) }

  /// False when it has ended before.
  func end() -> Bool { !isEnded.exchange(true, ordering: .acquiringAndReleasing) }

  deinit {
    guard end() else { return }
    span.updateAttributes { $0["genapi.incomplete"] = "unheard" }
    span.end()
  }
}

/// Makes the span of a request when it begins, and not when somebody hears that it began.
protocol RequestSpanMaker: AnyObject, Sendable {
  func makeSpan(
    requestID: ByteText, function: FunctionIdentity, userID: ByteText?, trace: TraceContext?,
    at now: TimeReading
  ) -> LiveSpan
}

/// Writes a trace context as a tracer's instrument tells it.
private struct TraceFields: Injector {
  func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
    carrier[key.lowercased()] = value
  }
}

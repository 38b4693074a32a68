import GenAPIValue
import Tracing

/// The spans of one request: its own, and those of the hooks and tasks that run for it.
struct RequestTrace {
  /// What a child span stands for; one of a kind runs at a time.
  enum ChildKey: Equatable {
    case hook(HookRun.Phase, module: ByteText, function: ByteText)
    case task(pool: ByteText, worker: Int)
  }

  let span: any Span
  /// The same, when it was made as the request began.
  private var live: LiveSpan?
  private let startWallNanoseconds: Int64
  private let startMonotonicNanoseconds: Int64
  private var children: [(key: ChildKey, span: any Span)] = []
  private var isEnded = false
  /// Child spans and span events so far, which are bounded together.
  private(set) var details = 0

  /// Of a request whose span was made as it began.
  init(_ live: LiveSpan, _ event: EmittedEvent) {
    self.init(live.span, event)
    self.live = live
  }

  init(_ span: any Span, _ event: EmittedEvent) {
    startWallNanoseconds = event.wallMicroseconds * 1_000
    startMonotonicNanoseconds = event.monotonicNanoseconds
    self.span = span
  }

  /// - Parameter parent: what counts when the request's client told nothing.
  static func span(
    requestID: ByteText, function: FunctionIdentity, userID: ByteText?, trace: TraceContext?,
    parent: ServiceContext, atNanoseconds start: Int64, tracer: any Tracer, includesUserID: Bool
  ) -> any Span {
    var context = parent
    if let trace { tracer.extract(trace, into: &context, using: TraceCarrier()) }
    let span = tracer.startSpan(
      "\(function.service)/\(function.requestType)", context: context, ofKind: .server,
      at: timestamp(start))
    span.updateAttributes { attributes in
      attributes["genapi.request_id"] = requestID.string
      attributes["genapi.service"] = function.service.string
      attributes["genapi.request_type"] = function.requestType.string
      if let version = function.version { attributes["genapi.version"] = version.string }
      if includesUserID, let user = userID { attributes["genapi.user_id"] = user.string }
    }
    return span
  }

  /// The request and everything that ran for it are over.
  var isComplete: Bool { isEnded && children.isEmpty }

  /// Its wall-clock start plus what the monotonic clock measured since: a step of the wall clock bends no span.
  func instant(_ monotonicNanoseconds: Int64) -> DefaultTracerClock.Timestamp {
    Self.timestamp(startWallNanoseconds &+ (monotonicNanoseconds &- startMonotonicNanoseconds))
  }

  private static func timestamp(_ nanoseconds: Int64) -> DefaultTracerClock.Timestamp {
    DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: UInt64(max(0, nanoseconds)))
  }

  // MARK: Children

  mutating func startChild(_ key: ChildKey, _ event: EmittedEvent, tracer: any Tracer) {
    details += 1
    let start = instant(event.monotonicNanoseconds)
    let child = tracer.startSpan(key.name, context: span.context, ofKind: .internal, at: start)
    child.updateAttributes(key.describe)
    children.append((key, child))
  }

  /// False when no such child is open.
  mutating func endChild(_ key: ChildKey, _ failure: Failure?, _ event: EmittedEvent) -> Bool {
    // At most `maxDetails` children.
    guard let index = children.firstIndex(where: { $0.key == key }) else { return false }
    let child = children.remove(at: index).span
    let end = instant(event.monotonicNanoseconds)
    if let failure { Self.record(failure, on: child, at: end) }
    child.end(at: end)
    return true
  }

  // MARK: Span events

  mutating func add(_ name: String, _ event: EmittedEvent) {
    details += 1
    span.addEvent(
      SpanEvent(
        name: name, at: instant(event.monotonicNanoseconds),
        attributes: SpanAttributeVisitor.attributes(of: event.event)))
  }

  // MARK: Ends

  mutating func end(_ stop: RequestStop, _ event: EmittedEvent) {
    span.updateAttributes { attributes in
      if let outcome = stop.outcome { attributes["genapi.outcome"] = outcome.rawValue }
      attributes["genapi.async"] = stop.isAsync
      if let node = stop.nodeCalled { attributes["genapi.node"] = node.string }
      if let error = stop.error { attributes["genapi.error"] = error.string }
    }
    if stop.outcome == .ok {
      span.setStatus(SpanStatus(code: .ok))
    } else if stop.outcome?.isFailure ?? true {
      span.setStatus(SpanStatus(code: .error, message: stop.error?.string ?? stop.outcome?.rawValue))
    }
    end(at: instant(event.monotonicNanoseconds))
  }

  mutating func end(_ exception: RequestException, _ event: EmittedEvent) {
    let end = instant(event.monotonicNanoseconds)
    span.updateAttributes { $0["genapi.outcome"] = (exception.outcome ?? .exception).rawValue }
    Self.record(exception.failure, on: span, at: end)
    self.end(at: end)
  }

  private mutating func end(at end: DefaultTracerClock.Timestamp) {
    isEnded = true
    if live?.end() != false { span.end(at: end) }
  }

  /// Ends what is still open, because nobody will hear how it ended.
  func abandon(_ reason: String, at monotonicNanoseconds: Int64) {
    let end = instant(monotonicNanoseconds)
    for child in children {
      child.span.updateAttributes { $0["genapi.incomplete"] = reason }
      child.span.end(at: end)
    }
    guard !isEnded else { return }
    span.updateAttributes { $0["genapi.incomplete"] = reason }
    if live?.end() != false { span.end(at: end) }
  }

  private static func record(_ failure: Failure, on span: any Span, at end: DefaultTracerClock.Timestamp) {
    var attributes = SpanAttributes()
    attributes["genapi.kind"] = failure.kind.string
    if !failure.stacktrace.isEmpty { attributes["genapi.stacktrace"] = failure.stacktrace.string }
    span.recordError(TracedFailure(failure), attributes: attributes, at: end)
    span.setStatus(SpanStatus(code: .error, message: failure.reason.string))
  }
}

extension RequestTrace.ChildKey {
  var name: String {
    switch self {
    case .hook(let phase, let module, let function): "hook.\(phase.rawValue) \(module).\(function)"
    case .task(let pool, _): "task \(pool)"
    }
  }

  func describe(_ attributes: inout SpanAttributes) {
    switch self {
    case .hook(let phase, let module, let function):
      attributes["genapi.hook.type"] = phase.rawValue
      attributes["genapi.hook.module"] = module.string
      attributes["genapi.hook.function"] = function.string
    case .task(let pool, let worker):
      attributes["genapi.pool"] = pool.string
      attributes["genapi.worker"] = worker
    }
  }
}

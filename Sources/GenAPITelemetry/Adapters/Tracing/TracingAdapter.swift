import GenAPIValue
import Locking
import Tracing

/// Makes a span of every request with swift-distributed-tracing.
///
/// Attached to a gateway's bus, it makes the span when the request begins, as a child of what the client told
/// (`traceparent`) or else of the task that called `Gateway.execute`; the request's function, hooks and callbacks run in the
/// span's `ServiceContext`, so that their own spans are its children. Start and end times come from the events, not from when they are handled. Hooks and pool tasks become child
/// spans; retries, exceeded limits and rejections become span events. A failed request has the status error; a
/// request refused by policy has no status, as it is the caller's mistake.
public final class TracingAdapter: TelemetryAdapter, RequestSpanMaker {
  /// Which spans the adapter makes, and how many at one time.
  public struct Configuration: Sendable {
    /// Requests open at one time; the oldest is ended to make room for one more.
    public var maxOpenRequests = 10_000
    /// Child spans and span events of one request together.
    public var maxDetails = 128
    /// User ids are personal data, so spans carry them only when asked to.
    public var includesUserID = false

    public init() {}
  }

  /// What the adapter holds, and what it could not trace to the end.
  public struct Statistics: Sendable, Equatable {
    /// Requests whose span has begun and not ended.
    public var openRequests = 0
    /// Requests ended early because too many were open; attribute `genapi.incomplete` = `evicted`.
    public var evicted: Int64 = 0
    /// Requests that began before a tracer was attached, ended early because one with the same id and user began;
    /// `genapi.incomplete` = `replaced`.
    public var replaced: Int64 = 0
    /// Events whose request is not open: begun before attaching, evicted, or over.
    public var unmatched: Int64 = 0
    /// Child spans and span events left out because their request had too many.
    public var detailsDropped: Int64 = 0

    public init() {}
  }

  /// What the adapter was made with.
  public let configuration: Configuration
  /// All that belongs to a request; not that its limits were checked, which every request has.
  public let selection = EventSelection(
    EventName.allCases.filter { $0.definition.about == .request && $0 != .rateLimiterCheck })

  private let tracer: any Tracer
  /// Held while the tracer is called; nobody but the adapter's own thread and readers of statistics waits for it.
  private let state: Mutex<State>

  /// A request is the span that was made as it began, whatever it is called: clients choose request ids, and choose none.
  /// One that began before any tracer was attached has its names only.
  private enum RequestKey: Hashable {
    case live(ObjectIdentifier)
    case named(id: ByteText, user: ByteText?, service: ByteText, requestType: ByteText)

    init(_ request: RequestContext) {
      if let span = request.span {
        self = .live(ObjectIdentifier(span))
      } else {
        self = .named(
          id: request.requestID, user: request.userID, service: request.function.service,
          requestType: request.function.requestType)
      }
    }
  }

  private struct State {
    var open: AgeBoundedMap<RequestKey, RequestTrace>
    var statistics = Statistics()
    var lastMonotonicNanoseconds: Int64 = 0
  }

  /// Makes an adapter that makes spans of requests, with a tracer of swift-distributed-tracing.
  public init(
    tracer: any Tracer = InstrumentationSystem.tracer, configuration: Configuration = Configuration()
  ) {
    self.tracer = tracer
    self.configuration = configuration
    state = Mutex(State(open: AgeBoundedMap(capacity: configuration.maxOpenRequests)))
  }

  /// What the adapter did since it was made.
  public var statistics: Statistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.openRequests = state.open.count
      return statistics
    }
  }

  /// Ends every open span with the attribute `genapi.incomplete` = `shutdown`; for the end of the process.
  public func endOpenSpans() {
    state.withLock { state in
      for trace in state.open.elements { trace.abandon("shutdown", at: state.lastMonotonicNanoseconds) }
      state.open = AgeBoundedMap(capacity: configuration.maxOpenRequests)
    }
  }

  public func handle(_ event: EmittedEvent) {
    guard let request = event.event.request else { return }
    let key = RequestKey(request)
    state.withLock { state in
      state.lastMonotonicNanoseconds = event.monotonicNanoseconds
      if case .requestStart = event.event {
        start(request, key, event, &state)
      } else {
        follow(key, event, &state)
      }
    }
  }

  private func start(
    _ request: RequestContext, _ key: RequestKey, _ event: EmittedEvent, _ state: inout State
  ) {
    let trace = trace(of: request, event)
    let (replaced, evicted) = state.open.insert(trace, for: key)
    if let replaced {
      state.statistics.replaced += 1
      replaced.abandon("replaced", at: event.monotonicNanoseconds)
    }
    if let evicted {
      state.statistics.evicted += 1
      evicted.abandon("evicted", at: event.monotonicNanoseconds)
    }
  }

  /// Its span is there already when it was made as the request began.
  private func trace(of request: RequestContext, _ event: EmittedEvent) -> RequestTrace {
    if let live = request.span, live.isMade(by: self) { return RequestTrace(live, event) }
    let span = RequestTrace.span(
      requestID: request.requestID, function: request.function, userID: request.userID,
      trace: request.trace, parent: .topLevel, atNanoseconds: event.wallMicroseconds * 1_000, tracer: tracer,
      includesUserID: configuration.includesUserID)
    return RequestTrace(span, event)
  }

  func makeSpan(
    requestID: ByteText, function: FunctionIdentity, userID: ByteText?, trace: TraceContext?,
    at now: TimeReading
  ) -> LiveSpan {
    let span = RequestTrace.span(
      requestID: requestID, function: function, userID: userID, trace: trace,
      parent: ServiceContext.current ?? .topLevel, atNanoseconds: now.wallNanoseconds, tracer: tracer,
      includesUserID: configuration.includesUserID)
    return LiveSpan(span, by: ObjectIdentifier(self), with: tracer)
  }

  private enum Effect {
    case applied(isComplete: Bool)
    case unmatched
    case dropped
  }

  private func follow(_ key: RequestKey, _ event: EmittedEvent, _ state: inout State) {
    if let live = event.event.request?.span, live.isMade(by: self), !live.hasEnded,
      state.open.update(key, { _ in }) == nil
    {
      // Its start found no room in the queue; its span was made all the same.
      _ = state.open.insert(RequestTrace(live, event), for: key)
    }
    switch state.open.update(key, { apply(event, to: &$0) }) ?? .unmatched {
    case .applied(let isComplete): if isComplete { _ = state.open.remove(key) }
    case .unmatched: state.statistics.unmatched += 1
    case .dropped: state.statistics.detailsDropped += 1
    }
  }

  private func apply(_ event: EmittedEvent, to trace: inout RequestTrace) -> Effect {
    let hasRoom = trace.details < configuration.maxDetails
    switch event.event {
    case .requestStop(let stop): trace.end(stop, event)
    case .requestException(let exception): trace.end(exception, event)
    case .hookStart(let run, _):
      guard hasRoom else { return .dropped }
      trace.startChild(Self.key(run), event, tracer: tracer)
    case .taskStart(let task, _):
      guard hasRoom else { return .dropped }
      trace.startChild(Self.key(task), event, tracer: tracer)
    case .hookStop(let run, _):
      guard trace.endChild(Self.key(run), nil, event) else { return .unmatched }
    case .hookException(let run, _, let failure):
      guard trace.endChild(Self.key(run), failure, event) else { return .unmatched }
    case .taskStop(let task, _):
      guard trace.endChild(Self.key(task), nil, event) else { return .unmatched }
    case .taskException(let task, _, let failure):
      guard trace.endChild(Self.key(task), failure, event) else { return .unmatched }
    // What else happens to a request is an event of its span.
    default:
      guard hasRoom else { return .dropped }
      trace.add(event.name.shortName.string, event)
    }
    return .applied(isComplete: trace.isComplete)
  }

  private static func key(_ run: HookRun) -> RequestTrace.ChildKey {
    .hook(run.phase, module: run.module, function: run.function)
  }

  private static func key(_ task: PoolTask) -> RequestTrace.ChildKey {
    .task(pool: task.pool, worker: task.worker)
  }
}

import GenAPITelemetry
import GenAPIValue
import Locking

/// One request from its start to its end: emits start, and exactly one of stop and exception, and counts both.
final class RequestSpan: Sendable {
  let context: RequestContext
  /// What everything of the request runs in; nil when neither a tracer nor its client says anything.
  let scope: RequestScope?
  let series: SeriesStatistics
  private let bus: TelemetryBus
  private let clock: any GatewayClock
  let startedAt: TimeReading
  private let isOver = Atomic<Bool>(false)
  private let nodes = Mutex<(called: ByteText?, passed: UInt8)>((nil, 0))
  private let order = Mutex<[ByteText]?>(nil)

  init(
    _ request: Request, _ identity: FunctionIdentity, _ series: SeriesStatistics, bus: TelemetryBus,
    clock: any GatewayClock
  ) {
    let now = clock.now()
    let trace = request.trace
    let live = bus.span(
      requestID: request.requestID, function: identity, userID: request.userID, trace: trace, at: now)
    let context = RequestContext(
      requestID: request.requestID, function: identity, userID: request.userID, trace: trace, span: live)
    scope = live?.scope ?? trace?.scope
    self.context = context
    self.series = series
    self.bus = bus
    self.clock = clock
    startedAt = now
    series.started()
    bus.emit(.executorRequestStart, at: now, .requestStart(context, systemTime: now.wallNanoseconds))
  }

  /// The node that answered, for the stop event.
  func answered(by node: ByteText) { nodes.withLock { $0.called = node } }

  /// The node that was asked last.
  var asked: ByteText? { nodes.withLock { $0.called } }

  /// The nodes in the order that was chosen for the request, of which it takes one turn whatever becomes of it; nil while none
  /// was chosen.
  var chosen: [ByteText]? { order.withLock { $0 } }

  func choose(_ nodes: [ByteText]?) { order.withLock { $0 = nodes } }

  /// A node could not be reached, and another is asked; for the stop event.
  func passedNode() { nodes.withLock { $0.passed += $0.passed < .max ? 1 : 0 } }

  /// Ends the request; false when it had ended already.
  ///
  /// - Parameters:
  ///   - node: that answered, where it was not told before.
  ///   - now: nil to read the time here.
  @discardableResult
  func finish(
    _ outcome: RequestOutcome, isAsync: Bool = false, error: ByteText? = nil, node: ByteText? = nil,
    at now: TimeReading? = nil
  ) -> Bool {
    guard !isOver.exchange(true, ordering: .acquiringAndReleasing) else { return false }
    let now = now ?? clock.now()
    let duration = (now.monotonicNanoseconds - startedAt.monotonicNanoseconds) / 1_000
    series.finished(
      outcome, durationUs: duration, error: error, user: context.userID, at: now.wallMicroseconds)
    if outcome == .exception {
      bus.emit(
        .executorRequestException, at: now,
        .requestException(
          RequestException(
            request: context, durationUs: duration, failure: Failure(reason: error ?? "unknown"))))
    } else {
      let nodes = nodes.withLock { $0 }
      bus.emit(
        .executorRequestStop, at: now,
        .requestStop(
          RequestStop(
            request: context, durationUs: duration, outcome: outcome, isAsync: isAsync,
            nodeCalled: node ?? nodes.called, nodesPassed: nodes.passed, error: error)))
    }
    return true
  }

  @discardableResult
  func finish(_ outcome: CallOutcome, isAsync: Bool, node: ByteText? = nil, at now: TimeReading? = nil)
    -> Bool
  {
    switch outcome {
    case .ok: finish(.ok, isAsync: isAsync, node: node, at: now)
    case .failed(let outcome, let reason, _):
      finish(outcome, isAsync: isAsync, error: reason, node: node, at: now)
    }
  }

  deinit {
    // The last reference goes without an answer, so it counts as cancelled.
    finish(.cancelled, error: "the request was abandoned")
  }
}

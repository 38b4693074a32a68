import GenAPITelemetry
import GenAPIValue
import Locking

/// A request that passed every check and is about to be called. One reference, shared by whoever works on it.
final class CallJob: Sendable {
  let span: RequestSpan
  /// The function with the config that counts for this request.
  let stored: StoredFunction
  let call: FunctionCall
  /// nil until selected.
  let nodes: SelectedNodes?
  /// nil for a request that is answered once.
  let gate: AnswerGate?
  /// Which nodes it was called on, for their breakers; nil where no pool has to know.
  let asked: AskedNodes?
  /// Asked before it is called again; nil for one that no pool runs, or that is called once.
  let retries: RetryLeave?
  private let begun = Atomic<Bool>(false)
  private let pause = Mutex<CallOutcome?>(nil)

  init(
    span: RequestSpan, stored: StoredFunction, call: FunctionCall, nodes: SelectedNodes?, gate: AnswerGate?,
    asked: AskedNodes? = nil, retries: RetryLeave? = nil
  ) {
    self.span = span
    self.stored = stored
    self.call = call
    self.nodes = nodes
    self.gate = gate
    self.asked = asked
    self.retries = retries
  }

  /// The same with the stream that its function sends to.
  func with(_ stream: StreamHandle) -> CallJob {
    var call = call
    call.stream = stream
    return CallJob(
      span: span, stored: stored, call: call, nodes: nodes, gate: gate, asked: asked, retries: retries)
  }

  /// Its function is called now, here or on a node.
  func begins() { begun.store(true, ordering: .relaxed) }
  var hasBegun: Bool { begun.load(ordering: .relaxed) }

  /// It waits to be called again: what it would have come to, were this the end of its attempts; nil while it is called.
  var pausedAfter: CallOutcome? {
    get { pause.withLock { $0 } }
    set { pause.withLock { $0 = newValue } }
  }

  /// A job is only made of a request.
  var request: Request { call.request! }
  var connection: (any ClientConnection)? { call.connection }
  /// The node it is to be called on first; nil for a local function.
  var node: ByteText? { if case .nodes(let names) = nodes { names.first } else { nil } }
  var requestID: ByteText { span.context.requestID }

  /// How long all attempts together may take, with their waits: what a pool enforces.
  var totalTimeoutMs: Int64 {
    // A hook may have put any number into the config of its request.
    let retries = Int64(max(0, stored.config.retry?.attempts ?? 0))
    guard let timeoutMs = stored.config.timeoutMs else { return 86_400_000 }
    // Per attempt the call, 7.5 s of the longest wait, and once both hooks; a bound behind the bounds.
    let attempts = timeoutMs.saturatingMultiply(retries.saturatingAdd(1))
    let hooks = stored.config.hookTimeoutMs.saturatingMultiply(2)
    return min(86_400_000, attempts.saturatingAdd(retries.saturatingMultiply(7_500)).saturatingAdd(hooks))
  }

  /// Sends a further response.
  func push(_ response: Response) { gate?.push(response.answering(request)) }
}

extension CallJob {
  /// Its pool refused it after it had taken it.
  ///
  /// - Returns: false when it had ended already.
  func refused(_ refusal: PoolRefusal) -> Bool {
    span.finish(refusal.reason.outcome, isAsync: true, error: ByteText(refusal.description))
  }
}

extension TaskRejection.Reason {
  /// What a request is counted as that a pool refused.
  var outcome: RequestOutcome { self == .shutdown ? .draining : .unavailable }
}

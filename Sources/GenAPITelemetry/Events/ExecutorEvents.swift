import GenAPIValue

/// `executor.request.stop`: a request was answered, well or not.
public struct RequestStop: Sendable {
  /// The request that this belongs to.
  public var request: RequestContext
  /// How long it took from its start to its answer, in microseconds.
  public var durationUs: Int64
  /// How it ended; nil where a gateway of another kind only tells that it did not end well.
  public var outcome: RequestOutcome?
  /// True when the answer was delivered after an acknowledgement (async) or as a stream.
  public var isAsync: Bool
  /// Nodes that could not be reached before one was asked that could; 255 stands for more, too. In what is left beside `isAsync`: a
  /// queue holds many events.
  public var nodesPassed: UInt8
  /// The node that answered; nil when no function was called.
  public var nodeCalled: ByteText?
  /// The cause on failure, at most `TextLimit.text` bytes of it. Redacted to what an operator may read, never shown to a
  /// client from here.
  public var error: ByteText?

  public init(
    request: RequestContext, durationUs: Int64, outcome: RequestOutcome?, isAsync: Bool = false,
    nodeCalled: ByteText? = nil, nodesPassed: UInt8 = 0, error: ByteText? = nil
  ) {
    self.request = request
    self.durationUs = durationUs
    self.outcome = outcome
    self.isAsync = isAsync
    self.nodeCalled = nodeCalled
    self.nodesPassed = nodesPassed
    self.error = error?.cut(bytes: TextLimit.text)
  }
}

extension RequestStop {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("success", outcome == .ok)
    if let outcome { visitor.field("outcome", outcome) }
    visitor.field("async", isAsync)
    visitor.field("node_called", nodeCalled)
    if nodesPassed > 0 { visitor.field("nodes_passed", Int(nodesPassed)) }
    visitor.field("error", error)
  }
}

/// `executor.request.exception`: the request ended because something threw.
public struct RequestException: Sendable {
  /// The request that this belongs to.
  public var request: RequestContext
  /// How long it took, in microseconds.
  public var durationUs: Int64
  /// What was thrown.
  public var failure: Failure
  /// How the request is counted, where that is not `exception`.
  public var outcome: RequestOutcome?

  /// - Parameter outcome: how the request is counted; nil for `exception`.
  public init(
    request: RequestContext, durationUs: Int64, failure: Failure, outcome: RequestOutcome? = nil
  ) {
    self.outcome = outcome
    self.request = request
    self.durationUs = durationUs
    self.failure = failure
  }
}

/// What went wrong in an exception event; its texts are cut to `TextLimit.text` bytes.
public struct Failure: Sendable, Hashable {
  /// `error` or `timeout`.
  public var kind: ByteText
  /// What was thrown or what was too late, for operators.
  public var reason: ByteText
  /// Where it was thrown, as far as known; Swift errors carry no stack, so this is usually empty.
  public var stacktrace: ByteText
  /// The node on which a hook ran that failed; nil for one of the gateway itself, and for all else.
  public var node: ByteText?

  public init(kind: ByteText = "error", reason: ByteText, stacktrace: ByteText = "", node: ByteText? = nil) {
    self.node = node
    self.kind = kind
    self.reason = reason.cut(bytes: TextLimit.text)
    self.stacktrace = stacktrace.cut(bytes: TextLimit.text)
  }
}

extension Failure {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("kind", kind)
    visitor.field("reason", reason)
    visitor.field("stacktrace", stacktrace)
    if let node { visitor.field("node", node) }
  }
}

/// `executor.retry`: attempt number `attempt` is about to run.
public struct RetryAttempt: Sendable {
  /// The request that this belongs to.
  public var request: RequestContext
  /// 1 for the first retry, counting up.
  public var attempt: Int
  /// How long the gateway waited before this attempt.
  public var backoffMs: Int64
  /// `same_node` or `all_nodes`.
  public var mode: ByteText
  /// The nodes that will be tried; nil for a local function.
  public var nodes: [ByteText]?

  public init(request: RequestContext, attempt: Int, backoffMs: Int64, mode: ByteText, nodes: [ByteText]?) {
    self.request = request
    self.attempt = attempt
    self.backoffMs = backoffMs
    self.mode = mode
    self.nodes = nodes
  }
}

/// `executor.retry.exhausted`: every configured retry failed.
public struct RetryExhausted: Sendable {
  /// The request that this belongs to.
  public var request: RequestContext
  /// The setting as configured: `all_nodes 3`.
  public var mode: ByteText
  /// What the last attempt failed with.
  public var lastError: ByteText

  public init(request: RequestContext, mode: ByteText, lastError: ByteText) {
    self.request = request
    self.mode = mode
    self.lastError = lastError.cut(bytes: TextLimit.text)
  }
}

import GenAPIValue

/// Calls functions on other nodes: in memory for tests and demos, over a network otherwise.
///
/// A caller of your own need not keep the timeouts that it is given: a gateway waits no longer than they are, and takes what comes later for
/// nothing. What it waited for goes on, cancelled, until it returns.
public protocol RemoteCaller: Sendable {
  /// Whether there are other nodes at all.
  var reachesNodes: Bool { get }

  /// Whether each call ends by itself when its timeout is over, or its task is cancelled; false unless you say so, and then the gateway sees
  /// to it, but for calls without a timeout, which end when the caller ends them.
  var keepsTimeouts: Bool { get }

  /// Calls a function on a node and waits for its answer.
  ///
  /// - Parameter timeout: nil waits as long as it takes.
  /// - Throws: when there is no answer: see `RemoteCallError`.
  func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> FunctionResult

  /// The same for who asks another node when this one cannot be reached, and needs time left for that.
  ///
  /// - Parameter connecting: how much of the timeout connecting to the node may take.
  func call(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> FunctionResult

  /// Asks a permission callback on a node whether a request may pass: true only when it answered exactly true.
  ///
  /// - Throws: when there is no answer: see `RemoteCallError`.
  func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> Bool

  /// The same for who asks another node when this one cannot be reached.
  ///
  /// - Parameter connecting: how much of the timeout connecting to the node may take.
  func allows(
    _ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Bool

  /// Asks a before hook on a node what becomes of a request, which it may change, and its config too.
  ///
  /// - Throws: when there is no answer: see `RemoteCallError`.
  func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult

  /// The same for who asks another node when this one cannot be reached.
  ///
  /// - Parameter connecting: how much of the timeout connecting to the node may take.
  func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult

  /// Shows an after hook on a node the response to a request.
  ///
  /// - Returns: the response to send.
  /// - Throws: when there is no answer: see `RemoteCallError`.
  func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?
  ) async throws(RemoteCallError) -> Response

  /// The same for who asks another node when this one cannot be reached.
  ///
  /// - Parameter connecting: how much of the timeout connecting to the node may take.
  func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Response

  /// Tells of nodes that come and go; the first calls tell of those known already. One that is down may be told again, with
  /// why it cannot be reached now. Called from any thread.
  func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void)
}

extension RemoteCaller {
  public var reachesNodes: Bool { true }

  public var keepsTimeouts: Bool { false }

  public func call(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> FunctionResult {
    try await self.call(reference, call, on: node, timeout: timeout)
  }

  public func allows(
    _ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Bool {
    try await allows(callback, request, on: node, timeout: timeout)
  }

  public func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult {
    throw .raised("no before hook is registered as \(hook.name)")
  }

  public func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?
  ) async throws(RemoteCallError) -> Response {
    throw .raised("no after hook is registered as \(hook.name)")
  }

  public func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult {
    try await before(hook, request, config, on: node, timeout: timeout)
  }

  public func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Response {
    try await after(hook, request, config, response, on: node, timeout: timeout)
  }
}

/// Why a call to a node got no answer.
public enum RemoteCallError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The node could not be reached: the function did not run.
  case unreachable(ByteText)
  /// No answer in time: the function may have run.
  case timeout(Duration)
  /// The connection ended before the answer came: the function may have run.
  case lost(ByteText)
  /// The function threw.
  case raised(ByteText)
  /// The caller gave it up.
  case cancelled

  public var description: String {
    switch self {
    case .unreachable(let reason): "unreachable: \(reason)"
    case .timeout(let time): "no answer within \(time.wholeMilliseconds) ms"
    case .lost(let reason), .raised(let reason): reason.string
    case .cancelled: "cancelled"
    }
  }
}

extension RemoteCallError {
  /// Why, without the kind of it.
  var reason: ByteText {
    switch self {
    case .unreachable(let reason), .lost(let reason), .raised(let reason): reason
    case .timeout, .cancelled: ByteText(description)
    }
  }
}

/// A node came or went, or cannot be reached for another reason than was told.
public struct NodeChange: Sendable, Equatable {
  /// The node's name.
  public var node: ByteText
  /// Whether it came or went.
  public var isUp: Bool
  /// Why it went; nil when nobody knows.
  public var reason: ByteText?

  public init(node: ByteText, isUp: Bool, reason: ByteText? = nil) {
    self.node = node
    self.isUp = isUp
    self.reason = reason
  }
}

/// A gateway without a cluster: every node is unreachable.
public struct NoCluster: RemoteCaller {
  public init() {}

  public var reachesNodes: Bool { false }

  public var keepsTimeouts: Bool { true }

  public func call(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?
  )
    async throws(RemoteCallError) -> FunctionResult
  { throw .unreachable("this gateway is not part of a cluster") }

  public func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> Bool
  { throw .unreachable("this gateway is not part of a cluster") }

  public func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
}

import GenAPIValue

/// Keeps the time of a program's own caller, which may keep none: who waits for its answer waits no longer than the timeout, nor than
/// its own cancellation. A call without a timeout ends when the caller ends it.
///
/// Hooks are under the time of their own already, which the gateway keeps.
struct TimedCaller: RemoteCaller {
  let caller: any RemoteCaller
  let clock: any GatewayClock

  /// The caller itself where it keeps the time.
  static func keepingTime(of caller: any RemoteCaller, on clock: any GatewayClock) -> any RemoteCaller {
    caller.keepsTimeouts ? caller : TimedCaller(caller: caller, clock: clock)
  }

  var reachesNodes: Bool { caller.reachesNodes }
  var keepsTimeouts: Bool { true }

  func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> FunctionResult
  {
    try await within(timeout) { [caller] () throws(RemoteCallError) in
      try await caller.call(reference, call, on: node, timeout: timeout)
    }
  }

  func call(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> FunctionResult {
    try await within(timeout) { [caller] () throws(RemoteCallError) in
      try await caller.call(reference, call, on: node, timeout: timeout, connectingWithin: connecting)
    }
  }

  func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> Bool
  {
    try await within(timeout) { [caller] () throws(RemoteCallError) in
      try await caller.allows(callback, request, on: node, timeout: timeout)
    }
  }

  func allows(
    _ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Bool {
    try await within(timeout) { [caller] () throws(RemoteCallError) in
      try await caller.allows(callback, request, on: node, timeout: timeout, connectingWithin: connecting)
    }
  }

  func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult {
    try await caller.before(hook, request, config, on: node, timeout: timeout)
  }

  func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult {
    try await caller.before(
      hook, request, config, on: node, timeout: timeout, connectingWithin: connecting)
  }

  func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?
  ) async throws(RemoteCallError) -> Response {
    try await caller.after(hook, request, config, response, on: node, timeout: timeout)
  }

  func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Response {
    try await caller.after(
      hook, request, config, response, on: node, timeout: timeout, connectingWithin: connecting)
  }

  func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) { caller.watch(watcher) }

  private func within<Answer: Sendable>(
    _ timeout: Duration?, _ ask: @escaping @Sendable () async throws(RemoteCallError) -> Answer
  ) async throws(RemoteCallError) -> Answer {
    do {
      // Not on the threads of functions: a caller waits, and a function that blocks must not hold it up.
      return try await withDeadline(
        milliseconds: timeout.map(\.wholeMilliseconds), on: clock, threads: globalConcurrentExecutor
      ) { try await ask() }
    } catch let error as RemoteCallError {
      throw error
    } catch is DeadlineExceeded {
      throw .timeout(timeout ?? .zero)
    } catch {
      throw .cancelled
    }
  }
}

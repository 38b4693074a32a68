import GenAPIValue
import Locking

/// Service nodes in this process: each a registry of functions under a name, which can go down and come back.
public final class InMemoryCluster: RemoteCaller {
  private struct State {
    var nodes: [ByteText: Node] = [:]
    var watchers: [@Sendable (NodeChange) -> Void] = []
  }

  private struct Node {
    var registry: FunctionRegistry
    var isUp = true
  }

  private let clock: any GatewayClock
  private let state = Mutex(State())
  private let announcements = OrderedSteps()

  public var keepsTimeouts: Bool { true }

  /// Makes a cluster without nodes.
  public init(clock: any GatewayClock) { self.clock = clock }

  /// Adds a node, or gives a known one other functions.
  public func add(_ name: ByteText, _ registry: FunctionRegistry) {
    state.withLock { state in
      state.nodes[name] = Node(registry: registry)
      announce(NodeChange(node: name, isUp: true), to: state.watchers)
    }
    announcements.run()
  }

  /// Calls to a node that is down are refused at once, as by a closed port.
  public func setUp(_ name: ByteText, _ isUp: Bool, reason: ByteText? = nil) {
    state.withLock { state in
      guard let node = state.nodes[name], node.isUp != isUp else { return }
      state.nodes[name]?.isUp = isUp
      announce(NodeChange(node: name, isUp: isUp, reason: reason), to: state.watchers)
    }
    announcements.run()
  }

  public func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {
    state.withLock { state in
      state.watchers.append(watcher)
      for (name, node) in state.nodes { announce(NodeChange(node: name, isUp: node.isUp), to: [watcher]) }
    }
    announcements.run()
  }

  private func announce(_ change: NodeChange, to watchers: [@Sendable (NodeChange) -> Void]) {
    announcements.add { for watcher in watchers { watcher(change) } }
  }

  public func call(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?
  )
    async throws(RemoteCallError) -> FunctionResult
  {
    let registry = try registry(of: node)
    guard let function = registry.function(reference) else {
      throw .raised("\(reference.name) is not defined on \(node)")
    }
    return try await answer(within: timeout) {
      do {
        let result = try await function(call)
        guard let encoder = call.resultEncoder, call.stream == nil else { return result }
        return try await registry.encoded(result, by: encoder)
      } catch {
        if let error = FunctionError(thrown: error) { return .error(error) }
        throw error
      }
    }
  }

  public func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> Bool
  {
    guard let function = try registry(of: node).permission(callback) else {
      throw .raised("\(callback.name) is not defined on \(node)")
    }
    return try await answer(within: timeout) { try await function(request, callback.arguments) }
  }

  public func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult {
    guard let function = try registry(of: node).beforeHook(hook) else {
      throw .raised("\(hook.name) is not defined on \(node)")
    }
    return try await answer(within: timeout) { try await function(request, config, hook.arguments) }
  }

  public func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?
  ) async throws(RemoteCallError) -> Response {
    guard let function = try registry(of: node).afterHook(hook) else {
      throw .raised("\(hook.name) is not defined on \(node)")
    }
    return try await answer(within: timeout) {
      try await function(request, config, response, hook.arguments)
    }
  }

  private func registry(of node: ByteText) throws(RemoteCallError) -> FunctionRegistry {
    guard let known = state.withLock({ $0.nodes[node] }) else { throw .unreachable("no node \(node)") }
    guard known.isUp else { throw .unreachable("nodedown") }
    return known.registry
  }

  private func answer<Answer: Sendable>(
    within timeout: Duration?, _ body: @escaping @Sendable () async throws -> Answer
  ) async throws(RemoteCallError) -> Answer {
    do {
      return try await withDeadline(timeout, on: clock) { try await OwnTimeout.marking(body) }
    } catch let error as DeadlineExceeded {
      throw .timeout(error.limit)
    } catch {
      if error.isOfCancelledTask { throw .cancelled }
      throw .raised("\(error)")
    }
  }
}

import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Answers the calls of a service node's endpoints, as a gateway or any node of the cluster makes them.
final class ServiceCalls: Sendable {
  private struct Target: Sendable {
    var config: FunctionConfig
    var function: FunctionRegistry.Function
    /// It blocks its thread, and has one of its own.
    var isBlocking: Bool

    /// How many arguments a client's request gives.
    var count: Int { config.argumentOrder == .map ? 1 : config.arguments.count }
  }

  let streams: ServiceStreams
  private let targets: [FunctionReference: Target]
  private let permissions: [FunctionReference: FunctionRegistry.PermissionCallback]
  private let offload: Offload

  init(node: LocalNode, registry: FunctionRegistry, configs: [FunctionConfig], offload: Offload) {
    streams = ServiceStreams(node: node)
    self.offload = offload
    var targets: [FunctionReference: Target] = [:]
    var permissions: [FunctionReference: FunctionRegistry.PermissionCallback] = [:]
    for config in configs {
      targets[config.function] = registry.function(config.function).map {
        Target(config: config, function: $0, isBlocking: registry.isBlocking(config.function.name))
      }
      if let callback = config.permissionCallback {
        permissions[callback] = registry.permission(callback)
      }
    }
    self.targets = targets
    self.permissions = permissions
  }

  /// nil when there is no such function.
  func answer(_ module: ByteText, _ function: ByteText, _ arguments: [Term]) async throws -> Term? {
    let module = module.dropping(prefix: "Elixir.") ?? module
    let name = FunctionReference(module, function)
    if let permission = permissions[name] {
      guard let request = ServiceRequest.request(arguments.first) else { return .atom("false") }
      let isAllowed = try await withTaskExecutorPreference(WorkThreads.functions) {
        try await permission(request, [])
      }
      return .atom(isAllowed ? "true" : "false")
    }
    guard let target = targets[name] else { return nil }
    var arguments = arguments
    var info: TermMap?
    // A gateway adds the request info; other nodes of the cluster may give the arguments alone.
    if arguments.count == target.count + 1, let map = arguments.last?.map, map[atom: "request_id"] != nil {
      info = map
      arguments.removeLast()
    }
    let call = FunctionCall(
      arguments: arguments.map(TermValue.value),
      request: info.map { ServiceRequest.request(info: $0, target.config) })
    let readsErrors = FunctionErrorTerm.isRead(by: info)
    let body = self.body(of: target)
    guard target.config.responseType == .stream else {
      switch try await body(call) {
      case .ok(let value): return .tuple([.atom("ok"), TermValue.term(value)])
      case .error(let error):
        return .tuple([.atom("error"), FunctionErrorTerm.reason(error, isRead: readsErrors)])
      }
    }
    guard case .pid(let listener)? = info?[atom: "stream_pid"] else {
      return Self.error("\(name) streams, and was called without a stream_pid")
    }
    guard streams.start(call, body, to: listener, readsErrors: readsErrors) else {
      return Self.error("\(ServiceStreams.mostStreams) streams run already")
    }
    return .tuple([.atom("ok"), .atom("started")])
  }

  /// The function in the context of whatever caused its request, on threads that it may block: the node answers other
  /// calls meanwhile.
  private func body(of target: Target) -> FunctionRegistry.Function {
    { [offload] call in
      let permit = target.isBlocking ? offload.enter() : nil
      if target.isBlocking, permit == nil {
        return .error(
          FunctionError("all threads for blocking functions are busy, and so is the queue for them"))
      }
      defer { withExtendedLifetime(permit) {} }
      let scope = call.request?.trace?.scope
      return try await withTaskExecutorPreference(target.isBlocking ? offload.threads : .functions) {
        do {
          guard let scope else { return try await target.function(call) }
          return try await scope.run { try await target.function(call) }
        } catch {
          // A crash is told as one, and a "no" as that.
          guard let error = FunctionError(thrown: error) else { throw error }
          return .error(error)
        }
      }
    }
  }

  private static func error(_ reason: ByteText) -> Term { .tuple([.atom("error"), .text(reason)]) }
}

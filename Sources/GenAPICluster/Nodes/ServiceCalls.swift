import ErlangNode
import GenAPIGateway
import GenAPIValue

/// Answers the calls of a service node's endpoints, as a gateway or any node of the cluster makes them.
final class ServiceCalls: Sendable {
  private struct Target: Sendable {
    var config: FunctionConfig
    var function: FunctionRegistry.Function

    /// How many arguments a client's request gives.
    var count: Int { config.argumentOrder == .map ? 1 : config.arguments.count }
  }

  let streams: ServiceStreams
  private let targets: [ByteText: Target]
  private let permissions: [ByteText: FunctionRegistry.PermissionCallback]

  init(node: LocalNode, registry: FunctionRegistry, configs: [FunctionConfig]) {
    streams = ServiceStreams(node: node)
    var targets: [ByteText: Target] = [:]
    var permissions: [ByteText: FunctionRegistry.PermissionCallback] = [:]
    for config in configs {
      targets[config.function.name] = registry.function(config.function).map {
        Target(config: config, function: $0)
      }
      if let callback = config.permissionCallback {
        permissions[callback.name] = registry.permission(callback)
      }
    }
    self.targets = targets
    self.permissions = permissions
  }

  /// nil when there is no such function.
  func answer(_ module: ByteText, _ function: ByteText, _ arguments: [Term]) async throws -> Term? {
    let module = module.dropping(prefix: "Elixir.") ?? module
    let name: ByteText = "\(module).\(function)"
    if let permission = permissions[name] {
      guard let request = ServiceRequest.request(arguments.first) else { return .atom("false") }
      return .atom(try await permission(request, []) ? "true" : "false")
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
    guard target.config.responseType == .stream else {
      switch try await target.function(call) {
      case .ok(let value): return .tuple([.atom("ok"), TermValue.term(value)])
      case .error(let error): return Self.error(error.reason)
      }
    }
    guard case .pid(let listener)? = info?[atom: "stream_pid"] else {
      return Self.error("\(name) streams, and was called without a stream_pid")
    }
    guard streams.start(call, target.function, to: listener) else {
      return Self.error("\(ServiceStreams.mostStreams) streams run already")
    }
    return .tuple([.atom("ok"), .atom("started")])
  }

  private static func error(_ reason: ByteText) -> Term { .tuple([.atom("error"), .text(reason)]) }
}

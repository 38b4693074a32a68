import ErlangNode
import GenAPIGateway
import GenAPIValue
import Logging
import ServiceLifecycle

/// A Swift program as a service of a cluster: its endpoints run here, gateways call them as they call Elixir services.
///
/// ```swift
/// let service = try ServiceNode(
///   LocalNodeConfiguration(name: "users@127.0.0.1", cookie: .fromHome()), endpoints, version: "1.0.0",
///   gateways: ["gateway@127.0.0.1"])
/// try await service.run()
/// ```
///
/// Endpoints may stream, ask for the request, and have a permission callback, which gateways ask here. Hooks run in the
/// gateway, so an endpoint with one is refused.
public final class ServiceNode: Service, Sendable {
  /// This program's node.
  public let node: LocalNode
  /// The functions that it serves.
  public let endpoints: ServiceEndpoints
  /// The version of its configs, which it pushes.
  public let version: ByteText
  private let registry = FunctionRegistry()
  private let configs: [FunctionConfig]
  private let calls: ServiceCalls
  private let gateways: [ByteText]
  /// All nodes that offer the service.
  private let nodes: [ByteText]
  private let token: ByteText?
  private let verifySeconds: Int64

  /// Where a gateway that pulls finds the configs: `GenAPI.Service.get_config()` and `get_version()`.
  public static let module = "Elixir.GenAPI.Service"

  /// - Parameters:
  ///   - version: of the configs; another one makes gateways take them anew.
  ///   - alsoOn: other nodes that offer the same service, by name: gateways choose among all of them.
  ///   - gateways: that the configs are pushed to, and pushed again when they have forgotten them.
  ///   - token: the gateways' push token.
  ///   - verifySeconds: how often they are asked.
  /// - Throws: `ServiceNodeError`.
  public init(
    _ configuration: LocalNodeConfiguration, _ endpoints: ServiceEndpoints, version: ByteText,
    alsoOn: [ByteText] = [], gateways: [ByteText] = [],
    token: ByteText? = nil, verifySeconds: Int64 = 30
  ) throws(ServiceNodeError) {
    do throws(LocalNodeError) {
      node = try LocalNode(configuration)
    } catch {
      throw .node(error)
    }
    self.endpoints = endpoints
    self.version = version
    self.gateways = gateways
    let nodes = [configuration.name] + alsoOn.filter { $0 != configuration.name }
    self.nodes = nodes
    self.token = token
    self.verifySeconds = max(1, verifySeconds)
    var configs: [FunctionConfig] = []
    for endpoint in endpoints.endpoints {
      var config = registry.register(endpoint, service: endpoints.service, nodes: .list(nodes))
      guard config.beforeExecute == nil, config.afterExecute == nil else {
        throw .hook(requestType: config.requestType)
      }
      // Tells functions who asks, and streams where their parts go.
      config.passesRequestInfo = true
      configs.append(config)
    }
    self.configs = configs
    let calls = ServiceCalls(node: node, registry: registry, configs: configs)
    self.calls = calls
    node.registerFallback { try await calls.answer($0, $1, $2) }
    let terms = configs.map { TermValue.term($0.value) }
    node.register(ByteText(Self.module), "get_config") { _ in .tuple([.atom("ok"), .list(terms)]) }
    node.register(ByteText(Self.module), "get_version") { _ in .text(version) }
  }

  /// Streams of its endpoints that run now; at most 10 000.
  public var runningStreams: Int { calls.streams.running }

  /// Takes part, and keeps the gateways informed, until graceful shutdown or cancellation.
  public func run() async throws {
    try await node.start()
    await cancelWhenGracefulShutdown { [self] in
      await withDiscardingTaskGroup { group in
        for gateway in gateways { group.addTask { await self.inform(gateway) } }
        if gateways.isEmpty { group.addTask { try? await gracefulShutdown() } }
      }
    }
    await node.stop()
  }

  private func inform(_ gateway: ByteText) async {
    var wait: Int64 = 1
    while !Task.isCancelled {
      do {
        let answer = try await node.call(
          gateway, "Elixir.PhoenixGenApi.ConfigReceiver", "verify",
          [.text(endpoints.service), .text(version)])
        if answer != .tuple([.atom("ok"), .atom("matched")]) { try await push(to: gateway) }
        wait = verifySeconds
      } catch {
        node.configuration.logger.warning(
          "a gateway is not informed", metadata: ["gateway": "\(gateway)", "reason": "\(error)"])
        wait = min(wait * 2, verifySeconds)
      }
      try? await Task.sleep(for: .seconds(wait))
    }
  }

  /// Pushes the configs to a gateway.
  ///
  /// - Throws: `CallError`; also when the gateway refuses them, as `raised` with its reason.
  public func push(to gateway: ByteText) async throws(CallError) {
    var pairs: [(key: Term, value: Term)] = [
      (key: .atom("service"), value: .text(endpoints.service)),
      (key: .atom("nodes"), value: .list(nodes.map(Term.atom))),
      (key: .atom("config_version"), value: .text(version)),
      (key: .atom("fun_configs"), value: .list(configs.map { TermValue.term($0.value) })),
    ]
    if let token { pairs.append((key: .atom("push_token"), value: .text(token))) }
    let answer = try await node.call(
      gateway, "Elixir.PhoenixGenApi.ConfigReceiver", "push", [.map(TermMap(pairs)), .list([])])
    if answer.tupleElements?.first != .atom("ok") { throw .raised(answer, stack: nil) }
  }
}

import ErlangNode
import GenAPIGateway
import GenAPIValue
import Listening
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
/// Told to shut down, it takes no more calls: gateways hear that it cannot be reached, so each goes on with another node.
/// What runs is answered first, for `drainTimeout` at most; streams that still run then end with an error.
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
  private let verifyInterval: Duration
  private let drainTimeout: Duration

  /// Where a gateway that pulls finds the configs: `GenAPI.Service.get_config()` and `get_version()`.
  public static let module = "Elixir.GenAPI.Service"

  /// - Parameters:
  ///   - version: of the configs; another one makes gateways take them anew.
  ///   - alsoOn: other nodes that offer the same service, by name: gateways choose among all of them.
  ///   - gateways: that the configs are pushed to, and pushed again when they have forgotten them.
  ///   - token: the gateways' push token.
  ///   - verifyInterval: how often they are asked: 1 s … 24 h.
  ///   - drainTimeout: how long calls and streams may go on once it is told to shut down: 0 … 10 min.
  ///   - offload: the threads of endpoints that are `offloaded`.
  /// - Throws: `ServiceNodeError`.
  public init(
    _ configuration: LocalNodeConfiguration, _ endpoints: ServiceEndpoints, version: ByteText,
    alsoOn: [ByteText] = [], gateways: [ByteText] = [],
    token: ByteText? = nil, verifyInterval: Duration = .seconds(30), drainTimeout: Duration = .seconds(10),
    offload: OffloadConfiguration = OffloadConfiguration()
  ) throws(ServiceNodeError) {
    try Self.check(gateways: gateways + alsoOn, token, verifyInterval, drainTimeout)
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
    self.verifyInterval = verifyInterval
    self.drainTimeout = drainTimeout
    var configs: [FunctionConfig] = []
    var faults: [ByteText] = []
    for endpoint in endpoints.endpoints {
      var config = registry.register(endpoint, service: endpoints.service, nodes: .list(nodes))
      guard config.beforeExecute == nil, config.afterExecute == nil else {
        throw .hook(service: config.service, requestType: config.requestType)
      }
      if endpoint.declaresLimits {
        faults.append(
          "\(config.nameInFaults): a limit is counted by gateways, which do not learn of it: set it there, in rate_limiter.api_limits"
        )
      }
      // Tells functions who asks, and streams where their parts go.
      config.passesRequestInfo = true
      let found = config.endpointFaults(registry) + endpoint.ownFaults(config)
      faults += found.map { "\(config.nameInFaults): \($0)" }
      if configs.contains(where: { $0.function.name == config.function.name }) {
        faults.append("\(config.nameInFaults) is there twice")
      }
      configs.append(config)
    }
    guard faults.isEmpty else { throw .invalid(faults.map { ByteText($0.shown) }) }
    self.configs = configs
    let calls: ServiceCalls
    do throws(WorkerPoolError) {
      calls = ServiceCalls(node: node, registry: registry, configs: configs, offload: try Offload(offload))
    } catch {
      throw .invalid([ByteText(error.description)])
    }
    self.calls = calls
    node.registerFallback { try await calls.answer($0, $1, $2) }
    node.register(
      ByteText(Self.module), "get_config",
      withCaller: { [weak node, configs] _, caller in
        guard let node else { return .tuple([.atom("error"), .atom("noproc")]) }
        let form = await ElixirConfigTerm(for: caller.node, from: node)
        return .tuple([.atom("ok"), .list(configs.map { form.term(of: $0) })])
      })
    node.register(ByteText(Self.module), "get_version") { _ in .text(version) }
  }

  /// Streams of its endpoints that run now; at most 10 000.
  public var runningStreams: Int { calls.streams.running }

  private static func check(
    gateways: [ByteText], _ token: ByteText?, _ verifyInterval: Duration, _ drainTimeout: Duration
  ) throws(ServiceNodeError) {
    var faults: [ByteText] = []
    if let wrong = gateways.first(where: { NodeName($0) == nil }) {
      faults.append("\"\(wrong.cut(bytes: 64))\" is no node name; it must be name@host")
    }
    if token == "" { faults.append("the token must not be empty") }
    for (name, time, range) in [
      ("verifyInterval", verifyInterval, .seconds(1) ... .seconds(86_400)),
      ("drainTimeout", drainTimeout, .zero ... .seconds(600)),
    ] as [(String, Duration, ClosedRange<Duration>)] where !range.contains(time) {
      faults.append("\(name) must be \(range.shown); it is \(time.shown)")
    }
    guard faults.isEmpty else { throw .invalid(faults) }
  }

  /// Takes part, and keeps the gateways informed, until graceful shutdown or cancellation; then it drains.
  ///
  /// - Throws: `ListenerClosed` when no node can connect any more.
  public func run() async throws {
    try await node.start()
    let result = await withTaskGroup(of: Void.self) { group -> Result<Void, ListenerClosed> in
      for gateway in gateways { group.addTask { await self.inform(gateway) } }
      defer { group.cancelAll() }
      do throws(ListenerClosed) {
        try await node.serve()
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    await ListenerWatch.uncancelled {
      await self.drain()
      await self.node.stop()
    }
    try result.get()
  }

  private func drain() async {
    let logger = node.configuration.logger
    let start = ContinuousClock.now
    logger.notice(
      "the service node drains",
      metadata: [
        "calls": "\(node.callsServing)", "streams": "\(runningStreams)",
        "at_most_ms": "\(drainTimeout.wholeMilliseconds)",
      ])
    let hasEnded = await node.drain(timeout: drainTimeout)
    let left = max(.zero, drainTimeout - (ContinuousClock.now - start))
    let cut = await calls.streams.drain(timeoutMs: left.wholeMilliseconds)
    var metadata: Logger.Metadata = [:]
    if !hasEnded { metadata["calls_cut"] = "\(node.callsServing)" }
    if cut > 0 { metadata["streams_cut"] = "\(cut)" }
    logger.notice("the service node has drained", metadata: metadata)
  }

  private func inform(_ gateway: ByteText) async {
    var wait = Duration.seconds(1)
    while !Task.isCancelled {
      do {
        let answer = try await node.call(
          gateway, "Elixir.PhoenixGenApi.ConfigReceiver", "verify",
          [.text(endpoints.service), .text(version)])
        if answer != .tuple([.atom("ok"), .atom("matched")]) { try await push(to: gateway) }
        wait = verifyInterval
      } catch {
        node.configuration.logger.warning(
          "a gateway is not informed", metadata: ["gateway": "\(gateway)", "reason": "\(error)"])
        wait = min(wait * 2, verifyInterval)
      }
      try? await Task.sleep(for: wait)
    }
  }

  /// Pushes the configs to a gateway.
  ///
  /// - Throws: `CallError`; also when the gateway refuses them, as `raised` with its reason.
  public func push(to gateway: ByteText) async throws(CallError) {
    let form = await ElixirConfigTerm(for: gateway, from: node)
    let push = PushConfig(
      service: endpoints.service, nodes: nodes, configVersion: version, functions: configs)
    let answer = try await node.call(
      gateway, "Elixir.PhoenixGenApi.ConfigReceiver", "push",
      [form.term(of: push, token: token), .list([])])
    if answer.tupleElements?.first != .atom("ok") { throw .raised(answer, stack: nil) }
  }
}

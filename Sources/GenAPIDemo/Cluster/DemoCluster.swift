import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Logging
import ServiceLifecycle

/// Three real gateways in this process, with service nodes, clients and faults, each exporting its telemetry
/// over TCP like any other gateway.
public actor DemoCluster: Service {
  private struct Member {
    let gateway: Gateway
    let exporter: StreamExporter
  }

  private let configuration: DemoConfiguration
  private let logger: Logger
  private var members: [Member] = []
  private var work: Task<Void, Never>?

  public init(
    configuration: DemoConfiguration = DemoConfiguration(), logger: Logger = Logger(label: "genapi.demo")
  ) {
    self.configuration = configuration
    self.logger = logger
  }

  /// Starts everything.
  ///
  /// - Returns: where the gateways' streams listen, as `host:port`.
  /// - Throws: `StreamExporterError` when a port cannot be had; nothing runs then.
  @discardableResult
  public func start() async throws -> [ByteText] {
    let faults = ServiceFaultLog()
    let clock = SystemTime()
    let nodes = InMemoryCluster(clock: clock)
    serviceNodes(nodes, faults)
    var addresses: [ByteText] = []
    do {
      for index in 0..<3 {
        let member = try member(index, nodes, clock)
        members.append(member)
        try await member.exporter.start()
        addresses.append("\(configuration.host):\(member.exporter.boundAddress?.port ?? 0)")
      }
    } catch {
      await stop()
      throw error
    }
    let gateways = members.map(\.gateway)
    for gateway in gateways {
      DemoHooks.register(on: gateway.functions, faults: faults)
      _ = try? gateway.configs.batchAdd(ChatService.configs)
    }
    let clients = (0..<36).map { index in
      DemoClient(
        userID: "u_\(index)", roles: index % 9 == 0 ? ["admin"] : ["user"], gateway: gateways[index % 3])
    }
    for client in clients { client.connect() }
    let director = DemoDirector(gateways: gateways, nodes: nodes, faults: faults, clients: clients)
    let traffic = DemoTraffic(clients: clients, load: configuration.load)
    work = Task {
      await withDiscardingTaskGroup { group in
        for gateway in gateways { group.addTask { try? await gateway.run() } }
        group.addTask { await director.run() }
        group.addTask { await traffic.run() }
      }
    }
    return addresses
  }

  /// Stops the load, then the gateways; subscribers are told.
  public func stop() async {
    work?.cancel()
    for member in members { await member.exporter.stop(reason: "the demo ends") }
    await work?.value
    work = nil
    members = []
  }

  /// Starts, runs until graceful shutdown or cancellation, and stops.
  public func run() async throws {
    let addresses = try await start()
    logger.notice("the demo cluster runs", metadata: ["streams": "\(addresses.joined(separator: " "))"])
    try? await gracefulShutdown()
    await stop()
  }

  private func member(_ index: Int, _ nodes: InMemoryCluster, _ clock: SystemTime) throws -> Member {
    var settings = GatewayConfiguration(node: "gw\(index + 1)")
    settings.logger = logger
    settings.rateLimiter.cleanupInterval = .seconds(3)
    settings.rateLimiter.globalLimits = [
      .global(key: "user_id", maxRequests: 400, window: .seconds(10)),
      .global(key: "device_id", maxRequests: 5_000, window: .seconds(60)),
    ]
    settings.rateLimiter.apiLimits = [
      .api(
        service: BillingService.name, requestType: "export_report", key: "user_id", maxRequests: 12,
        window: .seconds(10)),
      .api(
        service: UserService.name, requestType: "get_user", key: "user_id", maxRequests: 100,
        window: .seconds(5)),
    ]
    settings.asyncPool = WorkerPoolConfiguration(
      workers: 24, queueLimit: 64, taskTimeout: .seconds(5), workerThreshold: 3, poolThreshold: 8,
      cooldown: .milliseconds(2_500))
    settings.streamPool = WorkerPoolConfiguration(
      workers: 16, queueLimit: 32, taskTimeout: .seconds(30), workerThreshold: 3, poolThreshold: 8,
      cooldown: .seconds(5))
    settings.pull.services = [UserService.source, MediaService.source]
    settings.pull.interval = .seconds(3)
    settings.pull.firstAfter = .seconds(1)
    let gateway = try Gateway(configuration: settings, remote: nodes, clock: clock)
    var stream = StreamExporterConfiguration()
    stream.addresses = [
      .tcp(
        host: configuration.host, port: configuration.firstPort == 0 ? 0 : configuration.firstPort + index)
    ]
    let exporter = StreamExporter(configuration: stream, bus: gateway.bus, source: gateway, logger: logger)
    return Member(gateway: gateway, exporter: exporter)
  }

  private func serviceNodes(_ nodes: InMemoryCluster, _ faults: ServiceFaultLog) {
    func add(_ names: [ByteText], _ register: (FunctionRegistry) -> Void) {
      for name in names {
        let registry = FunctionRegistry()
        register(registry)
        nodes.add(name, registry)
      }
    }
    add(UserService.nodes) { UserService.register(on: $0, faults: faults) }
    add(OrderService.nodes) { OrderService.register(on: $0, faults: faults) }
    add(BillingService.nodes) { BillingService.register(on: $0) }
    add([MediaService.node]) { MediaService.register(on: $0) }
    nodes.setUp(MediaService.node, false, reason: "not started yet")
  }
}

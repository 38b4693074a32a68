import GenAPITelemetry
import GenAPITesting
import GenAPIValue

@testable import GenAPIGateway

/// A gateway in virtual time with two service nodes, whose every event is kept.
final class GatewayFixture: Sendable {
  let clock = VirtualClock()
  let cluster: InMemoryCluster
  let nodes = ["a@test": FunctionRegistry(), "b@test": FunctionRegistry()]
  let gateway: Gateway
  private let recorded: RecordedEvents

  init(_ change: (inout GatewayConfiguration) -> Void = { _ in }) throws {
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.logger.logLevel = .critical
    change(&configuration)
    cluster = InMemoryCluster(clock: clock)
    let bus = TelemetryBus(node: "gw@test", time: clock)
    recorded = try RecordedEvents(bus)
    for (name, registry) in nodes { cluster.add(ByteText(name), registry) }
    gateway = try Gateway(configuration: configuration, remote: cluster, clock: clock, bus: bus)
  }

  /// What was emitted since the last call.
  func events() -> [TelemetryEvent] { recorded.take() }

  func names() -> [ByteText] { events().map(\.name.shortName) }

  /// Registers a local function, with a config that calls it.
  func add(
    _ requestType: ByteText, _ change: (inout FunctionConfig) -> Void = { _ in },
    _ body: @escaping FunctionRegistry.Function
  ) throws {
    gateway.functions.register("Test.\(requestType)", body)
    var config = FunctionConfig(
      service: "test", requestType: requestType, function: FunctionReference("Test", requestType))
    change(&config)
    try gateway.configs.add(config)
  }

  /// The same for one that answers its arguments.
  func add(_ requestType: ByteText = "echo", _ change: (inout FunctionConfig) -> Void = { _ in }) throws {
    try add(requestType, change) { .ok(.array($0.arguments)) }
  }

  func request(_ requestType: ByteText = "echo", _ args: ValueObject = [:], version: ByteText? = nil)
    -> Request
  {
    Request(
      service: "test", requestType: requestType, requestID: "r1", args: args, userID: "u1", version: version)
  }

  /// Runs something that waits on the clock, moving time on whenever somebody sleeps.
  func advancing<Answer: Sendable>(
    by milliseconds: Int64 = 50, _ body: @escaping @Sendable () async -> Answer
  ) async -> Answer {
    let mover = Task {
      while !Task.isCancelled {
        if clock.sleeperCount > 0 { clock.advance(by: .milliseconds(milliseconds)) }
        // On a starved machine what runs meanwhile must not time out by a clock that runs away.
        try? await Task.sleep(for: .milliseconds(1))
      }
    }
    defer { mover.cancel() }
    return await body()
  }

  /// A client's connection that is known to the gateway.
  func connect(_ identity: ClientIdentity = ClientIdentity(userID: "u1")) -> TestConnection {
    gateway.connect(as: identity)
  }
}

extension TelemetryEvent {
  var stop: RequestStop? { if case .requestStop(let stop) = self { stop } else { nil } }
}

import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import Logging
import ServiceLifecycle
import Testing

@Suite("The README's sample")
struct ReadmeSampleTests {
  @Test("compiles, answers a call and exports what it did")
  func sample() async throws {
    var settings = GatewayConfiguration(node: "gw1")
    settings.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 2_000, windowMs: 60_000)]
    let gateway = try Gateway(configuration: settings)

    gateway.functions.register("Users.get") { call in .ok(["id": call.arguments[0], "name": "Alice"]) }
    try gateway.configs.add(
      FunctionConfig(
        service: "user_service", requestType: "get_user", function: FunctionReference("Users", "get"),
        arguments: ["user_id": ArgumentSpec(.string)], permission: .anyAuthenticated))
    try gateway.bus.attachExecutor("my-app") { event in _ = event.name.path }
    try gateway.bus.attach("metrics", MetricsAdapter())

    // A free port here; 127.0.0.1:4710 where none is named.
    var stream = StreamExporterConfiguration()
    stream.addresses = [.tcp(host: "127.0.0.1", port: 0)]
    let exporter = StreamExporter(configuration: stream, bus: gateway.bus, source: gateway)
    let group = ServiceGroup(services: [gateway, exporter], logger: Logger(label: "test"))
    let running = Task { try await group.run() }
    let response = await gateway.execute(
      Request(
        service: "user_service", requestType: "get_user", requestID: "1", args: ["user_id": "u_1"],
        userID: "u_1"))
    #expect(response?.result == ["id": "u_1", "name": "Alice"])
    #expect(gateway.currentState().totals.ok == 1)
    await group.triggerGracefulShutdown()
    try await running.value
  }
}

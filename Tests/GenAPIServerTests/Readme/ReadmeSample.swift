import GenAPI
import GenAPITokens

struct User: Codable, Sendable {
  let id: String
  let name: String
}

func makeGateway(_ users: [User]) throws -> Gateway {
  let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
  try gateway.register(
    ServiceEndpoints("user_service") {
      Endpoint("get_user", Argument("user_id", String.self)) { id in users.first { $0.id == id } }
        .permission(.anyAuthenticated)
      Endpoint(
        "search", Argument("text", String.self, maxBytes: 200),
        Argument("limit", Int.self, min: 1, max: 100, default: 20)
      ) {
        text, limit in Array(users.filter { $0.name.contains(text) }.prefix(limit))
      }
    })
  // Every event, for you, and for swift-metrics; there are adapters for swift-log and swift-distributed-tracing, too.
  try gateway.bus.attachExecutor("my-app") { event in print(event) }
  try gateway.bus.attach("metrics", MetricsAdapter())
  return gateway
}

func serve(
  _ gateway: Gateway, secret: ByteText,
  telemetry: StreamExporterConfiguration = StreamExporterConfiguration(),
  sockets: PhoenixServerConfiguration = PhoenixServerConfiguration(), logger: Logger = Logger(label: "my-app")
) async throws {
  // 127.0.0.1:4710 and 127.0.0.1:4700, unless the configurations say otherwise.
  let exporter = StreamExporter(configuration: telemetry, bus: gateway.bus, source: gateway)
  let server = try PhoenixServer(
    gateway: gateway, configuration: sockets, authenticator: JWTAuthenticator(secret: secret))
  // Ends in the opposite order: clients' requests are answered first, subscribers of the stream get their `bye` last. A part of your own
  // that may fail is a ServiceConfiguration with failureTerminationBehavior: .gracefullyShutdownGroup, or clients get no such end.
  try await ServiceGroup(
    services: [exporter, gateway, server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
  ).run()
}

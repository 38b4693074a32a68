import Foundation
import GenAPI
import GenAPITokens

/// A gateway in one file: functions in Swift, Phoenix Channels clients on port 4700, telemetry on 4710.
///
///     swift run user-gateway
///     genapi-gateway call user_service/get_user '{"user_id": "u_1"}'
///     genapi-top
@main
struct UserGateway {
  struct User: Codable, Sendable {
    var id: String
    var name: String
  }

  static func main() async {
    // An address that is taken ends it with a line, not as a crash.
    await runProgram(serve)
  }

  static func serve() async throws {
    let logger = Logger(label: "user-gateway")
    var configuration = GatewayConfiguration(node: "users@localhost")
    configuration.logger = logger
    configuration.rateLimiter.globalLimits = [
      .global(key: "ip_address", maxRequests: 1_000, window: .seconds(1))
    ]
    let gateway = try Gateway(configuration: configuration)
    try gateway.register(endpoints(UserStore()))

    let environment = ProcessInfo.processInfo.environment
    // A port of 0 lets the system choose.
    let ports = ["CHANNELS_PORT", "TELEMETRY_PORT"].map { environment[$0].flatMap { Int($0) } }
    var sockets = PhoenixServerConfiguration(port: ports[0] ?? 4_700)
    let authenticator: any Authenticator
    if let secret = environment["JWT_SECRET"] {
      authenticator = try JWTAuthenticator(secret: ByteText(secret))
    } else {
      // For a look at it: everybody is let in, as nobody.
      authenticator = AnonymousAuthenticator()
      sockets.channels.requiresVerifiedUserID = false
    }
    let server = try PhoenixServer(gateway: gateway, configuration: sockets, authenticator: authenticator)
    let exporter = StreamExporter(
      configuration: StreamExporterConfiguration(
        addresses: [.tcp(host: "127.0.0.1", port: ports[1] ?? 4_710)]), bus: gateway.bus, source: gateway)
    // At SIGTERM they end in the opposite order: clients are let go first, and subscribers see it.
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [exporter, gateway, server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  static func endpoints(_ users: UserStore) -> ServiceEndpoints {
    ServiceEndpoints("user_service") {
      Endpoint("get_user", Argument("user_id", String.self, maxBytes: 64)) { id in
        guard let user = await users.find(id) else {
          throw FunctionError("there is no such user", isFinal: true, isForClient: true)
        }
        return user
      }
      Endpoint(
        "rename", Argument("user_id", String.self, maxBytes: 64), Argument("name", String.self, maxBytes: 100)
      ) {
        id, name in await users.rename(id, name)
      }
      .permission(.argument("user_id"))
      Endpoint(streaming: "all") { stream in
        for user in await users.all {
          guard await stream.send(try ValueEncoder().encode(user)) else { return }
        }
      }
    }
  }
}

/// Stands for a database.
actor UserStore {
  private var users = [
    "u_1": UserGateway.User(id: "u_1", name: "Alice"), "u_2": UserGateway.User(id: "u_2", name: "Bob"),
  ]

  var all: [UserGateway.User] { users.values.sorted { $0.id < $1.id } }

  func find(_ id: String) -> UserGateway.User? { users[id] }

  func rename(_ id: String, _ name: String) -> UserGateway.User? {
    users[id]?.name = name
    return users[id]
  }
}

import GenAPIChannels
import GenAPIGateway
import GenAPIJWKS
import GenAPIStream
import GenAPITokens
import GenAPIValue
import Locking
import Logging
import ServiceLifecycle
import TestSigners
import Testing

@Suite("Samples of the pages: channels, authentication, shutting down")
struct ChannelSamples {
  private static func gateway() throws -> Gateway {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    try gateway.register(ServiceEndpoints("user_service") { Endpoint("ping") { "pong" } })
    return gateway
  }

  @Test("a server and its client")
  func serving() async throws {
    let gateway = try Self.gateway()
    // sample: a server
    var configuration = PhoenixServerConfiguration(port: 0)
    configuration.channels.topics = ["api:*"]
    configuration.channels.requiresVerifiedUserID = false  // everybody is let in, as nobody
    let server = try PhoenixServer(
      gateway: gateway, configuration: configuration, authenticator: AnonymousAuthenticator())
    try await server.start()
    // end
    let port = try #require(server.boundAddress?.port)
    let (answers, continuation) = AsyncStream.makeStream(of: PhoenixMessage.self)
    // sample: a client
    let client = try await PhoenixClient.connect(
      PhoenixClientConfiguration(port: port), onMessage: { continuation.yield($0) })
    client.send(
      PhoenixMessage(
        joinRef: "1", ref: "1", topic: "api:lobby", event: PhoenixEvent.join, payload: .json([:])))
    client.send(
      PhoenixMessage(
        joinRef: "1", ref: "2", topic: "api:lobby", event: "phoenix_gen_api",
        payload: .json(["service": "user_service", "request_type": "ping", "request_id": "req_1"])))
    // end
    var result: Value?
    for await message in answers {
      guard message.event == "phoenix_gen_api", case .json(let payload) = message.payload else { continue }
      result = payload["result"]
      break
    }
    #expect(result == "pong")
    // sample: the client's end
    await client.end()
    // end
    await server.stop()
  }

  @Test("authentication")
  func authentication() async throws {
    let secret: ByteText = "a secret of sixteen bytes or more"
    // sample: tokens
    var tokens = try JWTAuthenticator(secrets: [secret, "the next one, while both are in use"])
    tokens.issuer = "https://id.example.org/"
    tokens.claims.userID = "email"
    tokens.claims.roles = "groups"
    // end
    // sample: replacing
    let live = LiveAuthenticator(tokens)
    try live.replace(JWTAuthenticator(secret: "the next one, while both are in use"))
    // end
    // sample: one's own
    let custom = CustomAuthenticator { request in
      guard request.token == "let me in" else { throw AuthenticationRefused("the token is not known") }
      return ClientIdentity(userID: "u_1", roles: ["admin"])
    }
    // end
    let known = try await custom.authenticate(
      ConnectRequest(parameters: ["token": "let me in"], remoteAddress: "192.0.2.1"))
    #expect(known.userID == "u_1" && known.ipAddress == "192.0.2.1")
    await #expect(throws: AuthenticationRefused.self) {
      try await live.authenticate(ConnectRequest(parameters: ["token": "no token"], remoteAddress: nil))
    }
  }

  @Test("public keys")
  func keys() throws {
    let text = TestSigner.set(.rsa)
    // sample: public keys
    let keys = try WebKeySet(json: text)
    var authenticator = try JWTAuthenticator(keys: [keys])
    authenticator.issuer = "https://id.example.org/"
    authenticator.audience = "my-api"
    // end
    #expect(keys.algorithms == ["RS256"] && authenticator.audience == "my-api")
  }

  @Test("shutting down")
  func shuttingDown() async throws {
    let gateway = try Self.gateway()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    // sample: a service group
    var sockets = PhoenixServerConfiguration(port: 0)
    sockets.drainDelay = .milliseconds(10)  // what the balancer takes to notice
    sockets.drainSpread = .milliseconds(10)  // so that not all clients connect elsewhere at once
    sockets.drainTimeout = .seconds(10)  // what running requests are given
    sockets.channels.requiresVerifiedUserID = false
    let server = try PhoenixServer(
      gateway: gateway, configuration: sockets, authenticator: AnonymousAuthenticator())
    var streams = StreamExporterConfiguration()
    streams.addresses = [.tcp(host: "127.0.0.1", port: 0)]
    let exporter = StreamExporter(configuration: streams, bus: gateway.bus, source: gateway)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [exporter, gateway, server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    // end
    let running = Task { try await group.run() }
    while server.boundAddress == nil { await Task.yield() }
    await group.triggerGracefulShutdown()
    try await running.value
    #expect(server.boundAddress == nil)
  }
}

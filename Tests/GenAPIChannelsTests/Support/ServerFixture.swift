import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Logging
import NIOCore

@testable import GenAPIChannels

/// A gateway behind a server on a free port.
struct ServerFixture {
  let gateway: Gateway
  let server: PhoenixServer
  let port: Int
  /// Of the function `slowly`.
  let slowCalls: AtOnce

  /// Lets everybody in, as the user that the query names.
  static let userInQuery = CustomAuthenticator { request in
    guard let user = request.parameters["user"] else { return ClientIdentity() }
    return ClientIdentity(userID: user)
  }

  init(
    _ change: (inout PhoenixServerConfiguration) -> Void = { _ in },
    authenticator: any Authenticator = userInQuery, clock: any GatewayClock = SystemTime(),
    logger: Logger? = nil, group: (any EventLoopGroup)? = nil,
    gateway changeGateway: (inout GatewayConfiguration) -> Void = { _ in }
  ) async throws {
    var settings = GatewayConfiguration(node: "gw@test")
    settings.logger.logLevel = .critical
    changeGateway(&settings)
    gateway = try Gateway(configuration: settings, clock: clock)
    let slowCalls = AtOnce()
    self.slowCalls = slowCalls
    let demo = ServiceEndpoints("demo") {
      Endpoint("echo", Argument("message", String.self)) { $0 }
      Endpoint("add", Argument("a", Double.self), Argument("b", Double.self)) { $0 + $1 }
      Endpoint("later") { "done" }.asynchronous
      Endpoint("fail") { () async throws -> Int in throw FunctionError("why") }
      Endpoint(withRequest: "whoami", answer: { (request: Request) in request.userID ?? "nobody" })
      Endpoint(streaming: "parts", Argument("count", Int.self)) { stream, count in
        for part in 1...count { await stream.send(.int(Int64(part))) }
      }
      Endpoint("large", Argument("bytes", Int.self)) { String(repeating: "x", count: $0) }
      Endpoint("largeLater", Argument("bytes", Int.self)) { (bytes: Int) async throws -> String in
        try await Task.sleep(for: .milliseconds(200))
        return String(repeating: "x", count: bytes)
      }.asynchronous
      Endpoint(streaming: "tail") { stream in
        while !stream.isOver { try await Task.sleep(for: .milliseconds(5)) }
      }
      Endpoint("slowly", Argument("milliseconds", Int.self)) { (milliseconds: Int) async throws -> String in
        try await slowCalls.run { try await Task.sleep(for: .milliseconds(milliseconds)) }
        return "slow"
      }.asynchronous
      Endpoint("stuck") { () async throws -> Int in
        try await Task.sleep(for: .seconds(60))
        return 1
      }
    }
    // No test waits for a call's end by time, and the machine may be starved.
    try gateway.register(
      ServiceEndpoints("demo") { demo.endpoints.map { $0.timeout(.seconds(300)) } })
    try gateway.configs.add(
      FunctionConfig(
        service: "demo", requestType: "relay_msg", function: FunctionReference("Relay", "handle_relay"),
        arguments: ["group_id": ArgumentSpec(.string), "message": ArgumentSpec(.string)],
        argumentOrder: .names(["group_id", "message"])))
    for (type, function) in [("join_group", "join_group"), ("leave_group", "leave_group")] {
      try gateway.configs.add(
        FunctionConfig(
          service: "demo", requestType: ByteText(type),
          function: FunctionReference("Relay", ByteText(function)),
          arguments: ["group_id": ArgumentSpec(.string)]))
    }
    try gateway.configs.add(
      FunctionConfig(
        service: "demo", requestType: "create_group", function: FunctionReference("Relay", "create_group"),
        arguments: ["group_id": ArgumentSpec(.string), "type": ArgumentSpec(.string)],
        argumentOrder: .names(["group_id", "type"])))
    var configuration = PhoenixServerConfiguration(port: 0)
    configuration.channels.event = "api"
    configuration.channels.requiresVerifiedUserID = false
    // What a test leaves running is waited for no longer than that.
    configuration.drainTimeout = .milliseconds(300)
    change(&configuration)
    server = try PhoenixServer(
      gateway: gateway, configuration: configuration, authenticator: authenticator,
      logger: logger ?? settings.logger, group: group)
    try await server.start()
    port = server.boundAddress?.port ?? 0
  }

  func socket(user: String? = "u1", vsn: String? = "2.0.0") async throws -> TestSocket {
    try await TestSocket.connect(port: port, vsn: vsn, parameters: user.map { ["user": $0] } ?? [:])
  }

  /// Runs a test against a server that is stopped in the end.
  static func with(
    _ change: (inout PhoenixServerConfiguration) -> Void = { _ in },
    authenticator: any Authenticator = userInQuery, logger: Logger? = nil,
    _ body: (ServerFixture) async throws -> Void
  ) async throws {
    let fixture = try await ServerFixture(change, authenticator: authenticator, logger: logger)
    do {
      try await body(fixture)
    } catch {
      await fixture.server.stop()
      throw error
    }
    await fixture.server.stop()
  }

  static func request(_ type: String, _ args: ValueObject = [:], id: String = "1") -> Value {
    [
      "service": "demo", "request_type": .string(ByteText(type)), "request_id": .string(ByteText(id)),
      "args": .object(args),
    ]
  }
}

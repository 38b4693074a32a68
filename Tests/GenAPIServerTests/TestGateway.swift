@testable import GenAPIServer

/// A server with the built-in functions, for the time of one test.
enum TestGateway {
  static func with<Result>(_ body: (_ port: Int) async throws -> Result) async throws -> Result {
    let configuration = try ServerConfiguration(
      toml: """
        [auth]
        mode = "anonymous"
        [websocket]
        listen = "127.0.0.1:0"
        [telemetry]
        listen = ["127.0.0.1:0"]
        [[functions]]
        service = "s"
        request_type = "time"
        mfa = "Builtin.time"
        [[functions]]
        service = "s"
        request_type = "echo"
        mfa = "Builtin.echo"
        arg_types = { message = "string" }
        version = "2.0.0"
        [[functions]]
        service = "s"
        request_type = "later"
        mfa = "Builtin.slow"
        arg_types = { ms = "num" }
        response_type = "async"
        [[functions]]
        service = "s"
        request_type = "mute"
        mfa = "Builtin.time"
        response_type = "none"
        [[functions]]
        service = "s"
        request_type = "count"
        mfa = "Builtin.stream"
        arg_types = { count = "num", interval_ms = "num" }
        arg_orders = ["count", "interval_ms"]
        response_type = "stream"
        [[functions]]
        service = "s"
        request_type = "fail"
        mfa = "Builtin.fail"
        arg_types = { reason = "string" }
        """, file: "g.toml", environment: [:])
    let server = try GatewayServer(configuration, log: ServerLog(.critical))
    try await server.start()
    do {
      let result = try await body(server.channels.boundAddress?.port ?? 0)
      await stop(server)
      return result
    } catch {
      await stop(server)
      throw error
    }
  }

  private static func stop(_ server: GatewayServer) async {
    await server.channels.stop()
    await server.exporter.stop(reason: "test")
  }
}

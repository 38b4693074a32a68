import GenAPIGateway
import GenAPIValue
import Logging
import Testing

@testable import GenAPIServer

@Suite("Reading the configuration again")
struct ReloadTests {
  private static let base = """
    [auth]
    mode = "anonymous"
    [websocket]
    listen = "127.0.0.1:0"
    """

  private static func configuration(_ more: String) throws -> ServerConfiguration {
    try ServerConfiguration(toml: base + "\n" + more, file: "g.toml", environment: [:])
  }

  private static func function(_ type: String, timeout: Int = 5_000) -> String {
    "[[functions]]\nservice = \"s\"\nrequest_type = \"\(type)\"\nmfa = \"Builtin.time\"\ntimeout = \(timeout)\n"
  }

  @Test("functions, limits, level and error detail change at once; what needs a restart is named")
  func live() throws {
    let old = try Self.configuration(Self.function("kept") + Self.function("gone"))
    let level = LiveLogLevel(.critical)
    let server = try GatewayServer(old, logLevel: level)
    try server.gateway.configs.disable("s", "kept")
    let new = try Self.configuration(
      Self.function("kept", timeout: 1_000) + Self.function("new") + """
        [log]
        level = "critical"
        [gateway]
        detail_error = true
        [worker_pool]
        async_pool_size = 7
        [[rate_limiter.global_limits]]
        key = "user_id"
        max_requests = 5
        window_ms = 1000
        """)
    #expect(server.reload(new, over: old) == ["worker_pool.async_pool_size"])
    #expect(server.gateway.configs.allFunctions["s"]?.keys.sorted() == ["kept", "new"])
    // What an operator switched off stays off.
    #expect(throws: ConfigStoreError.disabled) { try server.gateway.configs.get("s", "kept") }
    #expect(server.gateway.showsErrorDetail)
    #expect(server.gateway.rateLimiter.configuration.globalLimits.count == 1)
  }

  @Test(
    "a function of the file that was deleted comes back; one that a service pushes stays when the file drops its own"
  )
  func ownFunctions() throws {
    let file = try Self.configuration(Self.function("kept") + Self.function("gone"))
    let server = try GatewayServer(file, logLevel: LiveLogLevel(.critical))
    let pushed = ["kept", "gone"].map {
      FunctionConfig(
        service: "s", requestType: $0, nodes: .list(["a@test"]), function: FunctionReference("S", "f"))
    }
    try server.gateway.receiver.push(
      PushConfig(service: "s", nodes: ["a@test"], configVersion: "1", functions: pushed))
    #expect(server.gateway.configs.configs().allSatisfy { $0.function.module == "Builtin" })
    server.gateway.configs.delete("s", "kept")
    let new = try Self.configuration(Self.function("kept"))
    server.reload(new, over: file)
    #expect(try server.gateway.configs.get("s", "kept").function.module == "Builtin")
    #expect(try server.gateway.configs.get("s", "gone").function.module == "S")
    // Nothing in the file has changed: what it says is in force all the same.
    server.gateway.configs.delete("s", "kept")
    server.reload(new, over: new)
    #expect(try server.gateway.configs.get("s", "kept").function.module == "Builtin")
  }

  @Test("a logger follows the level, whenever it was made")
  func level() {
    let level = LiveLogLevel(.error)
    let logger = level.logger(label: "test")
    #expect(logger.logLevel == .error)
    level.current = .debug
    #expect(logger.logLevel == .debug)
  }
}

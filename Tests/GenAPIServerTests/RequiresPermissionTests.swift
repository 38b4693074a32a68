import GenAPIGateway
import Testing

@testable import GenAPIServer

@Suite("gateway.requires_permission")
struct RequiresPermissionTests {
  private static let function = """
    [[functions]]
    service = "s"
    request_type = "t"
    mfa = "Builtin.time"

    """

  private func server(_ toml: String) throws -> GatewayServer {
    let configuration = try ServerConfiguration(
      toml: "auth.mode = \"anonymous\"\n" + toml, file: "gateway.toml", environment: [:])
    return try GatewayServer(configuration, log: ServerLog(.critical))
  }

  @Test("a file's function of which nothing says who may call is refused in words")
  func refused() throws {
    #expect {
      try server("gateway.requires_permission = true\n" + Self.function)
    } throws: { error in
      "\(error)".contains("check_permission must say who may call")
    }
    for stated in ["check_permission = false\n", "check_permission = \"any_authenticated\"\n"] {
      let server = try server("gateway.requires_permission = true\n" + Self.function + stated)
      #expect(server.gateway.configs.count > 0)
    }
  }

  @Test("it is off unless the file says otherwise, and what code registers then is held to it")
  func both() throws {
    #expect(try server(Self.function).gateway.configuration.requiresPermission == false)
    let strict = try server("gateway.requires_permission = true\n")
    #expect(strict.gateway.configuration.requiresPermission)
    #expect(throws: ConfigStoreError.self) {
      try strict.gateway.register(Endpoint("a") { 1 }, service: "svc")
    }
    try strict.gateway.register(Endpoint("a") { 1 }.permission(.open), service: "svc")
  }
}

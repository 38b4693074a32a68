import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Configs that name the function of an endpoint")
struct EndpointFunctionTests {
  private func gateway() throws -> Gateway {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("users") {
        Endpoint("delete", Argument("id", String.self)) { id in "deleted \(id)" }.permission(.role(["admin"]))
        Endpoint("delete", Argument("id", String.self)) { id in "deleted \(id)" }.version("2.0.0")
          .permission(.role(["admin"]))
        Endpoint("plain") { "plain" }
      })
    return gateway
  }

  private func config(
    _ service: ByteText, _ type: ByteText, _ function: FunctionReference, encoder: FunctionReference? = nil
  ) -> FunctionConfig {
    FunctionConfig(
      service: service, requestType: type, function: function, arguments: ["id": ArgumentSpec(.string)],
      permission: .open, resultEncoder: encoder)
  }

  @Test("are refused but for its own: nobody comes to it past its permission")
  func refused() async throws {
    let gateway = try gateway()
    let name = FunctionReference("Swift.users", "delete")
    for (service, type, function, encoder) in [
      ("other", "remove", name, nil), ("users", "remove", name, nil),
      ("other", "remove", FunctionReference("Swift", "users.delete"), nil),
      ("other", "remove", FunctionReference("Swift.users", "delete@2.0.0"), nil),
      ("users", "delete", FunctionReference("Swift.users", "delete@2.0.0"), nil),
      ("other", "remove", FunctionReference("Test", "f"), FunctionReference("Swift.users", "delete", ["u1"])),
    ] as [(ByteText, ByteText, FunctionReference, FunctionReference?)] {
      let config = config(service, type, function, encoder: encoder)
      let field = encoder == nil ? "mfa" : "result_encoder"
      let faults: [ByteText] = [
        "\(ByteText(field)) is \((encoder ?? function).name), the function of an endpoint, which only the endpoint's own config calls"
      ]
      #expect(config.validate() == faults)
      #expect(throws: ConfigStoreError.invalid(faults)) { try gateway.configs.add(config) }
      #expect(
        await gateway.response(service, type, ["id": "u1"]).error?.hasPrefix("deleted") != true)
    }
    // What a before hook makes of a config is no way round, either.
    gateway.functions.registerBeforeHook("Test.before") { request, config, _ in
      var changed = config
      changed.function = name
      return .proceed(request, changed)
    }
    gateway.functions.register("Test.f") { _ in .ok("f") }
    var hooked = config("other", "hooked", FunctionReference("Test", "f"))
    hooked.beforeExecute = FunctionReference("Test", "before")
    try gateway.configs.add(hooked)
    #expect(await gateway.response("other", "hooked", ["id": "u1"]).error == "Internal Server Error")
  }

  @Test("the endpoint's own may be changed, and what runs on other nodes names their functions")
  func own() async throws {
    let gateway = try gateway()
    var own = try gateway.configs.get("users", "delete", version: "2.0.0")
    own.timeout = .seconds(7)
    try gateway.configs.update(own)
    #expect(await gateway.response("users", "delete", ["id": "u1"]).error == "Permission denied")
    let pushed = ServiceEndpoints("far") { Endpoint("f") { 1 } }.pushConfig(nodes: ["a@test"], version: "1")
    #expect(try gateway.receiver.push(pushed) == .accepted(stored: 1, faults: []))
    // A service's config of the same name waits behind the endpoint.
    let same = PushConfig(
      service: "users", nodes: ["a@test"], configVersion: "1",
      functions: [
        FunctionConfig(
          service: "users", requestType: "plain", nodes: .list(["a@test"]),
          function: FunctionReference("Swift.users", "plain"), permission: .open)
      ])
    #expect(try gateway.receiver.push(same) != .skipped)
    #expect(await gateway.response("users", "plain").result == "plain")
  }
}

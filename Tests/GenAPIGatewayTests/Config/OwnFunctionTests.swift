import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Functions of the gateway's own")
struct OwnFunctionTests {
  private func config(_ type: String, by module: String) -> FunctionConfig {
    FunctionConfig(
      service: "s", requestType: ByteText(type), function: FunctionReference(ByteText(module), "f"))
  }

  private func push(_ version: String, _ types: [String]) -> PushConfig {
    PushConfig(
      service: "s", nodes: ["a@test"], configVersion: ByteText(version),
      functions: types.map { config($0, by: "Service") })
  }

  @Test(
    "a push does not replace one, and says so; what it lists waits behind it and takes its place when it goes"
  )
  func push() throws {
    let gateway = try GatewayFixture().gateway
    let own = config("own", by: "Own")
    try gateway.configs.add(own)
    let fault: ByteText = "own: is a function of the gateway's own, which a service cannot replace"
    #expect(
      try gateway.receiver.push(push("1", ["own", "other"])) == .accepted(stored: 1, faults: [fault]))
    #expect(try gateway.configs.get("s", "own") == own)
    #expect(gateway.configs.holdsOwn(own))
    #expect(gateway.configs.failedConfigs().map(\.requestType) == ["own"])
    // A service that lists nothing else is known all the same: it need not push again and again.
    #expect(try gateway.receiver.push(push("2", ["own"])) == .accepted(stored: 0, faults: [fault]))
    #expect(gateway.receiver.verify(service: "s", version: "2") == .matched)
    #expect(gateway.configs.dropOwn(own))
    #expect(try gateway.configs.get("s", "own").function.module == "Service")
    #expect(!gateway.configs.dropOwn(own))
    #expect(try gateway.configs.get("s", "own").function.module == "Service")
  }

  @Test("one that takes the place of a service's gives it back, unless the service no longer lists it")
  func shadow() throws {
    let gateway = try GatewayFixture().gateway
    for (isListed, listed) in [(true, ["own", "other"]), (false, ["other"])] {
      try gateway.receiver.push(push("1", ["own", "other"]), force: true)
      let own = config("own", by: "Own")
      try gateway.configs.add(own)
      #expect(try gateway.configs.get("s", "own") == own)
      try gateway.receiver.push(push("2", listed))
      #expect(gateway.configs.dropOwn(own))
      #expect((try? gateway.configs.get("s", "own"))?.function.module == (isListed ? "Service" : nil))
      gateway.configs.clear()
      gateway.receiver.forget("s")
    }
  }

  @Test("to forget a service's push needs the push token, as the push does")
  func forget() throws {
    let gateway = try GatewayFixture { $0.pushToken = "secret" }.gateway
    var config = push("1", ["t"])
    config.token = "secret"
    try gateway.receiver.push(config)
    for wrong: ByteText? in [nil, "", "secre", "secrets"] {
      #expect(throws: PushError.invalidToken) { try gateway.receiver.forget("s", token: wrong) }
      #expect(gateway.receiver.verify(service: "s", version: "1") == .matched)
    }
    try gateway.receiver.forget("s", token: "secret")
    #expect(gateway.receiver.verify(service: "s", version: "1") == .notFound)
  }
}

import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("What an operator switched off")
struct SwitchedOffTests {
  private let gateway: Gateway

  init() throws {
    gateway = try GatewayFixture().gateway
    try register("a", "b")
  }

  private func register(_ types: ByteText...) throws {
    try gateway.register(ServiceEndpoints("s") { types.map { type in Endpoint(type) { 1 } } })
  }

  private var isOff: Bool { get async { await !gateway.response("s", "a").success } }

  @Test("shows when its config is read back, and no more when it is enabled, whatever its config said")
  func readBack() throws {
    try gateway.configs.disable("s", "a")
    let told = gateway.configs.configs(of: "s")
    #expect(told.map(\.disabled) == [true, false])
    #expect(told[0].value["disabled"] == true)
    try gateway.configs.enable("s", "a")
    #expect(gateway.configs.configs(of: "s").allSatisfy { !$0.disabled })
    try gateway.configs.add(
      FunctionConfig(service: "t", requestType: "off", function: FunctionReference("A", "b"), disabled: true))
    try gateway.configs.enable("t", "off")
    #expect(gateway.configs.configs(of: "t").map(\.disabled) == [false])
    #expect(try !gateway.configs.get("t", "off").disabled && !gateway.configs.getFast("t", "off").disabled)
  }

  @Test("is in no schema, a version of several neither")
  func schemas() throws {
    try gateway.register(
      ServiceEndpoints("v") {
        Endpoint("f") { 1 }.version("1.0.0")
        Endpoint("f") { 2 }.version("2.0.0")
      })
    try gateway.configs.disable("s", "a")
    try gateway.configs.disable("v", "f", version: "2.0.0")
    func told(_ service: ByteText) -> [Value?] {
      (gateway.configs.schemas(of: service)["functions"]?.array ?? []).map {
        $0["version"] ?? $0["request_type"]
      }
    }
    #expect(told("s") == ["b"] && told("v") == ["1.0.0"])
  }

  @Test("stays so when a set without it comes and goes, until it is enabled or deleted")
  func overSets() async throws {
    try gateway.configs.disable("s", "a")
    try register("b")
    try register("a", "b")
    #expect(await isOff)
    try gateway.configs.enable("s", "a")
    #expect(await !isOff)
    try gateway.configs.disable("s", "a")
    try register("b")
    // Nothing is there to remove, and the operator's word is forgotten.
    #expect(try !gateway.configs.delete("s", "a"))
    try register("a", "b")
    #expect(await !isOff)
  }
}

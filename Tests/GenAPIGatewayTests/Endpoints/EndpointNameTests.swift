import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Names of endpoints' functions, as allow lists and values have them")
struct EndpointNameTests {
  private let endpoints = [
    Endpoint("a") { 1 }, Endpoint("a") { 1 }.version("1.2.3"), Endpoint("user.get") { 1 },
    Endpoint("user.get") { 1 }.version("2.0.0-rc.1"),
    Endpoint("a") { 1 }.version("1.2.4").before { request in .proceed(request) }.after { $1 },
    Endpoint("a") { 1 }.version("2024.1").permission { _ in true },
  ]

  @Test("a config that is read back from its value is the same, whatever dots its names and version have")
  func values() throws {
    for service in ["s", "my.service"] as [ByteText] {
      for endpoint in endpoints {
        let config = endpoint.config(service: service)
        #expect(try FunctionConfig(config.value) == config, "\(config.function)")
        let text = try Value(json: config.value.json)
        #expect(try FunctionConfig(text) == config, "\(config.function)")
      }
    }
    let odd = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("A", "b.c", [1]))
    #expect(try FunctionConfig(odd.value) == odd)
    #expect(throws: ConfigFaults.self) {
      try FunctionConfig([
        "service": "s", "request_type": "t", "mfa": ["function": "A.b", "module": "Other"],
      ])
    }
  }

  @Test("an allow list names a versioned endpoint by its module, its function or the whole")
  func allowed() throws {
    for name in ["Swift.s", "Swift.s.a@1.2.3"] as [ByteText] {
      let gateway = try GatewayFixture { $0.allowedFunctions = [name] }.gateway
      try gateway.register(Endpoint("a") { 1 }.version("1.2.3"), service: "s")
    }
    let byFunction = try GatewayFixture { $0.allowedFunctions = ["Swift.s.a"] }.gateway
    try byFunction.register(Endpoint("a") { 1 }, service: "s")
    try byFunction.register(Endpoint("a") { 1 }.version("1.2.3").after { $1 }, service: "s")
    #expect(throws: ConfigStoreError.self) {
      try byFunction.register(Endpoint("ab") { 1 }.version("1.2.3"), service: "s")
    }
    // So it does where the endpoint's own name has dots, and its hook's.
    let dotted = try GatewayFixture { $0.allowedFunctions = ["Swift.s"] }.gateway
    try dotted.register(Endpoint("a.b") { 1 }.after { $1 }, service: "s")
    try dotted.register(Endpoint("a.b") { 1 }.version("1.2.3"), service: "s")
    #expect(throws: ConfigStoreError.self) { try dotted.register(Endpoint("a.b") { 1 }, service: "other") }
    // A dot inside of a name is written so that it divides nothing.
    let escaped = try GatewayFixture { $0.allowedFunctions = ["Swift.s.a%2Eb"] }.gateway
    try escaped.register(Endpoint("a.b") { 1 }.version("1.2.3"), service: "s")
    #expect(throws: ConfigStoreError.self) { try escaped.register(Endpoint("b") { 1 }, service: "s.a") }
    // Of what others send a dot of the function's own still has to be allowed as both.
    #expect(
      ModulePolicy(allowed: ["Swift.s"]).fault(FunctionReference("Swift.s", "other.a@1.2.3")) != nil
        && ModulePolicy(allowed: ["Swift.s"]).fault(FunctionReference("Swift.s", "other.a")) != nil)
  }
}

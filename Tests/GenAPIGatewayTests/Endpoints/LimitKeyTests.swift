import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("What a limit of an endpoint counts by")
struct LimitKeyTests {
  @Test(
    "an argument that the function does not take is refused when it is registered, with those that it takes")
  func unknownArgument() throws {
    let gateway = try GatewayFixture().gateway
    let endpoint = Endpoint("a", Argument("tenant", String.self)) { (_: String) in 1 }
    #expect {
      try gateway.register(endpoint.limit(5, per: .seconds(60), by: "tennant"), service: "svc")
    } throws: { error in
      let text = "\(error)"
      return text.contains("a: limit counts by the argument \"tennant\", which the function does not take")
        && text.contains("tenant")
    }
    #expect(throws: ConfigStoreError.self) {
      try gateway.register(
        ServiceEndpoints("svc") {
          Endpoint("b") { 1 }
        }.limit(5, per: .seconds(60), by: .argument("user_id")))
    }
    #expect(gateway.configs.count == 0 && gateway.rateLimiter.limits.isEmpty)
    try gateway.register(endpoint.limit(5, per: .seconds(60), by: "tenant"), service: "svc")
    #expect(gateway.rateLimiter.limits.count == 1)
  }

  @Test("requests without the key are not counted, which the log says once")
  func absentKey() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.register(Endpoint("a") { 1 }.limit(1, per: .seconds(60)), service: "svc")
    for _ in 1...5 {
      let request = Request(service: "svc", requestType: "a", requestID: "r")
      #expect(await fixture.gateway.execute(request)?.success == true)
    }
    let told = lines.entries.filter { $0.message.description.contains("without the key of a rate limit") }
    #expect(told.count == 1)
    #expect(told.first?.level == .notice)
    #expect(told.first?.metadata["key"] == "user_id")
    let limit = told.first?.metadata["limit"].map { "\($0)" } ?? ""
    #expect(limit.contains("svc"))
    // Those with a user are counted as ever, and say nothing.
    let known = Request(service: "svc", requestType: "a", requestID: "r", userID: "u")
    #expect(await fixture.gateway.execute(known)?.success == true)
    #expect(await fixture.gateway.execute(known)?.success == false)
  }
}

import GenAPIValue
import Testing

@testable import GenAPIGateway

/// A limit that an endpoint declares is the endpoint's, whoever else has one of the same scope, key and window.
@Suite("Limits have owners")
struct LimitOwnerTests {
  private static func scope(_ type: ByteText) -> RateLimitScope { .api(service: "svc", requestType: type) }

  private static func limit(_ type: ByteText, _ most: Int) -> RateLimit {
    .api(service: "svc", requestType: type, key: "user_id", maxRequests: most, window: .seconds(60))
  }

  private static func endpoint(_ type: ByteText, _ most: Int? = nil, version: ByteText? = nil) -> Endpoint {
    var endpoint = Endpoint(type) { 1 }
    if let version { endpoint = endpoint.version(version) }
    return most.map { endpoint.limit($0, per: .seconds(60)) } ?? endpoint
  }

  private func maxima(_ gateway: Gateway, _ type: ByteText) -> [Int] {
    gateway.rateLimiter.limits.filter { $0.scope == Self.scope(type) }.map(\.maxRequests)
  }

  @Test(
    "a set that is registered again replaces its limits, and those of endpoints that it has no more are gone")
  func replaced() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("svc") {
        Self.endpoint("a", 5)
        Self.endpoint("b", 7)
      })
    #expect(maxima(gateway, "a") == [5] && maxima(gateway, "b") == [7])
    try gateway.register(
      ServiceEndpoints("svc") {
        Self.endpoint("a", 6)
      })
    #expect(maxima(gateway, "a") == [6] && maxima(gateway, "b").isEmpty)
    try gateway.register(
      ServiceEndpoints("svc") {
        Self.endpoint("a")
      })
    #expect(gateway.rateLimiter.limits.isEmpty)
  }

  @Test("an endpoint that is removed, or of whose name another function is, takes its limits along")
  func removed() throws {
    let gateway = try GatewayFixture().gateway
    let ends: [() -> Bool] = [
      { (try? gateway.configs.delete("svc", "a")) == true },
      { gateway.configs.dropOwn(Self.endpoint("a").config(service: "svc")) },
      {
        gateway.configs.clear()
        return true
      },
      {
        gateway.functions.register("Other.a") { _ in .ok(2) }
        let other = FunctionConfig(
          service: "svc", requestType: "a", function: FunctionReference("Other", "a"))
        return (try? gateway.configs.add(other)) != nil
      },
    ]
    for end in ends {
      try gateway.register(Self.endpoint("a", 5), service: "svc")
      #expect(maxima(gateway, "a") == [5])
      #expect(end())
      #expect(gateway.rateLimiter.limits.isEmpty)
    }
  }

  @Test("an operator's limit of the same scope, key and window is not touched, and counts what it counted")
  func operators() async throws {
    let fixture = try GatewayFixture()
    let (gateway, limiter) = (fixture.gateway, fixture.gateway.rateLimiter)
    try limiter.addLimit(Self.limit("a", 3))
    try gateway.register(Self.endpoint("a", 2), service: "svc")
    #expect(limiter.configuration.apiLimits == [Self.limit("a", 3)])
    // Both hold, so the lower one refuses first.
    #expect(maxima(gateway, "a") == [2])
    let request = Request(service: "svc", requestType: "a", requestID: "r", userID: "u")
    for _ in 1...2 { #expect(await gateway.execute(request)?.success == true) }
    #expect(await gateway.execute(request)?.success == false)
    try gateway.configs.delete("svc", "a")
    #expect(maxima(gateway, "a") == [3] && limiter.configuration.apiLimits == [Self.limit("a", 3)])
    try gateway.register(Self.endpoint("a"), service: "svc")
    #expect(await gateway.execute(request)?.success == true)
    #expect(await gateway.execute(request)?.success == false)
    // Nor does an endpoint with a higher one make it laxer.
    try gateway.register(Self.endpoint("a", 9), service: "svc")
    #expect(maxima(gateway, "a") == [3])
  }

  @Test("a configuration that is read again leaves the limits of endpoints alone")
  func reloaded() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(Self.endpoint("a", 5), service: "svc")
    var configuration = gateway.rateLimiter.configuration
    configuration.apiLimits = [Self.limit("b", 4)]
    try gateway.rateLimiter.updateConfiguration(configuration)
    #expect(maxima(gateway, "a") == [5] && maxima(gateway, "b") == [4])
    try gateway.rateLimiter.setAPILimits([])
    #expect(maxima(gateway, "a") == [5] && maxima(gateway, "b").isEmpty)
  }

  @Test("what an endpoint declares is not changed or removed by an operator, who is told whose it is")
  func declared() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(Self.endpoint("a", 5), service: "svc")
    #expect(throws: RateLimitError.declared(Self.limit("a", 5).id)) {
      try gateway.rateLimiter.removeLimit(scope: Self.scope("a"), key: "user_id")
    }
    #expect(throws: RateLimitError.declared(Self.limit("a", 5).id)) {
      try gateway.rateLimiter.updateLimit(Self.limit("a", 50))
    }
    #expect(throws: RateLimitError.noSuchLimit(scope: "global", key: "user_id")) {
      try gateway.rateLimiter.removeLimit(scope: .global, key: "user_id")
    }
    #expect(maxima(gateway, "a") == [5])
  }

  @Test("versions of one function own their limits apart")
  func versions() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("svc") {
        Self.endpoint("a", 5, version: "1.0.0")
        Self.endpoint("a", 4, version: "2.0.0")
      })
    #expect(maxima(gateway, "a") == [4])
    try gateway.configs.delete("svc", "a", version: "2.0.0")
    #expect(maxima(gateway, "a") == [5])
  }

  @Test("more limits than there may be are refused, and nothing is registered")
  func bounded() throws {
    let gateway = try GatewayFixture().gateway
    var endpoint = Endpoint("a") { 1 }
    for seconds in 1...65 { endpoint = endpoint.limit(1, per: .seconds(seconds)) }
    #expect(throws: ConfigStoreError.self) { try gateway.register(endpoint, service: "svc") }
    #expect(gateway.rateLimiter.limits.isEmpty && gateway.configs.count == 0)
  }
}

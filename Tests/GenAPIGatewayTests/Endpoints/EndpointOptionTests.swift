import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("What is said of endpoints, and of all of a service")
struct EndpointOptionTests {
  private func ask(
    _ gateway: Gateway, _ type: ByteText, _ args: ValueObject = [:], user: ByteText? = nil,
    roles: [ByteText]? = nil
  ) async -> Response? {
    await gateway.execute(
      Request(service: "svc", requestType: type, requestID: "r", args: args, userID: user, userRoles: roles))
  }

  @Test("middleware is around the call: the service's outside, in the order in which it is stated")
  func order() async throws {
    let fixture = try GatewayFixture()
    let log = Mutex<[String]>([])
    func note(_ name: String) -> EndpointMiddleware {
      { call, next in
        log.withLock { $0.append("\(name) in") }
        let result = try await next(call)
        log.withLock { $0.append("\(name) out") }
        return result
      }
    }
    try fixture.gateway.register(
      ServiceEndpoints("svc") {
        Endpoint(performing: "a") { log.withLock { $0.append("call") } }
          .middleware(note("own 1")).middleware(note("own 2"))
      }
      .middleware(note("service 1")).middleware(note("service 2")))
    #expect(await ask(fixture.gateway, "a")?.success == true)
    #expect(
      log.withLock { $0 } == [
        "service 1 in", "service 2 in", "own 1 in", "own 2 in", "call", "own 2 out", "own 1 out",
        "service 2 out",
        "service 1 out",
      ])
  }

  @Test("middleware changes the call and the result, answers in its place, and says no in its own words")
  func power() async throws {
    let fixture = try GatewayFixture()
    let calls = Mutex(0)
    let kept = Mutex<[[Value]: FunctionResult]>([:])
    try fixture.gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("double", Argument("n", Int.self)) { n in 2 * n }
          .middleware { call, next in
            var call = call
            call.arguments[0] = .int((call.arguments[0].int ?? 0) + 1)
            guard case .ok(let value) = try await next(call) else { return .error(FunctionError("no")) }
            return .ok(["value": value])
          }
        Endpoint("cached", Argument("n", Int.self)) { n in
          calls.withLock { $0 += 1 }
          return n
        }
        .middleware { call, next in
          if let known = kept.withLock({ $0[call.arguments] }) { return known }
          let result = try await next(call)
          kept.withLock { $0[call.arguments] = result }
          return result
        }
        Endpoint("guarded") { 1 }
          .middleware { call, next in
            guard call.request?.userID == "ann" else { throw FunctionError("only ann", isForClient: true) }
            return try await next(call)
          }
      })
    #expect(await ask(fixture.gateway, "double", ["n": 4])?.result == ["value": 10])
    for _ in 1...3 { #expect(await ask(fixture.gateway, "cached", ["n": 4])?.result == 4) }
    #expect(calls.withLock { $0 } == 1)
    #expect(await ask(fixture.gateway, "guarded")?.error == "only ann")
    #expect(await ask(fixture.gateway, "guarded", user: "ann")?.result == 1)
  }

  @Test("what a service says counts where an endpoint says nothing")
  func inherited() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("plain") { 1 }
        Endpoint("own") { 2 }.permission(.open).timeout(nil)
          .before { _ in .abort("own hook") }.hookTimeout(.milliseconds(20))
        Endpoint("callback") { 3 }.permission { $0.userRoles == ["guest"] }
      }
      .permission(.role(["admin"])).timeout(.milliseconds(700)).hookTimeout(.seconds(1)).version("2.0.0")
      .before { request in request.args["stop"] == nil ? .proceed(request) : .abort("service hook") }
      .after { request, response in
        response.success ? .sync(request.requestID, ["wrapped": response.result]) : response
      })
    let plain = try fixture.gateway.configs.get("svc", "plain", version: "2.0.0")
    #expect(plain.permission == .role(["admin"]))
    #expect(plain.timeout == .milliseconds(700) && plain.hookTimeout == .seconds(1))
    let own = try fixture.gateway.configs.get("svc", "own", version: "2.0.0")
    #expect(own.permission == .open && own.permissionCallback == nil)
    #expect(own.timeout == nil && own.hookTimeout == .milliseconds(20))
    #expect(await ask(fixture.gateway, "plain")?.error == "Permission denied")
    #expect(await ask(fixture.gateway, "plain", roles: ["admin"])?.result == ["wrapped": 1])
    #expect(await ask(fixture.gateway, "own")?.error?.hasSuffix("own hook") == true)
    #expect(await ask(fixture.gateway, "callback", roles: ["admin"])?.error == "Permission denied")
    #expect(await ask(fixture.gateway, "callback", roles: ["guest"])?.result == ["wrapped": 3])
  }

  @Test("the permission that is said last counts")
  func lastPermission() throws {
    let mode = Endpoint("a") { 1 }.permission { _ in false }.permission(.open).config(service: "svc")
    #expect(mode.permission == .open && mode.permissionCallback == nil)
    let callback = Endpoint("a") { 1 }.permission(.open).permission { _ in false }.config(service: "svc")
    #expect(callback.permissionCallback != nil)
  }

  @Test("limits of a service are each function's, and an endpoint's own take their place")
  func limits() async throws {
    let fixture = try GatewayFixture()
    func register(_ most: Int) throws {
      try fixture.gateway.register(
        ServiceEndpoints("svc") {
          Endpoint("a") { 1 }
          Endpoint("b") { 2 }
          Endpoint("c") { 3 }.limit(1, per: .seconds(1), by: "device_id")
        }
        .limit(most, per: .seconds(60)).limit(100, per: .seconds(3_600), by: .field(.ipAddress)))
    }
    try register(2)
    for _ in 1...2 { #expect(await ask(fixture.gateway, "a", user: "u")?.success == true) }
    #expect(await ask(fixture.gateway, "a", user: "u")?.error?.hasPrefix("Rate limit exceeded") == true)
    #expect(await ask(fixture.gateway, "b", user: "u")?.success == true)
    for _ in 1...5 { #expect(await ask(fixture.gateway, "c", user: "u")?.success == true) }
    let ofC = fixture.gateway.rateLimiter.limits.filter {
      $0.scope == .api(service: "svc", requestType: "c")
    }
    #expect(
      ofC == [
        .api(service: "svc", requestType: "c", key: .field(.deviceID), maxRequests: 1, window: .seconds(1))
      ]
    )
    // Registered again, with another maximum: what was counted stays.
    try register(3)
    #expect(await ask(fixture.gateway, "a", user: "u")?.success == true)
    #expect(await ask(fixture.gateway, "a", user: "u")?.success == false)
    #expect(fixture.gateway.rateLimiter.limits.count == 5)
    // And without any.
    try fixture.gateway.register(Endpoint("a") { 1 }, service: "svc")
    #expect(await ask(fixture.gateway, "a", user: "u")?.success == true)
  }

  @Test("a limit that is out of its range is a fault, and nothing is registered")
  func wrongLimit() throws {
    let fixture = try GatewayFixture()
    #expect(throws: ConfigStoreError.self) {
      try fixture.gateway.register(Endpoint("a") { 1 }.limit(0, per: .seconds(1)), service: "svc")
    }
    let missing = fixture.gateway.configs.missing("svc", "a", version: nil)
    #expect(throws: ConfigStoreError.notFound(missing)) { try fixture.gateway.configs.get("svc", "a") }
  }

  @Test("a gateway that requires a permission takes no function of which nothing says who may call")
  func deniedByDefault() throws {
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.requiresPermission = true
    let gateway = try Gateway(configuration: configuration)
    #expect {
      try gateway.register(Endpoint("a") { 1 }, service: "svc")
    } throws: { error in
      "\(error)".contains("permission must say who may call")
    }
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("open") { 1 }.permission(.open)
        Endpoint("asked") { 1 }.permission { _ in true }
      })
    try gateway.register(ServiceEndpoints("svc") { Endpoint("a") { 1 } }.permission(.anyAuthenticated))
    // What other nodes push and files hold comes by the same door.
    let pushed = try FunctionConfig(["service": "svc", "request_type": "b", "mfa": "App.b", "nodes": ["n@h"]])
    #expect(throws: ConfigStoreError.self) { try gateway.configs.add(pushed) }
    let stated = try FunctionConfig([
      "service": "svc", "request_type": "b", "mfa": "App.b", "nodes": ["n@h"], "check_permission": false,
    ])
    try gateway.configs.add(stated)
  }

  @Test("a config that says nothing of permissions is written as it was read")
  func unstated() throws {
    let config = try FunctionConfig(["service": "svc", "request_type": "b", "mfa": "App.b"])
    #expect(config.permission == .unstated)
    #expect(config.value["check_permission"] == nil)
    #expect(try FunctionConfig(config.value) == config)
  }
}

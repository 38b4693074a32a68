import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Configs of the same function share what was seen of it")
struct SharedPaceTests {
  private func config(_ number: Int, _ function: FunctionReference = FunctionReference("Users", "get"))
    -> FunctionConfig
  {
    var config = FunctionConfig(service: "users", requestType: "get_\(number)", function: function)
    config.permission = .open
    return config
  }

  private func pace(_ fixture: GatewayFixture, _ number: Int) throws -> CallPace {
    try #require(fixture.gateway.configs.stored("users", "get_\(number)", nil)).pace
  }

  @Test(
    "of a thousand configs of one function each was handed to other threads 32 times, however often the others had been called"
  )
  func trustedTogether() async throws {
    let fixture = try GatewayFixture()
    let get: FunctionRegistry.PlainFunction = { _ in .ok(1) }
    fixture.gateway.functions.register("Users.get", get)
    try fixture.gateway.configs.batchAdd((0..<1_000).map { config($0) })
    for number in 0..<CallPace.trial {
      #expect(try !pace(fixture, 999).mayHoldThread)
      let request = Request(service: "users", requestType: "get_\(number)", requestID: "r1", userID: "u1")
      #expect(await fixture.gateway.execute(request)?.success == true)
    }
    for number in 0..<1_000 { #expect(try pace(fixture, number).mayHoldThread) }
  }

  @Test(
    "another function, one with other arguments before its own, and one on other nodes have a pace of their own"
  )
  func apart() throws {
    let fixture = try GatewayFixture()
    var remote = config(3)
    remote.nodes = .list(["a@test"])
    for config in [
      config(0), config(1, FunctionReference("Users", "list")),
      config(2, FunctionReference("Users", "get", [1])),
      remote, config(4),
    ] { try fixture.gateway.configs.add(config) }
    let paces = try (0..<5).map { try pace(fixture, $0) }
    for other in 1..<4 { #expect(paces[0] !== paces[other]) }
    #expect(paces[0] === paces[4])
  }

  @Test(
    "a config that now names another function begins anew, and one that is stored again keeps what was seen")
  func replaced() throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.configs.add(config(0))
    let first = try pace(fixture, 0)
    var changed = config(0)
    changed.timeoutMs = 777
    try fixture.gateway.configs.add(changed)
    #expect(try pace(fixture, 0) === first)
    try fixture.gateway.configs.add(config(0, FunctionReference("Users", "list")))
    #expect(try pace(fixture, 0) !== first)
  }

  @Test("a hook that names another function gave it the trust that its own had earned")
  func hookOfAnother() throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.configs.add(config(0))
    let stored = try #require(fixture.gateway.configs.stored("users", "get_0", nil))
    for _ in 0..<CallPace.trial { stored.pace.held(10_000, nowNs: 0) }
    var same = stored.config
    same.timeoutMs = 777
    #expect(stored.with(same).pace === stored.pace)
    #expect(!stored.with(config(0, FunctionReference("Users", "slow"))).pace.mayHoldThread)
  }

  @Test("functions that no config names any more are forgotten: there are at most twice as many as are named")
  func forgotten() {
    var paces = CallPaces()
    let kept = (0..<10).map { paces.pace(of: FunctionReference("Kept", "f\($0)")) }
    for number in 0..<10_000 { _ = paces.pace(of: FunctionReference("Gone", "f\(number)")) }
    #expect(paces.count <= 64)
    for number in kept.indices {
      #expect(paces.pace(of: FunctionReference("Kept", "f\(number)")) === kept[number])
    }
  }
}

import GenAPITelemetry
import Testing

@testable import GenAPIGateway

@Suite("Admin actions (gateway.md 14)")
struct AdminTests {
  @Test(
    "nothing is allowed unless listed, and what is refused changes nothing", arguments: AdminAction.allCases)
  func denied(_ action: AdminAction) throws {
    let fixture = try GatewayFixture { $0.adminActions = Set(AdminAction.allCases).subtracting([action]) }
    try fixture.add()
    _ = try? fixture.gateway.configs.add(
      FunctionConfig(service: "", requestType: "t", function: FunctionReference("S", "t")))
    let before = fixture.gateway.currentState()
    let admin = fixture.gateway.admin(as: "test")
    #expect(throws: AdminError.denied(action)) {
      switch action {
      case .changeDetailError: try admin.setShowsErrorDetail(true)
      case .updateRateLimitConfig:
        try admin.addLimit(.global(key: "user_id", maxRequests: 1, window: .seconds(1)))
      case .pushConfig:
        try admin.pushConfig(PushConfig(service: "s", nodes: ["a@test"], configVersion: "1", functions: []))
      case .changeFunctions: try admin.disable("test", "echo")
      case .stopStream: try admin.stopStream(requestID: "r", on: ConnectionID(1))
      case .clearFailedConfigs: try admin.clearFailedConfigs()
      case .changeGroups: try admin.deleteGroup("g")
      }
    }
    let after = fixture.gateway.currentState()
    #expect(after.functions == before.functions && after.limits == before.limits)
    #expect(after.failedConfigs == before.failedConfigs && !fixture.gateway.showsErrorDetail)
  }

  @Test("what is listed is done, without the push token too (W-31)")
  func allowed() throws {
    let fixture = try GatewayFixture {
      $0.adminActions = Set(AdminAction.allCases)
      $0.pushToken = "secret"
    }
    try fixture.add()
    let admin = fixture.gateway.admin(as: "test")
    try admin.disable("test", "echo")
    #expect(throws: ConfigStoreError.disabled) { try fixture.gateway.configs.get("test", "echo") }
    try admin.enable("test", "echo")
    try admin.setShowsErrorDetail(true)
    #expect(fixture.gateway.showsErrorDetail)
    let limit = RateLimit.global(key: "user_id", maxRequests: 1, window: .seconds(1))
    try admin.addLimit(limit)
    #expect(fixture.gateway.rateLimiter.configuration.globalLimits == [limit])
    try admin.removeLimit(scope: .global, key: "user_id")
    let config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("S", "t"))
    let push = PushConfig(service: "s", nodes: ["a@test"], configVersion: "1", functions: [config])
    #expect(throws: PushError.invalidToken) { try fixture.gateway.receiver.push(push) }
    #expect(try admin.pushConfig(push) == .accepted(stored: 1, faults: []))
    #expect(try admin.delete("s", "t"))
    #expect(throws: AdminError.failed("there is no service s; there is test")) { try admin.enable("s", "t") }
  }

  @Test("refused configs are kept with what came, filtered, counted, cleared and forgotten after a day")
  func failedConfigs() throws {
    let fixture = try GatewayFixture()
    let store = fixture.gateway.configs
    let bad = FunctionConfig(
      service: "s", requestType: "t", timeout: .milliseconds(7), function: FunctionReference("S", "t"))
    _ = try? store.add(bad)
    _ = try? store.add(bad, origin: ConfigOrigin(.push, version: "1", node: "a@test"))
    var other = bad
    other.service = "o"
    _ = try? store.add(other)
    // The same fault from another source replaces the entry: the newest tells.
    #expect(store.failedConfigs().map(\.service) == ["s", "o"])
    let failed = store.failedConfigs(FailedConfigFilter(service: "s"))
    #expect(failed.map(\.source) == [.push] && failed.map(\.node) == ["a@test"])
    #expect(failed[0].config?["timeout"] == 7 && failed[0].expiresAt == failed[0].at + 86_400_000_000)
    #expect(store.failedConfigs(FailedConfigFilter(source: .local)).count == 1)
    #expect(store.clearFailedConfigs(FailedConfigFilter(service: "s", source: .local)) == 0)
    #expect(store.clearFailedConfigs(FailedConfigFilter(service: "s")) == 1)
    fixture.clock.advance(by: .milliseconds(86_400_000))
    #expect(store.failedConfigs().isEmpty)
  }
}

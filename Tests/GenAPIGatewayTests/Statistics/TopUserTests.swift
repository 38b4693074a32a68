import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Who asks most, and how long what ran took")
struct TopUserTests {
  @Test(
    "a count of a sketch is never too small, too large by at most what it says, and whoever has more than his part is in it"
  )
  func bounds() {
    var random = SeededRandom(seed: 26)
    for capacity in [1, 4, 32] {
      var sketch = SpaceSaving(capacity: capacity)
      var exact: [ByteText: Int64] = [:]
      let total = 5_000
      for _ in 0..<total {
        // Few ask often, many once.
        let number =
          Int.random(in: 0..<10, using: &random) < 6
          ? Int.random(in: 0..<5, using: &random) : Int.random(in: 0..<2_000, using: &random)
        let name: ByteText = "u_\(number)"
        exact[name, default: 0] += 1
        sketch.count(name, hash: name.hashValue)
      }
      #expect(sketch.entries.count == capacity)
      for entry in sketch.entries {
        let actual = exact[entry.name] ?? 0
        #expect(entry.count >= actual && entry.count - entry.over <= actual)
        #expect(entry.over <= Int64(total / capacity))
      }
      let listed = Set(sketch.entries.map(\.name))
      for (name, count) in exact where count > Int64(total / capacity) { #expect(listed.contains(name)) }
      for (name, count) in exact where !listed.contains(name) { #expect(count <= sketch.bound) }
    }
  }

  @Test("users of a function are told with requests, failures and refusals, exact while there are few")
  func users() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [
        RateLimit(scope: .global, key: .field(.userID), maxRequests: 3, window: .seconds(60))
      ]
    }
    try fixture.add("fails") { _ in .error(FunctionError("no")) }
    for (user, count) in [("u_1", 5), ("u_2", 2)] as [(ByteText, Int)] {
      for _ in 0..<count {
        var request = fixture.request("fails")
        request.userID = user
        _ = await fixture.gateway.execute(request)
      }
    }
    let users = fixture.gateway.currentState().topUsers
    #expect(users.map(\.user) == ["u_1", "u_2"])
    #expect(
      users.map(\.requests) == [5, 2] && users.map(\.failed) == [3, 2] && users.map(\.refused) == [2, 0])
    #expect(users.allSatisfy { $0.requestsOver == 0 && $0.failedOver == 0 && $0.refusedOver == 0 })
    #expect(users.allSatisfy { $0.service == "test" && $0.requestType == "fails" })
  }

  @Test("counts are of the last five to ten minutes, and say since when")
  func time() async throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    func counted() -> [Int64] { fixture.gateway.currentState().topUsers.map(\.requests) }
    _ = await fixture.gateway.execute(fixture.request())
    let since = fixture.gateway.currentState().topUsers.first?.since
    fixture.clock.advance(by: .seconds(301))
    _ = await fixture.gateway.execute(fixture.request())
    #expect(counted() == [2] && fixture.gateway.currentState().topUsers.first?.since == since)
    fixture.clock.advance(by: .seconds(300))
    #expect(counted() == [1])
    fixture.clock.advance(by: .seconds(600))
    #expect(counted().isEmpty)
  }

  @Test("0 counts no users")
  func off() async throws {
    let fixture = try GatewayFixture { $0.topUsers = 0 }
    try fixture.add()
    _ = await fixture.gateway.execute(fixture.request())
    #expect(fixture.gateway.currentState().topUsers.isEmpty)
  }

  @Test("for more functions than there is room users are not counted, and room is given back")
  func room() {
    let room = UserRoom(users: 4)
    let series = (0..<UserRoom.functions + 5).map { number in
      SeriesStatistics(function: FunctionIdentity(service: "s", requestType: "f\(number)"), userRoom: room)
    }
    for one in series { one.finished(.ok, durationUs: 1, error: nil, user: "u", at: 1_000_000) }
    #expect(series.count { !$0.topUsers(at: 1_000_000).isEmpty } == UserRoom.functions)
    // Nobody called for ten minutes: what is called then has the room.
    for one in series { #expect(one.topUsers(at: 700_000_000).isEmpty) }
    series.last?.finished(.ok, durationUs: 1, error: nil, user: "u", at: 700_000_000)
    #expect(series.last?.topUsers(at: 700_000_000).map(\.user) == ["u"])
  }

  @Test(
    "what was refused is not among the latencies: a slow function that is also refused does not look fast")
  func refused() {
    let series = SeriesStatistics(function: FunctionIdentity(service: "s", requestType: "slow"))
    for _ in 0..<10 { series.finished(.ok, durationUs: 2_000_000, error: nil, at: 0) }
    for outcome in RequestOutcome.allCases where !outcome.hasRun {
      for _ in 0..<100 { series.finished(outcome, durationUs: 20, error: nil, at: 0) }
    }
    let state = series.state
    #expect(state.latency.count == 10 && state.latency.quantile(0.5) ?? 0 > 1_900_000)
    #expect(state.outcomes["rate_limited"] == 100)
    // A refusal alone is a change, too.
    series.finished(.rateLimited, durationUs: 20, error: nil, at: 0)
    #expect(!series.isAs(state) && series.state.outcomes["rate_limited"] == 101)
  }

  @Test(
    "what configs name and nothing is registered for is in the state of its service, until it is registered")
  func unresolved() throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw"))
    try gateway.configs.add(
      FunctionConfig(service: "s", requestType: "get", function: FunctionReference("Nobody", "get")))
    #expect(gateway.currentState().services.map(\.unresolved) == [["get: mfa Nobody.get"]])
    #expect(gateway.unresolvedNames() == ["s/get: mfa Nobody.get"])
  }
}

import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Rate limiter while it runs")
struct RateLimiterRuntimeTests {
  private let perUser = RateLimit.global(key: "user_id", maxRequests: 1, window: .seconds(1))

  @Test("reset forgets one key value and says so")
  func reset() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    _ = fixture.check(["user_id": "a"])
    _ = fixture.check(["user_id": "b"])
    _ = fixture.events.drain()
    #expect(fixture.limiter.reset(keyValue: "a", scope: .global, key: "user_id"))
    #expect(fixture.check(["user_id": "a"]))
    #expect(!fixture.check(["user_id": "b"]))
    guard case .rateLimitReset(let value, let scope, let key) = fixture.events.drain().events[0].event else {
      Issue.record("no reset event")
      return
    }
    #expect(value == "a" && scope == "global" && key == "user_id")
    #expect(!fixture.limiter.reset(keyValue: "nobody", scope: .global, key: "user_id"))
  }

  @Test("each of several limits counts its own checks, and one that takes another's place begins at none")
  func checksOfSeveral() throws {
    let limits = (1...5).map {
      RateLimit.global(key: .argument("key_\($0)"), maxRequests: 100, window: .seconds(1))
    }
    let fixture = try RateLimiterFixture(global: limits)
    for request in 1...15 {
      let applied = (1...5).filter { request % $0 == 0 }.map {
        (RequestKey.argument("key_\($0)"), "v\(request)" as ByteText)
      }
      #expect(fixture.check(Dictionary(uniqueKeysWithValues: applied)))
    }
    func checks() -> [Int64] { fixture.limiter.limitStates().map(\.checks) }
    #expect(checks() == [15, 7, 5, 3, 3])
    fixture.limiter.clear()
    #expect(checks() == [15, 7, 5, 3, 3])
    for key: RequestKey in ["key_1", "key_4"] {
      try fixture.limiter.removeLimit(scope: .global, key: key)
    }
    #expect(checks() == [7, 5, 3])
    for key: RequestKey in ["key_6", "key_7"] {
      try fixture.limiter.addLimit(.global(key: key, maxRequests: 100, window: .seconds(1)))
    }
    #expect(fixture.check(["key_6": "v", "key_3": "v"]))
    #expect(checks() == [7, 6, 3, 1, 0])
  }

  @Test("status tells what is used, what remains and when, and counts nothing")
  func status() throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: 3, window: .seconds(1))
    ])
    _ = fixture.check(["user_id": "a"])
    fixture.clock.advance(by: .milliseconds(250))
    for _ in 0..<5 {
      let status = try #require(
        fixture.limiter.status(keyValue: "a", scope: .global, key: "user_id").first)
      #expect(status.currentRequests == 1 && status.remaining == 2 && status.resetMs == 750)
    }
    #expect(fixture.user("nobody") == 0)
    #expect(fixture.limiter.status(keyValue: "a", scope: .global, key: "device_id").isEmpty)
  }

  @Test("a direct check counts against the limits on that key in that scope only")
  func directCheck() throws {
    let fixture = try RateLimiterFixture(global: [
      perUser, .global(key: "device_id", maxRequests: 1, window: .seconds(1)),
    ])
    guard case .allowed = fixture.limiter.check(keyValue: "a", scope: .global, key: "user_id") else {
      Issue.record("refused")
      return
    }
    guard case .limited = fixture.limiter.check(keyValue: "a", scope: .global, key: "user_id") else {
      Issue.record("let through")
      return
    }
    #expect(fixture.user("a", key: "device_id") == 0)
  }

  @Test("limits can be added, changed and removed")
  func changeLimits() throws {
    let fixture = try RateLimiterFixture()
    #expect(fixture.check(["user_id": "a"]))
    try fixture.limiter.addLimit(perUser)
    #expect(fixture.check(["user_id": "a"]))
    #expect(!fixture.check(["user_id": "a"]))
    try fixture.limiter.updateLimit(.global(key: "user_id", maxRequests: 3, window: .seconds(1)))
    #expect(fixture.check(["user_id": "a"]))
    #expect(fixture.limiter.limitStates().map(\.maxRequests) == [3])
    try fixture.limiter.removeLimit(scope: .global, key: "user_id")
    #expect(fixture.limiter.limitStates().isEmpty)
    #expect(fixture.limiter.trackedKeys == 0)
    for _ in 0..<9 { #expect(fixture.check(["user_id": "a"])) }
  }

  @Test("limits of a function can be set and removed without touching another function's")
  func changeAPILimits() throws {
    let fixture = try RateLimiterFixture()
    let list = RateLimit.api(
      service: "orders", requestType: "list", key: "user_id", maxRequests: 1, window: .seconds(1))
    let get = RateLimit.api(
      service: "orders", requestType: "get", key: "user_id", maxRequests: 1, window: .seconds(1))
    try fixture.limiter.setAPILimits([list, get])
    try fixture.limiter.removeLimit(scope: list.scope, key: "user_id")
    #expect(fixture.limiter.configuration.apiLimits == [get])
  }

  @Test("a limit that stays in a new list keeps its counters")
  func keepsCounters() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    _ = fixture.check(["user_id": "a"])
    try fixture.limiter.setGlobalLimits([
      .global(key: "device_id", maxRequests: 5, window: .seconds(1)), perUser,
    ])
    #expect(!fixture.check(["user_id": "a"]))
  }

  @Test(
    "counts go on in the limit whose window is nearest, in whatever order the limits stand",
    arguments: [
      [(2, 1), (5, 61)], [(100, 3_600), (5, 61)], [(5, 61), (2, 1)], [(5, 61), (6, 59)], [(6, 59), (5, 61)],
    ])
  func nearestWindow(_ limits: [(Int, Int)]) throws {
    func perUser(_ most: Int, _ seconds: Int) -> RateLimit {
      .global(key: "user_id", maxRequests: most, window: .seconds(seconds))
    }
    let fixture = try RateLimiterFixture(global: [perUser(5, 60)])
    for _ in 0..<5 { #expect(fixture.check(["user_id": "a"])) }
    try fixture.limiter.setGlobalLimits(limits.map { perUser($0.0, $0.1) })
    let status = fixture.limiter.status(keyValue: "a", scope: .global, key: "user_id")
    #expect(status.map(\.currentRequests) == limits.map { $0.1 == 61 ? 5 : 0 })
    fixture.clock.advance(by: .milliseconds(2_000))
    #expect(!fixture.check(["user_id": "a"]))
  }

  @Test(
    "a limit with another window goes on with what the nearest one that is gone has counted on its key, each for one"
  )
  func changedWindow() throws {
    func perUser(_ most: Int, _ seconds: Int) -> RateLimit {
      .global(key: "user_id", maxRequests: most, window: .seconds(seconds))
    }
    let fixture = try RateLimiterFixture(global: [perUser(3, 10), perUser(4, 60)])
    func used() -> [Int] {
      fixture.limiter.status(keyValue: "a", scope: .global, key: "user_id").map(\.currentRequests)
    }
    for _ in 0..<3 { #expect(fixture.check(["user_id": "a"])) }
    try fixture.limiter.setGlobalLimits([perUser(3, 50), perUser(4, 5)])
    #expect(used() == [3, 3] && !fixture.check(["user_id": "a"]))
    fixture.clock.advance(by: .milliseconds(6_000))
    #expect(used() == [3, 0])
    // The longer window holds them longer than the one before did, the shorter one not as long.
    fixture.clock.advance(by: .milliseconds(43_000))
    #expect(used() == [3, 0] && !fixture.check(["user_id": "a"]))
    fixture.clock.advance(by: .milliseconds(1_000))
    #expect(used() == [0, 0] && fixture.check(["user_id": "a"]))
    // One beside those that stay begins anew, and one on another key or in another scope has no other's counts.
    try fixture.limiter.setGlobalLimits([perUser(3, 50), perUser(4, 5), perUser(4, 500)])
    #expect(used() == [1, 1, 0])
    try fixture.limiter.setGlobalLimits([.global(key: "device_id", maxRequests: 3, window: .seconds(50))])
    #expect(
      fixture.limiter.status(keyValue: "a", scope: .global, key: "device_id").map(\.currentRequests) == [0])
  }

  @Test(
    "a limit whose maximum changes keeps what it has counted, to a batch",
    arguments: [(5, 7), (7, 5), (1_000, 100), (100, 1_000), (100_000, 300), (128, 129), (1_000, 999)])
  func changedMaximum(old: Int, new: Int) throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: old, window: .seconds(60)),
      .global(key: "ip_address", maxRequests: 2, window: .seconds(60)),
    ])
    let used = min(old - 1, 400)
    for _ in 0..<used { #expect(fixture.check(["user_id": "a"])) }
    fixture.clock.advance(by: .milliseconds(1_000))
    _ = fixture.check(["ip_address": "1"])
    try fixture.limiter.updateLimit(.global(key: "user_id", maxRequests: new, window: .seconds(60)))
    #expect(fixture.limiter.trackedKeys == 2)
    #expect(fixture.limiter.limitStates().map(\.trackedKeys) == [1, 1])
    #expect(fixture.limiter.limitStates()[0].checks == Int64(used))
    let batch = max(SlidingWindow.batchSize(maxRequests: old), SlidingWindow.batchSize(maxRequests: new))
    var more = 0
    while more <= new, fixture.check(["user_id": "a"]) { more += 1 }
    let rest = max(0, new - used)
    #expect((max(0, rest - batch)...rest).contains(more))
    // All of it leaves the window in its time.
    fixture.clock.advance(by: .milliseconds(59_000))
    #expect(fixture.check(["user_id": "a"]) == (more < new))
    fixture.clock.advance(by: .milliseconds(1_000))
    #expect(fixture.check(["user_id": "a"]))
  }

  @Test(
    "whoever tells when a key is free names when it is let in again, also under a maximum that was lowered",
    arguments: [1, 2, 3])
  func freeAgain(limits: Int) throws {
    let keys: [RequestKey] = ["user_id", "device_id", "ip_address"]
    func limit(_ key: RequestKey, _ most: Int) -> RateLimit {
      .global(key: key, maxRequests: most, window: .seconds(60))
    }
    let fixture = try RateLimiterFixture(
      global: keys.prefix(limits).enumerated().map { limit($1, $0 == 0 ? 10 : 1_000) })
    let request: [RequestKey: ByteText] = ["user_id": "a", "device_id": "b", "ip_address": "c"]
    for _ in 0..<8 {
      #expect(fixture.check(request))
      fixture.clock.advance(by: .seconds(1))
    }
    try fixture.limiter.updateLimit(limit("user_id", 5))
    // The fourth-oldest of eight has to leave, which came at 3 s.
    let refusal = try #require(fixture.refusal(request))
    #expect(refusal.retryAfterMs == 55_000)
    let status = fixture.limiter.status(keyValue: "a", scope: .global, key: "user_id")
    #expect(status.map(\.resetMs) == [55_000])
    #expect(fixture.limiter.hotKeys().first?.resetMs == 55_000)
    fixture.clock.advance(by: .milliseconds(54_999))
    #expect(!fixture.check(request))
    fixture.clock.advance(by: .milliseconds(1))
    #expect(fixture.check(request))
  }

  @Test("a new configuration takes effect, enabled included; what is fixed at start is refused")
  func updateConfiguration() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    var configuration = fixture.limiter.configuration
    configuration.enabled = false
    try fixture.limiter.updateConfiguration(configuration)
    for _ in 0..<5 { #expect(fixture.check(["user_id": "a"])) }
    configuration.instanceCount = 7
    #expect(throws: RateLimitError.self) { try fixture.limiter.updateConfiguration(configuration) }
  }

  @Test("clear forgets everything")
  func clear() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    for user in 0..<50 { _ = fixture.check(["user_id": "\(user)"]) }
    #expect(fixture.limiter.trackedKeys == 50)
    fixture.limiter.clear()
    #expect(fixture.limiter.trackedKeys == 0)
    #expect(fixture.limiter.limitStates()[0].trackedKeys == 0)
    #expect(fixture.check(["user_id": "7"]))
  }

  @Test(
    "a wrong limit is refused with the field and its range (W-13)",
    arguments: [
      (RateLimit.global(key: "user_id", maxRequests: 0, window: .milliseconds(1)), "max_requests"),
      (.global(key: "user_id", maxRequests: -1, window: .milliseconds(1)), "max_requests"),
      (.global(key: "user_id", maxRequests: .max, window: .milliseconds(1)), "max_requests"),
      (.global(key: "user_id", maxRequests: 1, window: .zero), "window"),
      (.global(key: "user_id", maxRequests: 1, window: .seconds(Int64.max)), "window"),
      (.global(key: "", maxRequests: 1, window: .milliseconds(1)), "key"),
      (.api(service: "", requestType: "t", key: "k", maxRequests: 1, window: .milliseconds(1)), "service"),
    ] as [(RateLimit, ByteText)])
  func invalid(limit: RateLimit, field: ByteText) throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    let error = #expect(throws: RateLimitError.self) { try fixture.limiter.addLimit(limit) }
    #expect(try #require(error).description.contains(field.string))
    #expect(fixture.limiter.configuration.globalLimits == [perUser])
  }

  @Test("the same limit twice, a limit in the wrong list, and wrong settings are refused")
  func invalidLists() throws {
    #expect(throws: RateLimitError.duplicateLimit(perUser.id)) {
      try RateLimiterFixture(global: [perUser, perUser])
    }
    #expect(throws: RateLimitError.wrongList(perUser.id, list: "api_limits")) {
      try RateLimiterFixture(api: [perUser])
    }
    #expect(throws: RateLimitError.self) { try RateLimiterFixture { $0.instanceCount = 0 } }
    #expect(throws: RateLimitError.self) { try RateLimiterFixture { $0.cleanupInterval = .zero } }
    #expect(throws: RateLimitError.self) { try RateLimiterFixture { $0.maxTrackedKeys = 0 } }
    #expect(throws: RateLimitError.tooManyLimits(65, maximum: 64)) {
      try RateLimiterFixture(
        global: (1...65).map { .global(key: "user_id", maxRequests: 1, window: .milliseconds($0)) })
    }
  }

  @Test("idle keys are swept at every interval, and the sweep says how many")
  func sweep() async throws {
    let fixture = try RateLimiterFixture(
      global: [perUser],
      api: [
        .api(service: "orders", requestType: "list", key: "user_id", maxRequests: 9, window: .seconds(90))
      ])
    let task = Task { await fixture.limiter.run() }
    await fixture.clock.waitForSleepers()
    for user in 0..<1_000 { _ = fixture.check(["user_id": "\(user)"]) }
    #expect(fixture.limiter.trackedKeys == 2_000)
    _ = fixture.events.drain()
    fixture.clock.advance(by: .milliseconds(60_000))
    await fixture.clock.waitForSleepers()
    #expect(fixture.limiter.trackedKeys == 1_000)
    guard case .rateLimitCleanup(_, let cleaned, let global, let api) = fixture.events.drain().events[0].event
    else {
      Issue.record("no cleanup event")
      return
    }
    #expect(cleaned == 1_000 && global == 1 && api == 1)
    fixture.clock.advance(by: .milliseconds(60_000))
    await fixture.clock.waitForSleepers()
    #expect(fixture.limiter.trackedKeys == 0)
    task.cancel()
    await task.value
  }

  @Test("no more keys are tracked than allowed; the longest unused go first and are counted")
  func bound() throws {
    let fixture = try RateLimiterFixture(global: [perUser]) { $0.maxTrackedKeys = 100 }
    for user in 0..<1_000 {
      #expect(fixture.check(["user_id": "\(user)"]))
      #expect(fixture.limiter.trackedKeys <= 100)
    }
    #expect(fixture.limiter.evictedKeys == Int64(1_000 - fixture.limiter.trackedKeys))
    #expect(!fixture.check(["user_id": "999"]))
    #expect(fixture.limiter.limitStates()[0].trackedKeys == fixture.limiter.trackedKeys)
  }

  @Test("a flood of one limit's keys does not push out another's")
  func floodIsFair() throws {
    let fixture = try RateLimiterFixture(global: [
      perUser, .global(key: "device_id", maxRequests: 1, window: .seconds(1)),
    ]) { $0.maxTrackedKeys = 160 }
    #expect(fixture.check(["user_id": "a"]))
    for device in 0..<2_000 { _ = fixture.check(["device_id": "\(device)"]) }
    #expect(!fixture.check(["user_id": "a"]))
  }

  @Test("a very long key value is kept short and still told from others")
  func longValues() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    let long = String(repeating: "x", count: 100_000)
    #expect(fixture.check(["user_id": "\(long)a"]))
    #expect(fixture.check(["user_id": "\(long)b"]))
    let refusal = try #require(fixture.refusal(["user_id": "\(long)a"]))
    #expect(refusal.keyValue.utf8.count <= 200)
    #expect(KeyValue.bounded("e\(String(repeating: "\u{301}", count: 100_000))").utf8.count <= 200)
  }

  @Test("a limit counts its checks, refused or not, and keeps the counts of forgotten keys", arguments: 0..<8)
  func countsStay(salt: Int) throws {
    let fixture = try RateLimiterFixture(
      global: [.global(key: "user_id", maxRequests: 10, window: .seconds(1))],
      api: [
        .api(service: "orders", requestType: "list", key: "device_id", maxRequests: 1, window: .seconds(1)),
        .api(service: "orders", requestType: "get", key: "device_id", maxRequests: 1, window: .seconds(1)),
      ])
    // The two values are in one shard or in two, as it happens.
    let keys: [RequestKey: ByteText] = ["user_id": "a\(salt)", "device_id": "d\(salt)"]
    #expect(fixture.check(keys))
    for _ in 0..<3 { #expect(!fixture.check(keys)) }
    fixture.limiter.clear()
    #expect(fixture.limiter.trackedKeys == 0)
    let states = fixture.limiter.limitStates()
    #expect(states.map(\.checks) == [4, 4, 0])
    #expect(states.map(\.rejections) == [0, 3, 0])
    #expect(states.map(\.trackedKeys) == [0, 0, 0])
    #expect(fixture.check(keys))
  }

  @Test("states count checks, rejections and the keys with a request in the window")
  func states() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    _ = fixture.check(["user_id": "a"])
    fixture.clock.advance(by: .milliseconds(500))
    _ = fixture.check(["user_id": "b"])
    _ = fixture.check(["user_id": "b"])
    var state = fixture.limiter.limitStates()[0]
    #expect(state.id == perUser.id && state.scope == "global" && state.key == "user_id")
    #expect(state.checks == 3 && state.rejections == 1 && state.trackedKeys == 2)
    #expect(state.lastRejectionAt == fixture.clock.wallMicroseconds())
    fixture.clock.advance(by: .milliseconds(500))
    state = fixture.limiter.limitStates()[0]
    #expect(state.trackedKeys == 1)
  }

  @Test("the hottest keys come first, with what they used and when they are free again")
  func hotKeys() throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: 100, window: .seconds(1))
    ])
    for user in 0..<60 {
      for _ in 0...user { _ = fixture.check(["user_id": "user \(user)"]) }
    }
    for _ in 0..<50 { _ = fixture.check(["user_id": "user 59"]) }
    fixture.clock.advance(by: .milliseconds(400))
    let hot = fixture.limiter.hotKeys(limit: 20)
    #expect(hot.map(\.keyValue) == (40..<60).reversed().map { "user \($0)" })
    #expect(hot[0].used == 100 && hot[0].max == 100 && hot[0].rejections == 10 && hot[0].resetMs == 600)
    fixture.clock.advance(by: .milliseconds(600))
    #expect(fixture.limiter.hotKeys(limit: 20).isEmpty)
  }
}

import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Rate limiter")
struct RateLimiterTests {
  private let perUser = RateLimit.global(key: "user_id", maxRequests: 2, window: .seconds(1))

  @Test("a request is let through until the limit is reached, and again when the window has moved on")
  func slides() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    #expect(fixture.check(["user_id": "a"]))
    fixture.clock.advance(by: .milliseconds(600))
    #expect(fixture.check(["user_id": "a"]))
    #expect(!fixture.check(["user_id": "a"]))
    fixture.clock.advance(by: .milliseconds(399))
    #expect(!fixture.check(["user_id": "a"]))
    fixture.clock.advance(by: .milliseconds(1))
    #expect(fixture.check(["user_id": "a"]))
    #expect(!fixture.check(["user_id": "a"]))
  }

  @Test("a refusal says which limit, how much of it is used and how long to wait")
  func details() throws {
    let fixture = try RateLimiterFixture(global: [perUser])
    _ = fixture.check(["user_id": "a"])
    fixture.clock.advance(by: .milliseconds(300))
    _ = fixture.check(["user_id": "a"])
    let refusal = try #require(fixture.refusal(["user_id": "a"]))
    #expect(refusal.key == "user_id")
    #expect(refusal.keyValue == "a")
    #expect(refusal.scope == "global")
    #expect(refusal.maxRequests == 2)
    #expect(refusal.currentRequests == 2)
    #expect(refusal.windowMs == 1_000)
    #expect(refusal.retryAfterMs == 700)
    #expect(refusal.request.requestID == "r1")
  }

  @Test("the time to wait is never 0 (W-53)")
  func retryIsPositive() throws {
    let fixture = try RateLimiterFixture(
      global: [.global(key: "user_id", maxRequests: 1, window: .milliseconds(1))])
    _ = fixture.check(["user_id": "a"])
    #expect(try #require(fixture.refusal(["user_id": "a"])).retryAfterMs >= 1)
  }

  @Test("each key value has a counter of its own")
  func keyValues() throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: 1, window: .seconds(1))
    ])
    #expect(fixture.check(["user_id": "a"]))
    #expect(fixture.check(["user_id": "b"]))
    #expect(!fixture.check(["user_id": "a"]))
  }

  @Test("limits on different keys share no counter, even when the values are equal (W-13)")
  func noCrossTalk() throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: 1, window: .seconds(1)),
      .global(key: "device_id", maxRequests: 1, window: .seconds(1)),
    ])
    #expect(fixture.check(["user_id": "x"]))
    #expect(fixture.check(["device_id": "x"]))
  }

  @Test("two windows on one key count apart (W-13)")
  func twoWindows() throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: 2, window: .milliseconds(500)),
      .global(key: "user_id", maxRequests: 10, window: .seconds(60)),
    ])
    var allowed = 0
    for _ in 0..<20 {
      if fixture.check(["user_id": "a"]) { allowed += 1 }
      if fixture.check(["user_id": "a"]) { allowed += 1 }
      #expect(!fixture.check(["user_id": "a"]))
      fixture.clock.advance(by: .milliseconds(500))
    }
    #expect(allowed == 10)
  }

  @Test("a request refused by a later limit does not use up an earlier one (W-13)")
  func allOrNothing() throws {
    let fixture = try RateLimiterFixture(
      global: [.global(key: "user_id", maxRequests: 10, window: .seconds(1))],
      api: [
        .api(service: "orders", requestType: "list", key: "device_id", maxRequests: 1, window: .seconds(1))
      ])
    let keys: [RequestKey: ByteText] = ["user_id": "a", "device_id": "d"]
    #expect(fixture.check(keys))
    for _ in 0..<5 { #expect(!fixture.check(keys)) }
    #expect(fixture.user("a") == 1)
  }

  @Test("the first exceeded limit in the order of the lists answers", arguments: 0..<20)
  func order(salt: Int) throws {
    let fixture = try RateLimiterFixture(
      global: [
        .global(key: "user_id", maxRequests: 1, window: .seconds(1)),
        .global(key: "device_id", maxRequests: 1, window: .seconds(2)),
      ],
      api: [.api(service: "orders", requestType: "list", key: "user_id", maxRequests: 1, window: .seconds(3))]
    )
    let keys: [RequestKey: ByteText] = ["user_id": "a\(salt)", "device_id": "d\(salt)"]
    #expect(fixture.check(keys))
    #expect(fixture.refusal(keys)?.windowMs == 1_000)
    fixture.clock.advance(by: .milliseconds(1_000))
    #expect(fixture.refusal(keys)?.windowMs == 2_000)
    fixture.clock.advance(by: .milliseconds(1_000))
    #expect(fixture.refusal(keys)?.scope == "orders/list")
  }

  @Test("a limit of a function leaves other functions alone")
  func scope() throws {
    let fixture = try RateLimiterFixture(api: [
      .api(service: "orders", requestType: "list", key: "user_id", maxRequests: 1, window: .seconds(1))
    ])
    #expect(fixture.check(["user_id": "a"]))
    #expect(!fixture.check(["user_id": "a"]))
    #expect(fixture.check(["user_id": "a"], requestType: "get"))
    #expect(fixture.check(["user_id": "a"], service: "billing"))
  }

  @Test("a limit whose key is absent or empty does not apply", arguments: [nil, ""] as [ByteText?])
  func absentKey(value: ByteText?) throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: 1, window: .seconds(1))
    ])
    let context = RateLimiterFixture.context()
    for _ in 0..<5 {
      guard case .allowed = fixture.limiter.check(context, keys: { _ in value }) else {
        Issue.record("refused")
        return
      }
    }
    #expect(fixture.limiter.trackedKeys == 0)
  }

  @Test("the name of an argument can be a key")
  func argumentKey() throws {
    let fixture = try RateLimiterFixture(global: [.global(key: "phone", maxRequests: 1, window: .seconds(1))])
    #expect(fixture.check(["phone": "123"]))
    #expect(!fixture.check(["phone": "123"]))
  }

  @Test("a disabled limiter lets everything through and emits nothing")
  func disabled() throws {
    let fixture = try RateLimiterFixture(global: [perUser]) { $0.enabled = false }
    for _ in 0..<5 { #expect(fixture.check(["user_id": "a"])) }
    #expect(fixture.events.drain().events.isEmpty)
  }

  private struct Broken: Error {}

  @Test(
    "a check that fails lets the request through, or refuses it, as fail_open says (W-04)",
    arguments: [true, false])
  func failOpen(failOpen: Bool) throws {
    let fixture = try RateLimiterFixture(global: [perUser]) { $0.failOpen = failOpen }
    switch fixture.limiter.check(RateLimiterFixture.context(), keys: { _ in throw Broken() }) {
    case .allowed: #expect(failOpen)
    case .unavailable: #expect(!failOpen)
    case .limited: Issue.record("limited")
    }
    guard case .rateLimitCheck(let check) = try #require(fixture.events.drain().events.first).event else {
      Issue.record("no check event")
      return
    }
    #expect(check.result == .error)
  }

  @Test("every check emits check; a refusal emits exceeded too, with its request and scope")
  func events() throws {
    let fixture = try RateLimiterFixture(global: [
      .global(key: "user_id", maxRequests: 1, window: .seconds(1))
    ])
    _ = fixture.check(["user_id": "a"])
    _ = fixture.check(["user_id": "a"])
    let events = fixture.events.drain().events.map(\.event)
    #expect(events.map(\.name) == [.rateLimiterCheck, .rateLimiterCheck, .rateLimiterExceeded])
    guard case .rateLimitCheck(let first) = events[0], case .rateLimitCheck(let second) = events[1],
      case .rateLimitExceeded(let exceeded) = events[2]
    else {
      Issue.record("unexpected events")
      return
    }
    #expect(first.result == .ok && first.scope == nil)
    #expect(second.result == .rateLimited && second.key == "user_id" && second.scope == "global")
    #expect(exceeded.request.function.service == "orders" && exceeded.request.userID == "u1")
  }

  @Test("requests checked at the same time never get more than the limit together")
  func concurrent() async throws {
    let fixture = try RateLimiterFixture(
      global: [
        .global(key: "user_id", maxRequests: 500, window: .seconds(60)),
        .global(key: "device_id", maxRequests: 300, window: .seconds(60)),
      ]) { $0.instanceCount = 4 }
    let allowed = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<100).count { _ in fixture.check(["user_id": "a", "device_id": "d"]) }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(allowed == 300)
    // Not more by the error of the count above 128 (a batch is 4), and never fewer than let through.
    #expect(try #require(fixture.user("a")) == 300)
  }

  @Test("limits agree with a model that remembers every request", arguments: 1...25)
  func model(seed: UInt64) throws {
    var numbers = SeededRandom(seed: seed)
    let keys: [RequestKey] = ["user_id", "device_id", "ip_address"]
    var limits: [RateLimit] = []
    for index in 0..<Int.random(in: 1...5, using: &numbers) {
      let key = keys.randomElement(using: &numbers)!
      let maximum = Int.random(in: 1...12, using: &numbers)
      let window = Int64.random(in: 1...500, using: &numbers) * 10 + Int64(index)
      limits.append(
        Bool.random(using: &numbers)
          ? .global(key: key, maxRequests: maximum, window: .milliseconds(window))
          : .api(
            service: "s", requestType: "t", key: key, maxRequests: maximum, window: .milliseconds(window)))
    }
    let ordered = limits.filter { $0.scope == .global } + limits.filter { $0.scope != .global }
    let fixture = try RateLimiterFixture(
      global: limits.filter { $0.scope == .global }, api: limits.filter { $0.scope != .global })
    var model: [[ByteText: [Int64]]] = Array(repeating: [:], count: ordered.count)
    var now: Int64 = 0
    for _ in 0..<1_500 {
      let step = Int64.random(in: 0...200, using: &numbers)
      now += step
      fixture.clock.advance(by: .milliseconds(step))
      let values: [RequestKey: ByteText] = Dictionary(
        uniqueKeysWithValues: keys.map { ($0, ["", "x", "y"].randomElement(using: &numbers)!) })
      let service = Bool.random(using: &numbers) ? "s" : "other"
      let applying = ordered.indices.filter {
        values[ordered[$0].key] != "" && (ordered[$0].scope == .global || service == "s")
      }
      var refusing: RateLimit?
      for index in applying {
        let limit = ordered[index]
        let value = values[limit.key]!
        model[index][value, default: []].removeAll { $0 <= now - limit.windowMs }
        if refusing == nil, model[index][value]!.count >= limit.maxRequests { refusing = limit }
      }
      if refusing == nil { for index in applying { model[index][values[ordered[index].key]!]!.append(now) } }
      let answer = fixture.limiter.check(
        RateLimiterFixture.context(ByteText(service), "t"), keys: { values[$0] })
      switch answer {
      case .allowed: #expect(refusing == nil)
      case .limited(let exceeded):
        #expect(exceeded.windowMs == refusing?.windowMs && exceeded.scope == refusing.map { "\($0.scope)" })
      case .unavailable: Issue.record("unavailable")
      }
    }
  }
}

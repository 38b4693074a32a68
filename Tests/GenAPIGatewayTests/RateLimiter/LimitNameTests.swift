import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("What limits and their keys are called")
struct LimitNameTests {
  private func limiter(_ limits: [RateLimit]) throws -> RateLimiter {
    var configuration = RateLimiterConfiguration()
    configuration.apiLimits = limits.filter { $0.scope != .global }
    configuration.globalLimits = limits.filter { $0.scope == .global }
    return try RateLimiter(
      configuration: configuration, bus: TelemetryBus(node: "gw"), clock: VirtualClock())
  }

  @Test(
    "two functions whose names have a stroke or a blank in another place are two scopes, ids and keys of a state"
  )
  func strokes() throws {
    let names: [(ByteText, ByteText)] = [
      ("a/b", "c"), ("a", "b/c"), ("a\\/b", "c"), ("a b", "c"), ("a", "b c"), ("a/b c", "d"),
    ]
    let states = try limiter(
      names.flatMap { service, type in
        ["user_id", "c user_id"].map {
          RateLimit.api(
            service: service, requestType: type, key: RequestKey($0), maxRequests: 5, window: .seconds(1))
        }
      }
    ).limitStates()
    #expect(Set(states.map(\.scope)).count == names.count)
    for keys in [states.map(\.id), states.map(\.entryKey), states.map(\.identity)] {
      #expect(Set(keys).count == states.count, "\(keys)")
    }
    for state in states {
      let function = FunctionPath.parts(of: state.scope)
      #expect(names.contains { $0 == function?.service && $1 == function?.requestType }, "\(state.scope)")
    }
    #expect(RateLimitScope.api(service: "users", requestType: "get/all").description == "users/get/all")
  }

  @Test("long names that differ at their end are two limits in a state that is cut for the stream")
  func longNames() throws {
    let long = ByteText(String(repeating: "s", count: 255))
    var states = try limiter(
      ["a", "b"].map {
        RateLimit.api(
          service: long, requestType: long + $0, key: "user_id", maxRequests: 5, window: .seconds(1))
      }
    ).limitStates()
    var bound = TextBound()
    for index in states.indices { states[index].edit(&bound) }
    #expect(Set(states.map(\.entryKey)).count == 2 && Set(states.map(\.identity)).count == 2)
  }

  @Test("a key of 256 bytes, as long as a name may be, is shown whole; two longer ones stay two")
  func longKeys() throws {
    let limit = RateLimit.global(key: "user_id", maxRequests: 5, window: .seconds(1))
    let limiter = try limiter([limit])
    let start = String(repeating: "u", count: 255)
    let keys = [ByteText(start + "1"), ByteText(start + "2"), ByteText(start + "34"), ByteText(start + "35")]
    for key in keys { _ = limiter.check(keyValue: key, scope: .global, key: "user_id") }
    let shown = limiter.hotKeys().map(\.keyValue)
    #expect(Set(shown).count == 4 && shown.contains(keys[0]) && shown.contains(keys[1]))
    #expect(shown.allSatisfy { $0.byteCount <= 256 })
  }
}

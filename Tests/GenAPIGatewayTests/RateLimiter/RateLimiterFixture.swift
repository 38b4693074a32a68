import GenAPITelemetry
import GenAPIValue

@testable import GenAPIGateway

/// A limiter in virtual time whose events are recorded.
struct RateLimiterFixture {
  let clock = VirtualClock()
  let bus: TelemetryBus
  let limiter: RateLimiter
  let events: TelemetrySubscription

  init(
    global: [RateLimit] = [], api: [RateLimit] = [],
    change: (inout RateLimiterConfiguration) -> Void = { _ in }
  ) throws {
    bus = TelemetryBus(node: "test", time: clock)
    events = try bus.subscribe("test", to: .all)
    var configuration = RateLimiterConfiguration()
    configuration.globalLimits = global
    configuration.apiLimits = api
    configuration.instanceCount = 1
    change(&configuration)
    limiter = try RateLimiter(configuration: configuration, bus: bus, clock: clock)
  }

  static func context(_ service: ByteText = "orders", _ requestType: ByteText = "list") -> RequestContext {
    RequestContext(
      requestID: "r1", function: FunctionIdentity(service: service, requestType: requestType), userID: "u1")
  }

  /// Checks a request with these key values; true when it is let through.
  func check(_ keys: [ByteText: ByteText], service: ByteText = "orders", requestType: ByteText = "list")
    -> Bool
  {
    if case .allowed = limiter.check(Self.context(service, requestType), keys: { keys[$0] }) {
      true
    } else {
      false
    }
  }

  /// Checks a request that should be refused; nil when it is not.
  func refusal(_ keys: [ByteText: ByteText]) -> RateLimitExceeded? {
    if case .limited(let exceeded) = limiter.check(Self.context(), keys: { keys[$0] }) {
      exceeded
    } else {
      nil
    }
  }

  func user(_ value: ByteText, key: ByteText = "user_id", scope: RateLimitScope = .global) -> Int? {
    limiter.status(keyValue: value, scope: scope, key: key).first?.currentRequests
  }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

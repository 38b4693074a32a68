import GenAPITelemetry
import GenAPITesting
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
  func check(_ keys: [RequestKey: ByteText], service: ByteText = "orders", requestType: ByteText = "list")
    -> Bool
  {
    if case .allowed = limiter.check(Self.context(service, requestType), keys: { keys[$0] }) {
      true
    } else {
      false
    }
  }

  /// Checks a request that should be refused; nil when it is not.
  func refusal(_ keys: [RequestKey: ByteText]) -> RateLimitExceeded? {
    if case .limited(let exceeded) = limiter.check(Self.context(), keys: { keys[$0] }) {
      exceeded
    } else {
      nil
    }
  }

  func user(_ value: ByteText, key: RequestKey = "user_id", scope: RateLimitScope = .global) -> Int? {
    limiter.status(keyValue: value, scope: scope, key: key).first?.currentRequests
  }
}

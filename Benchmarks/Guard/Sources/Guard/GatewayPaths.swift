import Foundation
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Emitting, checking a limit, a whole request, a relay.
enum GatewayPaths {
  private static let context = RequestContext(
    requestID: "req_1", function: FunctionIdentity(service: "user_service", requestType: "get_user"),
    userID: "u_1")

  static let all = [unheard, heard, limitCheck, request, relay]

  private static let unheard = HotPath("emit, nobody attached") {
    let bus = TelemetryBus(node: "guard")
    let event = TelemetryEvent.requestStart(context, systemTime: 1)
    // As requests emit: with the name, so that nothing is built for nobody.
    return { _ in bus.emit(.executorRequestStart, event) }
  }

  private static let heard = HotPath("emit, a queue attached") {
    let bus = TelemetryBus(node: "guard")
    let event = TelemetryEvent.requestStart(context, systemTime: 1)
    let subscription = try bus.subscribe("guard", to: .all, queue: 65_536)
    var batch = TelemetrySubscription.Batch()
    return { index in
      bus.emit(event)
      if index % 500 == 499 { subscription.drain(into: &batch) }
    }
  }

  private static let limitCheck = HotPath("rate limit check, one limit", warmUp: 20_000) {
    var configuration = RateLimiterConfiguration()
    configuration.globalLimits = [.global(key: "user_id", maxRequests: 1_000_000, window: .seconds(60))]
    let limiter = try RateLimiter(
      configuration: configuration, bus: TelemetryBus(node: "guard"), clock: SystemTime())
    let keys: [ByteText] = (0..<100).map { "user_\($0)" }
    return { index in
      let key = keys[index % keys.count]
      _ = limiter.check(context) { _ in key }
    }
  }

  /// A request whose function does not suspend, so that it stays on this thread from its start to its end.
  private static let request = HotPath("a whole request, two limits, two arguments, in a task of its own") {
    let gateway = try makeGateway()
    let subscription = try gateway.bus.subscribe("guard", to: .all, queue: 65_536)
    let request = Request(
      service: "user_service", requestType: "get_user", requestID: "req_1",
      args: ["user_id": "u_1", "full": true], userID: "u_1", deviceID: "d_1")
    var batch = TelemetrySubscription.Batch()
    let ended = DispatchSemaphore(value: 0)
    // The first ones run elsewhere, until the function is trusted.
    Task {
      for _ in 0..<100 { _ = await gateway.execute(request) }
      ended.signal()
    }
    ended.wait()
    return { index in
      let done = DispatchSemaphore(value: 0)
      startTask {
        _ = await gateway.execute(request)
        done.signal()
      }
      done.wait()
      if index % 500 == 499 { subscription.drain(into: &batch) }
    }
  }

  /// A member more costs what the response in its connection costs.
  private static let relay = HotPath("a relayed message, by member of a group of 100", parts: 100) {
    let relay = Relay(bus: TelemetryBus(node: "guard"), clock: SystemTime(), limits: RelayLimits())
    let connections = (0..<100).map { Silent(UInt64($0)) }
    try relay.createGroup(groupID: "g", type: .public, creator: "u_0", connection: connections[0])
    for index in 1..<100 {
      try relay.join(groupID: "g", userID: "u_\(index)", connection: connections[index])
    }
    return { _ in
      _ = try relay.send(groupID: "g", from: "u_0", message: "hello", requestID: "r")
      // The relay holds its connections weakly.
      withExtendedLifetime(connections) {}
    }
  }

  private static func makeGateway() throws -> Gateway {
    var configuration = GatewayConfiguration(node: "guard")
    configuration.rateLimiter.globalLimits = [
      .global(key: "user_id", maxRequests: 1_000_000, window: .seconds(60))
    ]
    configuration.rateLimiter.apiLimits = [
      .api(
        service: "user_service", requestType: "get_user", key: "device_id", maxRequests: 1_000_000,
        window: .seconds(60))
    ]
    let gateway = try Gateway(configuration: configuration, clock: SlowTime())
    gateway.functions.register("Users.get") { .ok($0.arguments[0]) }
    try gateway.configs.add(
      FunctionConfig(
        service: "user_service", requestType: "get_user", function: FunctionReference("Users", "get"),
        arguments: ["user_id": ArgumentSpec(.string), "full": ArgumentSpec(.boolean)],
        argumentOrder: .names(["user_id", "full"]), permission: .argument("user_id")))
    return gateway
  }
}

private final class Silent: ClientConnection {
  let connectionID: ConnectionID

  init(_ number: UInt64) { connectionID = ConnectionID(number) }

  func push(_ response: Response) {}
}

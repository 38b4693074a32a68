import CAllocations
import Foundation
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

// Counts what the hot paths allocate and compares it with Benchmarks/Guard/bounds.json. Ends with 1 when one allocates more.

/// Allocations of one call, over many, after a warm-up.
func count(_ times: Int = 2_000, _ body: (Int) throws -> Void) rethrows -> Double {
  for index in 0..<times { try body(index) }
  let before = allocations_of_this_thread()
  for index in 0..<times { try body(index) }
  return Double(allocations_of_this_thread() - before) / Double(times)
}

var found: [(name: String, allocations: Double)] = []

let function = FunctionIdentity(service: "user_service", requestType: "get_user")
let context = RequestContext(requestID: "req_1", function: function, userID: "u_1")

do {
  let bus = TelemetryBus(node: "guard")
  let event = TelemetryEvent.requestStart(context, systemTime: 1)
  found.append(("emit, nobody attached", count { _ in bus.emit(event) }))
  let subscription = try bus.subscribe("guard", to: .all, queue: 65_536)
  var batch = TelemetrySubscription.Batch()
  found.append(
    (
      "emit, a queue attached",
      count { index in
        bus.emit(event)
        if index % 500 == 499 { subscription.drain(into: &batch) }
      }
    ))
}

do {
  var configuration = RateLimiterConfiguration()
  configuration.globalLimits = [.global(key: "user_id", maxRequests: 1_000_000, windowMs: 60_000)]
  let limiter = try RateLimiter(
    configuration: configuration, bus: TelemetryBus(node: "guard"), clock: SystemTime())
  let keys = (0..<100).map { "user_\($0)" }
  for _ in 0..<200 { for key in keys { _ = limiter.check(context) { _ in key } } }
  found.append(
    (
      "rate limit check, one limit",
      count { index in
        let key = keys[index % keys.count]
        _ = limiter.check(context) { _ in key }
      }
    ))
}

/// A request whose function does not suspend, so that it stays on this thread from its start to its end.
func requests() throws -> Double {
  var configuration = GatewayConfiguration(node: "guard")
  configuration.rateLimiter.globalLimits = [
    .global(key: "user_id", maxRequests: 1_000_000, windowMs: 60_000)
  ]
  configuration.rateLimiter.apiLimits = [
    .api(
      service: "user_service", requestType: "get_user", key: "device_id", maxRequests: 1_000_000,
      windowMs: 60_000)
  ]
  let gateway = try Gateway(configuration: configuration)
  gateway.functions.register("Users.get") { .ok($0.arguments[0]) }
  try gateway.configs.add(
    FunctionConfig(
      service: "user_service", requestType: "get_user", function: FunctionReference("Users", "get"),
      arguments: ["user_id": ArgumentSpec(.string), "full": ArgumentSpec(.boolean)],
      argumentOrder: .names(["user_id", "full"]), permission: .argument("user_id")))
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
  return count { index in
    let done = DispatchSemaphore(value: 0)
    startTask {
      _ = await gateway.execute(request)
      done.signal()
    }
    done.wait()
    if index % 500 == 499 { subscription.drain(into: &batch) }
  }
}
found.append(("a whole request, two limits, two arguments, in a task of its own", try requests()))

let path = CommandLine.arguments.dropFirst().first ?? "Benchmarks/Guard/bounds.json"
let bounds = try JSONDecoder().decode(
  [String: Double].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
var failed = false
print("allocations of one call, and the most it may have (\(path))")
for (name, allocations) in found {
  guard let bound = bounds[name] else {
    print("  \(name): \(allocations), but no bound is stored")
    failed = true
    continue
  }
  // A task that is moved to another thread now and then allocates there, unseen; never more.
  let verdict = allocations <= bound ? "ok  " : "MORE"
  if allocations > bound { failed = true }
  print(verdict, String(format: "%6.2f  of %5.1f ", allocations, bound), name)
}
exit(failed ? 1 : 0)

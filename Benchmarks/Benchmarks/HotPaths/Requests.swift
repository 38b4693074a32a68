import Benchmark
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Synchronization

/// A whole request in the process: look-up, permission, two limits, two typed arguments, four events.
func requestBenchmarks() {
  for (functions, suspends) in [(10, false), (1_000, false), (10_000, false), (100_000, false), (10, true)] {
    let kind = suspends ? ", an async function under its timeout" : ""
    let gateway = Made { try Busy(functions: functions, suspends: suspends) }
    Benchmark("request, \(functions) functions\(kind)") { benchmark in
      let gateway = try gateway.get()
      benchmark.startMeasurement()
      for index in benchmark.scaledIterations {
        blackHole(await gateway.request())
        if index % 500 == 499 { gateway.drain() }
      }
      benchmark.stopMeasurement()
    }
  }
  Benchmark("baseline: the bare call of the same function") { benchmark in
    let function: @Sendable (FunctionCall) async throws -> FunctionResult = { .ok($0.arguments[0]) }
    let call = FunctionCall(arguments: ["u_1", true])
    for _ in benchmark.scaledIterations { blackHole(try await function(call)) }
  }
}

/// A gateway with an exporter's queue attached, and the request that it gets.
private final class Busy: Sendable {
  private let gateway: Gateway
  private let subscription: TelemetrySubscription
  private let batch = Mutex(TelemetrySubscription.Batch())
  private let arguments: ValueObject = ["user_id": "u_1", "full": true]

  init(functions: Int, suspends: Bool) throws {
    gateway = try makeGateway(functions: functions, suspends: suspends)
    subscription = try gateway.bus.subscribe("bench", to: .all, queue: 65_536)
  }

  func request() async -> Response? {
    await gateway.execute(
      Request(
        service: "user_service", requestType: "get_user", requestID: "req_1", args: arguments, userID: "u_1",
        deviceID: "d_1"))
  }

  func drain() { batch.withLock { subscription.drain(into: &$0) } }
}

private func makeGateway(functions: Int, suspends: Bool) throws -> Gateway {
  var configuration = GatewayConfiguration(node: "bench")
  configuration.maxFunctions = 200_000
  configuration.rateLimiter.globalLimits = [
    .global(key: "user_id", maxRequests: 1_000_000_000, window: .seconds(60))
  ]
  configuration.rateLimiter.apiLimits = [
    .api(
      service: "user_service", requestType: "get_user", key: "device_id", maxRequests: 1_000_000_000,
      window: .seconds(60))
  ]
  let gateway = try Gateway(configuration: configuration)
  let get: FunctionRegistry.PlainFunction = { .ok($0.arguments[0]) }
  if suspends {
    gateway.functions.register("Users.get") { call async throws in try get(call) }
  } else {
    gateway.functions.register("Users.get", get)
  }
  for index in 0..<functions {
    try gateway.configs.add(
      FunctionConfig(
        service: "user_service", requestType: index == 0 ? "get_user" : "f\(index)",
        function: FunctionReference("Users", "get"),
        arguments: ["user_id": ArgumentSpec(.string), "full": ArgumentSpec(.boolean)],
        argumentOrder: .names(["user_id", "full"]), permission: .argument("user_id")))
  }
  return gateway
}

import Benchmark
import GenAPIGateway
import GenAPITelemetry
import Synchronization

/// A check among 10 000 keys, whatever the limit allows, and of one hot key that has used most of its limit.
func rateLimitBenchmarks() {
  let keys = (0..<10_000).map { "user_\($0)" }
  let context = RequestContext(requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"))
  let many = Benchmark.Configuration(
    metrics: [.wallClock, .instructions], scalingFactor: .kilo, maxDuration: .seconds(3), maxIterations: 2_000
  )

  for most in [10, 2_000, 100_000] {
    Benchmark("rate limit check, max_requests \(most)", configuration: many) { benchmark in
      let limiter = try limiter(most)
      for _ in 0..<6 {
        for key in keys { blackHole(limiter.check(context) { _ in key }) }
      }
      benchmark.startMeasurement()
      for index in benchmark.scaledIterations {
        let key = keys[index % keys.count]
        blackHole(limiter.check(context) { _ in key })
      }
      benchmark.stopMeasurement()
    }
  }
  for most in [2_000, 100_000] {
    Benchmark("rate limit check, one hot key, max_requests \(most)", configuration: many) { benchmark in
      // The window's 60 000 ms hold 60 000 checks, one a millisecond: the limit of 2 000 refuses nearly all.
      let limiter = try limiter(most)
      for _ in 0..<60_000 { blackHole(limiter.check(context) { _ in "user_1" }) }
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(limiter.check(context) { _ in "user_1" }) }
      benchmark.stopMeasurement()
    }
  }
  Benchmark("baseline: dictionary look-up under a lock", configuration: many) { benchmark in
    let table = Mutex(Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) }))
    benchmark.startMeasurement()
    for index in benchmark.scaledIterations {
      let key = keys[index % keys.count]
      blackHole(table.withLock { $0[key] })
    }
    benchmark.stopMeasurement()
  }
}

private func limiter(_ maxRequests: Int) throws -> RateLimiter {
  var configuration = RateLimiterConfiguration()
  configuration.globalLimits = [.global(key: "user_id", maxRequests: maxRequests, windowMs: 60_000)]
  return try RateLimiter(configuration: configuration, bus: TelemetryBus(node: "bench"), clock: PacedTime())
}

import Benchmark
import GenAPIGateway
import GenAPITelemetry
import Synchronization

/// A check among 10 000 keys, whatever the limit allows.
func rateLimitBenchmarks() {
  let keys = (0..<10_000).map { "user_\($0)" }
  for most in [10, 2_000, 100_000] {
    Benchmark("rate limit check, max_requests \(most)") { benchmark in
      var configuration = RateLimiterConfiguration()
      configuration.globalLimits = [.global(key: "user_id", maxRequests: most, windowMs: 60_000)]
      let limiter = try RateLimiter(
        configuration: configuration, bus: TelemetryBus(node: "bench"), clock: SystemTime())
      for key in keys { blackHole(limiter.check(keyValue: key, scope: .global, key: "user_id")) }
      let context = RequestContext(requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"))
      benchmark.startMeasurement()
      for index in benchmark.scaledIterations {
        let key = keys[index % keys.count]
        blackHole(limiter.check(context) { _ in key })
      }
      benchmark.stopMeasurement()
      blackHole(limiter)
    }
  }
  Benchmark("baseline: dictionary look-up under a lock") { benchmark in
    let table = Mutex(Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) }))
    benchmark.startMeasurement()
    for index in benchmark.scaledIterations {
      let key = keys[index % keys.count]
      blackHole(table.withLock { $0[key] })
    }
    benchmark.stopMeasurement()
    blackHole(table.withLock { $0.count })
  }
}

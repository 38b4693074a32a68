import Benchmark
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Synchronization

/// A check among many keys, whatever the limit allows, and of one hot key that has used most of its limit.
func rateLimitBenchmarks() {
  let context = anyContext()

  for number in [1_000, 10_000, 100_000] {
    let keys = Made { (0..<number).map { "user_\($0)" as ByteText } }
    for most in number == 10_000 ? [10, 2_000, 100_000] : [10] {
      let limiter = Made { try makeLimiter(most, keys: keys.get()) }
      Benchmark("rate limit check, \(number) keys, max_requests \(most)") { benchmark in
        let (keys, limiter, start) = (try keys.get(), try limiter.get(), benchmark.currentIteration * 1_000)
        benchmark.startMeasurement()
        for index in benchmark.scaledIterations {
          let key = keys[(start + index) % keys.count]
          blackHole(limiter.check(context) { _ in key })
        }
        benchmark.stopMeasurement()
      }
      guard number == 10_000, most == 10 else { continue }
      // Each thread has requests and texts of its own, and the other way round: two that go the same way end up at the
      // same key at the same moment, each time.
      let other = Companion {
        let (keys, limiter, context) = (Array(try keys.get().reversed()), try limiter.get(), anyContext())
        return { index in
          let key = keys[index % keys.count]
          _ = limiter.check(context) { _ in key }
        }
      }
      accompaniedBenchmark(
        "rate limit check, \(number) keys, max_requests \(most), 2 threads at once", by: other
      ) { benchmark in
        let (keys, limiter, start) = (try keys.get(), try limiter.get(), benchmark.currentIteration * 1_000)
        benchmark.startMeasurement()
        for index in benchmark.scaledIterations {
          let key = keys[(start + index) % keys.count]
          blackHole(limiter.check(context) { _ in key })
        }
        benchmark.stopMeasurement()
      }
    }
    let table = Made { LockedTable(try keys.get()) }
    Benchmark("baseline: dictionary look-up under a lock, \(number) keys") { benchmark in
      let (keys, table, start) = (try keys.get(), try table.get(), benchmark.currentIteration * 1_000)
      benchmark.startMeasurement()
      for index in benchmark.scaledIterations { blackHole(table[keys[(start + index) % keys.count]]) }
      benchmark.stopMeasurement()
    }
  }
  for most in [2_000, 100_000] {
    // The window's 60 000 ms hold 60 000 checks, one a millisecond: the limit of 2 000 refuses nearly all.
    let limiter = Made { try makeLimiter(most, keys: Array(repeating: "user_1", count: 10_000)) }
    Benchmark("rate limit check, one hot key, max_requests \(most)") { benchmark in
      let limiter = try limiter.get()
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(limiter.check(context) { _ in "user_1" }) }
      benchmark.stopMeasurement()
    }
  }
}

private func anyContext() -> RequestContext {
  RequestContext(requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"))
}

private final class LockedTable: Sendable {
  private let table: Mutex<[ByteText: Int]>

  init(_ keys: [ByteText]) { table = Mutex(Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) })) }

  subscript(key: ByteText) -> Int? { table.withLock { $0[key] } }
}

/// A limiter that has seen each key six times within its window, however many they are.
private func makeLimiter(_ maxRequests: Int, keys: [ByteText]) throws -> RateLimiter {
  var configuration = RateLimiterConfiguration()
  configuration.globalLimits = [.global(key: "user_id", maxRequests: maxRequests, window: .seconds(60))]
  configuration.maxTrackedKeys = 1_000_000
  let time = PacedTime(stepNanoseconds: 10_000_000_000 / Int64(keys.count))
  let limiter = try RateLimiter(configuration: configuration, bus: TelemetryBus(node: "bench"), clock: time)
  let context = anyContext()
  for _ in 0..<6 {
    for key in keys { _ = limiter.check(context) { _ in key } }
  }
  return limiter
}

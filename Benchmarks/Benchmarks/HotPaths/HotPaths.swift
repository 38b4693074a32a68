import Benchmark

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions, .throughput], scalingFactor: .kilo, maxDuration: .seconds(2),
    maxIterations: 3_000)
  emitBenchmarks()
  requestBenchmarks()
  rateLimitBenchmarks()
  relayBenchmarks()
  dashboardBenchmarks()
}

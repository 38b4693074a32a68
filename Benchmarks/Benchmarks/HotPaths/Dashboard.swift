import Benchmark
import GenAPIStream
import GenAPITelemetry
import NIOCore

/// What the dashboard does with each event and each state, and one frame of 120 columns and 36 rows.
func dashboardBenchmarks() {
  let line = ByteBuffer(
    string: #"{"t":"event","seq":812,"at":1700000000000000,"name":"phoenix_gen_api.executor.request.stop","#
      + #""m":{"duration_us":1204},"d":{"request_id":"req_81f2","service":"user_service","#
      + #""request_type":"get_user","user_id":"u_17","device_id":"d_1","success":true,"outcome":"ok","#
      + #""version":"1.0.0","async":false}}"#)
  Benchmark("a subscriber reads an event's line") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(FrameDecoder.decode(line)) }
  }
  let still = Made { Watched(functions: 100) }
  Benchmark("the dashboard folds an event") { benchmark in
    let watched = try still.get()
    guard case .success(let frame) = FrameDecoder.decode(line) else { return }
    benchmark.startMeasurement()
    watched.dashboard.withLock { dashboard in
      for _ in benchmark.scaledIterations { dashboard.fold(.frame(frame)) }
    }
    benchmark.stopMeasurement()
  }
  let configuration = Benchmark.Configuration(
    metrics: [.wallClock], scalingFactor: .one, maxDuration: .seconds(2), maxIterations: 1_000)
  for functions in [100, 1_000] {
    let watched = Made { Watched(functions: functions) }
    Benchmark(
      "the dashboard folds a state of \(functions) functions, one by one", configuration: configuration
    ) {
      benchmark in
      let watched = try watched.get()
      let message = watched.nextState()
      benchmark.startMeasurement()
      watched.fold(message)
      benchmark.stopMeasurement()
    }
    Benchmark("the dashboard draws \(functions) functions, one by one", configuration: configuration) {
      benchmark in
      let watched = try watched.get()
      // A frame after a state: nothing of the last one can be used again.
      watched.fold(watched.nextState())
      benchmark.startMeasurement()
      blackHole(watched.draw())
      benchmark.stopMeasurement()
    }
  }
}

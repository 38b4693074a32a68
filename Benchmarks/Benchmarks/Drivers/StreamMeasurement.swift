import Foundation
import GenAPIStream
import GenAPITelemetry

/// A bus with an exporter, events at a steady rate, and subscribers in a process of their own.
enum StreamMeasurement {
  struct NoState: StateSource {
    func currentState() -> GatewayState { GatewayState() }
  }

  static func run(rate: Int, subscribers: Int, seconds: Double) async throws {
    let bus = TelemetryBus(node: "bench")
    let exporter = try await ReadExporter(bus, NoState(), read: "read", subscribers: subscribers)
    _ = exporter.ready()

    let context = RequestContext(
      requestID: "req_81f2", function: FunctionIdentity(service: "user_service", requestType: "get_user"),
      userID: "u_17")
    let event = TelemetryEvent.requestStop(
      RequestStop(request: context, durationUs: 1_204, outcome: .ok, nodeCalled: "app1@10.0.0.7"))
    var encoder = EventEncoder()
    _ = encoder.encode(
      EmittedEvent(
        sequence: 100_000, wallMicroseconds: 1_700_000_000_000_000, monotonicNanoseconds: 0, event: event))
    let time = SystemTime()
    let cpuBefore = cpuSeconds()
    let ownBefore = threadSeconds()
    var emitNs: Int64 = 0
    var emitted = 0
    let start = time.monotonicNanoseconds()
    let end = start + Int64(seconds * 1e9)
    // A batch a millisecond; what a late turn misses is made up for.
    while time.monotonicNanoseconds() < end {
      let due = Int(Double(time.monotonicNanoseconds() - start) / 1e9 * Double(rate))
      let from = time.monotonicNanoseconds()
      for _ in emitted..<max(emitted, due) { bus.emit(event) }
      emitNs += time.monotonicNanoseconds() - from
      emitted = max(emitted, due)
      usleep(1_000)
    }
    // What this loop costs beside emitting is the generator's waking up, not the gateway's.
    let generator = threadSeconds() - ownBefore
    let elapsed = Double(time.monotonicNanoseconds() - start) / 1e9
    try await Task.sleep(for: .milliseconds(500))
    let cpu = cpuSeconds() - cpuBefore - generator
    let answer = try JSONSerialization.jsonObject(with: await exporter.stop())
    guard let read = answer as? [String: Double] else { throw CocoaError(.coderReadCorrupt) }
    let result: [String: Double] = [
      "emitted_per_second": Double(emitted) / elapsed, "emit_ns": Double(emitNs) / Double(emitted),
      "received": read["received"]! / Double(subscribers), "emitted": Double(emitted),
      "lost": read["lost"]! + Double(bus.progress.dropped),
      "gateway_us_per_event": (cpu + Double(emitNs) / 1e9) * 1e6 / Double(emitted),
      "reader_us_per_event": read["cpu"]! * 1e6 / max(1, read["received"]!),
      "event_bytes": encoder.withLine { Double($0.count) },
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: result), as: UTF8.self))
  }
}

/// A line for whoever started this program, at once.
func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

/// The processor time of this thread so far.
func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The processor time of this process so far.
func cpuSeconds() -> Double {
  var usage = rusage()
  // RUSAGE_SELF, which is 0 everywhere, has another type on each system.
  getrusage(.init(0), &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

import Foundation
import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// A gateway with many functions whose states are read by subscribers in another process: what the states cost, and what a
/// request waits for beside them.
struct StateMeasurement {
  let functions: Int
  let subscribers: Int
  /// Functions that are called in each second, each once; 0 for a quiet gateway.
  let changed: Int
  let users: Int
  let seconds: Double

  private let gateway: Gateway
  private let ranOn = RunningThread()
  private let arguments: ValueObject = ["user_id": "u_1"]

  init(functions: Int, subscribers: Int, changed: Int, users: Int, seconds: Double) throws {
    self.functions = functions
    self.subscribers = subscribers
    self.changed = changed
    self.users = users
    self.seconds = seconds
    var configuration = GatewayConfiguration(node: "bench")
    configuration.maxFunctions = 200_000
    configuration.rateLimiter.globalLimits = [
      .global(key: "user_id", maxRequests: 1_000_000_000, window: .seconds(60))
    ]
    gateway = try Gateway(configuration: configuration)
    let ranOn = ranOn
    let get: FunctionRegistry.PlainFunction = {
      ranOn.note()
      return .ok($0.arguments[0])
    }
    gateway.functions.register("Users.get", get)
    let configs = (0..<functions).map {
      FunctionConfig(
        service: "service_\($0 / 10)", requestType: "call_\($0 % 10)",
        function: FunctionReference("Users", "get"), arguments: ["user_id": ArgumentSpec(.string)],
        permission: .open, version: "1.0.0")
    }
    for config in configs { try gateway.configs.add(config) }
  }

  func run() async throws {
    // So that the function is trusted, and its configs have had every kind of latency they will have.
    for index in 0..<40 * 8 { await call(index % 8) }
    for index in 0..<functions { await call(index) }
    for user in 0..<users { await call(user % functions, user: user) }
    // Requests without anybody who watches, in the same process.
    try await settle()
    let alone = await work()
    let exporter = try await ReadExporter(gateway.bus, gateway, read: "drain", subscribers: subscribers)
    // Told when every subscriber has its snapshot.
    let snapshot = try JSONSerialization.jsonObject(with: exporter.ready())
    try await Task.sleep(for: .milliseconds(1_500))
    try await settle()
    let before = cpuSeconds()
    let beside = await work()
    let cpu = cpuSeconds() - before - beside.cpu
    let resident = residentBytes()
    _ = await exporter.stop()
    guard let snapshot = snapshot as? [String: Double] else { throw CocoaError(.coderReadCorrupt) }
    let percent = 100 * cpu / beside.seconds
    let result: [String: Double] = snapshot.merging([
      "cpu_percent": percent, "percent_a_subscriber": percent / Double(max(1, subscribers)),
      "requests": Double(beside.latencies.count), "resident_mb": Double(resident) / 1e6,
      "p99_us": beside.at(0.99), "worst_us": beside.at(1), "worst_held_us": beside.worstHeld,
      "alone_requests": Double(alone.latencies.count),
      "handed_on": Double(beside.handedOn + alone.handedOn), "alone_p99_us": alone.at(0.99),
      "alone_worst_us": alone.at(1), "alone_worst_held_us": alone.worstHeld,
    ]) { $1 }
    print(String(decoding: try JSONSerialization.data(withJSONObject: result), as: UTF8.self))
  }

  /// Waits until the function is called on its caller's thread, a minute at most: on a busy machine a call may look slow, and the
  /// function is called on other threads for a while.
  private func settle() async throws {
    for _ in 0..<600 {
      for _ in 0..<40 { await call(0) }
      let thread = RunningThread.current
      await call(0)
      if ranOn.last == thread { return }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private struct Work {
    var seconds = 0.0
    var cpu = 0.0
    /// Nanoseconds of each request.
    var latencies: [Int64] = []
    /// The most of one but for the time in which its thread waited for a processor, which others had: the longest that the gateway
    /// itself held it up, in microseconds. Of those that stayed on their thread.
    var worstHeld = 0.0
    /// Requests that were handed to other threads, where each of these waited for a processor is not known.
    var handedOn = 0

    func at(_ part: Double) -> Double {
      let sorted = latencies.sorted()
      return sorted.isEmpty ? 0 : Double(sorted[Int(part * Double(sorted.count - 1))]) / 1_000
    }
  }

  /// Calls functions at an even pace, one after the other.
  private func work() async -> Work {
    await Task.detached {
      var work = Work()
      let time = SystemTime()
      let own = threadSeconds()
      var queue = ProcessorQueue()
      let start = time.monotonicNanoseconds()
      let end = start + Int64(seconds * 1e9)
      var done = 0
      while time.monotonicNanoseconds() < end {
        let due = Int(Double(time.monotonicNanoseconds() - start) / 1e9 * Double(changed))
        while done < due {
          let thread = RunningThread.current
          let queued = queue.nanoseconds()
          let from = time.monotonicNanoseconds()
          await call(done % functions)
          let took = time.monotonicNanoseconds() - from
          work.latencies.append(took)
          if ranOn.last == thread, RunningThread.current == thread {
            let held = Double(took - (queue.nanoseconds() - queued)) / 1_000
            work.worstHeld = max(work.worstHeld, held)
          } else {
            work.handedOn += 1
            queue = ProcessorQueue()
          }
          done += 1
        }
        usleep(changed == 0 ? 100_000 : 500)
      }
      // The function is trusted and does not suspend: all of it was on this thread.
      work.cpu = threadSeconds() - own
      work.seconds = Double(time.monotonicNanoseconds() - start) / 1e9
      return work
    }.value
  }

  private func call(_ function: Int, user: Int = 1) async {
    let response = await gateway.execute(
      Request(
        service: "service_\(function / 10)", requestType: "call_\(function % 10)", requestID: "req_1",
        args: arguments, userID: "u_\(user)", version: "1.0.0"))
    precondition(response?.success == true)
  }

  private func residentBytes() -> Int {
    let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
      * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}

import GenAPIChannels
import GenAPITelemetry
import GenAPIValue
import Synchronization

/// Calls a gateway over real sockets and measures how long the answers take.
public struct LoadGenerator: Sendable {
  public let plan: LoadPlan

  public init(_ plan: LoadPlan) { self.plan = plan }

  /// - Throws: `ChannelClientError` when a socket cannot be had, `LoadError` when its topic cannot be joined.
  public func run() async throws -> LoadReport {
    let time = SystemTime()
    var connections: [LoadConnection] = []
    defer { for connection in connections { connection.close() } }
    for number in 0..<max(1, plan.connections) {
      connections.append(try await LoadConnection.open(number, plan, time))
    }
    for connection in connections { connection.begin() }
    try await Task.sleep(for: .seconds(plan.warmUpSeconds))
    for connection in connections { connection.measure() }
    let start = time.monotonicNanoseconds()
    try await Task.sleep(for: .seconds(plan.seconds))
    var report = LoadReport()
    for connection in connections { connection.stop() }
    report.seconds = Double(time.monotonicNanoseconds() - start) / 1e9
    // What is under way is given two seconds more: an answer that is late counts as late, not as missing.
    for _ in 0..<100 where connections.contains(where: { $0.isWaiting }) {
      try await Task.sleep(for: .milliseconds(20))
    }
    report.connections = connections.count
    for connection in connections { report += connection.report() }
    return report
  }
}

/// Why a load generator did not begin.
public struct LoadError: Error, CustomStringConvertible {
  public var description: String
}

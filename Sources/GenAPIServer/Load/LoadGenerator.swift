import GenAPIChannels
import NIOCore
import NIOPosix

/// Calls a gateway over real sockets and measures how long the answers take.
///
/// All its work is done on event loops, by handlers that own what they need: between a message that came and the
/// next one that goes there is no task, no lock and no other thread, so that it is the server that is measured.
package struct LoadGenerator: Sendable {
  package let plan: LoadPlan
  private let group: any EventLoopGroup

  /// Sockets that are opened at one time: a server's backlog is no part of what is measured.
  private static let openedAtOnce = 64

  package init(_ plan: LoadPlan, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
    self.plan = plan
    self.group = group
  }

  /// - Throws: `LoadError` when the plan has a value out of range or the topic cannot be joined, `PhoenixClientError`
  ///   when a socket cannot be had at the beginning. Later losses are in the report.
  package func run() async throws -> LoadReport {
    try plan.validate()
    let loopLoads = try makeLoopLoads()
    do {
      try await open(loopLoads)
      let report = try await measure(loopLoads)
      try await each(loopLoads) { $0.close() }
      return report
    } catch {
      try await each(loopLoads) { $0.close() }
      throw error
    }
  }

  private func makeLoopLoads() throws -> [LoopLoad.Reference] {
    let connector = ClientConnector(plan.client)
    let frames = LoadFrames(plan)
    return group.makeIterator().prefix(plan.connections).map {
      LoopLoad.Reference($0, plan, frames, connector)
    }
  }

  private func open(_ loopLoads: [LoopLoad.Reference]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<plan.connections {
        if number >= Self.openedAtOnce { try await group.next() }
        group.addTask { try await loopLoads[number % loopLoads.count].open(number) }
      }
      try await group.waitForAll()
    }
  }

  private func measure(_ loopLoads: [LoopLoad.Reference]) async throws -> LoadReport {
    try await each(loopLoads) { $0.begin() }
    try await Task.sleep(for: .seconds(plan.warmUpSeconds))
    try await each(loopLoads) { $0.measure() }
    let start = NIODeadline.now()
    try await Task.sleep(for: .seconds(plan.seconds))
    try await each(loopLoads) { $0.stop() }
    let time = NIODeadline.now() - start
    // What is under way is given two seconds more: an answer that is late counts as late, not as missing.
    for _ in 0..<100 {
      guard try await each(loopLoads, { $0.isWaiting }).contains(true) else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    var report = LoadReport()
    for part in try await each(loopLoads, { $0.finalReport }) { report += part }
    report.seconds = Double(time.nanoseconds) / 1e9
    report.connections = plan.connections
    return report
  }

  @discardableResult
  private func each<Result: Sendable>(
    _ loopLoads: [LoopLoad.Reference], _ body: @escaping @Sendable (LoopLoad) -> Result
  ) async throws -> [Result] {
    var results: [Result] = []
    for loopLoad in loopLoads { results.append(try await loopLoad.perform(body)) }
    return results
  }
}

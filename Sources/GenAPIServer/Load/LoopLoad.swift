import GenAPIChannels
import NIOCore
import NIOWebSocket

/// The part of a load generator that lives on one event loop: its connections and what they saw.
final class LoopLoad {
  enum Phase {
    case opening, warmUp, measuring, stopped
  }

  let loop: any EventLoop
  let plan: LoadPlan
  let frames: LoadFrames
  let connector: ClientConnector
  private(set) var phase = Phase.opening
  private(set) var clients: [LoadClient] = []
  var report = LoadReport()
  var random = MaskGenerator()
  private var beats: RepeatedTask?
  /// A server takes a client that says nothing for a minute for dead.
  private static let heartbeat = TimeAmount.seconds(20)

  init(_ loop: any EventLoop, _ plan: LoadPlan, _ frames: LoadFrames, _ connector: ClientConnector) {
    self.loop = loop
    self.plan = plan
    self.frames = frames
    self.connector = connector
  }

  var isMeasuring: Bool { phase == .measuring }
  var isRunning: Bool { phase == .warmUp || phase == .measuring }
  var isWaiting: Bool { clients.contains { $0.measuredUnderWay > 0 } }

  func add(_ number: Int) -> LoadClient {
    let client = LoadClient(number, self)
    clients.append(client)
    return client
  }

  func begin() {
    phase = .warmUp
    let loopLoad = NIOLoopBound(self, eventLoop: loop)
    beats = loop.scheduleRepeatedTask(initialDelay: Self.heartbeat, delay: Self.heartbeat) { _ in
      for client in loopLoad.value.clients { client.beat() }
    }
    for client in clients { client.begin() }
  }

  func measure() { phase = .measuring }

  func stop() {
    for client in clients { client.stop() }
    phase = .stopped
  }

  func close() {
    phase = .stopped
    beats?.cancel()
    for client in clients { client.close() }
  }

  var finalReport: LoadReport {
    var report = report
    report.unanswered = clients.reduce(0) { $0 + Int64($1.measuredUnderWay) }
    return report
  }
}

extension LoopLoad {
  /// The way to a loopLoad from other threads.
  struct Reference: Sendable {
    private let loop: any EventLoop
    private let loopLoad: EventLoopFuture<NIOLoopBound<LoopLoad>>

    init(_ loop: any EventLoop, _ plan: LoadPlan, _ frames: LoadFrames, _ connector: ClientConnector) {
      self.loop = loop
      loopLoad = loop.submit { NIOLoopBound(LoopLoad(loop, plan, frames, connector), eventLoop: loop) }
    }

    func perform<Result: Sendable>(_ body: @escaping @Sendable (LoopLoad) -> Result) async throws -> Result {
      try await loopLoad.map { body($0.value) }.get()
    }

    /// Makes a connection and joins its topic.
    func open(_ number: Int) async throws {
      let client = try await loopLoad.map { NIOLoopBound($0.value.add(number), eventLoop: loop) }.get()
      try await LoadClient.open(client, on: loop)
    }
  }
}

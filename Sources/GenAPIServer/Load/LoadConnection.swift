import GenAPIChannels
import GenAPITelemetry
import GenAPIValue
import Synchronization

/// One socket of a load generator.
final class LoadConnection: Sendable {
  private struct State {
    var report = LoadReport()
    /// When each request under way was due; nil for those of the warm-up.
    var due: [String: Int64] = [:]
    var lastID: Int64 = 0
    var isRunning = true
    var isMeasuring = false
    var joined: CheckedContinuation<Bool, Never>?
    var joinAnswer: Bool?
    var random: SystemRandomNumberGenerator = .init()
    var pacing: Task<Void, Never>?
  }

  private let number: Int
  private let plan: LoadPlan
  private let time: SystemTime
  /// The payloads to choose from, complete but for their request ids.
  private let payloads: [ValueObject]
  private let state = Mutex(State())
  private let client = Mutex<ChannelClient?>(nil)

  private init(_ number: Int, _ plan: LoadPlan, _ time: SystemTime) {
    self.number = number
    self.plan = plan
    self.time = time
    // By weight: at most some thousand entries.
    payloads = plan.mix.flatMap { kind in
      let payload: ValueObject = [
        "service": .string(ByteText(kind.service)), "request_type": .string(ByteText(kind.requestType)),
        "args": .object(kind.args), "request_id": "",
      ]
      return Array(repeating: payload, count: min(max(1, kind.weight), 1_000))
    }
  }

  static func open(_ number: Int, _ plan: LoadPlan, _ time: SystemTime) async throws -> LoadConnection {
    let connection = LoadConnection(number, plan, time)
    let client = try await ChannelClient.connect(
      plan.client, onMessage: { [weak connection] in connection?.took($0) },
      onClose: { [weak connection] _, _ in connection?.closed() })
    connection.client.withLock { $0 = client }
    client.send(
      ChannelMessage(joinRef: "1", ref: "1", topic: ByteText(plan.topic), event: ChannelEvent.join, payload: .json([:]))
    )
    let isJoined = await withCheckedContinuation { continuation in
      let answer = connection.state.withLock { state -> Bool? in
        if state.joinAnswer == nil { state.joined = continuation }
        return state.joinAnswer
      }
      if let answer { continuation.resume(returning: answer) }
    }
    guard isJoined else { throw LoadError(description: "the topic \(plan.topic) cannot be joined") }
    return connection
  }

  // MARK: Sending

  func begin() {
    guard let rate = plan.rate else {
      for _ in 0..<max(1, plan.depth) { send(due: time.monotonicNanoseconds()) }
      return
    }
    let interval = Int64(1e9 * Double(plan.connections) / rate)
    let first = time.monotonicNanoseconds() + Int64.random(in: 0...max(1, interval))
    let task = Task { [weak self] in
      var next = first
      while let self, self.state.withLock({ $0.isRunning }), !Task.isCancelled {
        let now = self.time.monotonicNanoseconds()
        while next <= now {
          // Beyond this the server answers nothing at all.
          if self.state.withLock({ $0.due.count < 10_000 }) { self.send(due: next) }
          next += interval
        }
        try? await Task.sleep(for: .nanoseconds(max(0, next - self.time.monotonicNanoseconds())))
      }
    }
    state.withLock { $0.pacing = task }
  }

  private func send(due: Int64) {
    let request = state.withLock { state -> (String, ValueObject)? in
      guard state.isRunning else { return nil }
      state.lastID += 1
      let id = "\(number)-\(state.lastID)"
      state.due[id] = state.isMeasuring ? due : -1
      if state.isMeasuring { state.report.sent += 1 }
      let chosen =
        payloads.count == 1 ? 0 : Int.random(in: 0..<payloads.count, using: &state.random)
      return (id, payloads[chosen])
    }
    guard case (let id, var payload)? = request, let client = client.withLock({ $0 }) else { return }
    payload["request_id"] = .string(ByteText(id))
    client.send(
      ChannelMessage(
        joinRef: "1", ref: "\(id)", topic: ByteText(plan.topic), event: plan.event, payload: .json(.object(payload))))
  }

  // MARK: Receiving

  private func took(_ message: ChannelMessage) {
    guard case .json(let payload) = message.payload else { return }
    if message.event == ChannelEvent.reply {
      guard message.ref == "1" else { return }
      let isOK = payload["status"] == "ok"
      let waiter = state.withLock { state in
        state.joinAnswer = isOK
        defer { state.joined = nil }
        return state.joined
      }
      waiter?.resume(returning: isOK)
      return
    }
    guard message.event == plan.event, let id = payload["request_id"]?.string else { return }
    let now = time.monotonicNanoseconds()
    let isAnswer = state.withLock { state -> Bool in
      // The first answer ends a request; later ones are parts of it.
      guard let due = state.due.removeValue(forKey: id.string) else { return false }
      guard due >= 0 else { return true }
      state.report.latency.record((now - due) / 1_000)
      if payload["success"] == true {
        state.report.ok += 1
      } else {
        state.report.countError(payload["error"]?.string?.string ?? "no error text")
      }
      return true
    }
    guard isAnswer, plan.rate == nil else { return }
    guard plan.thinkMs > 0 else { return send(due: now) }
    Task { [weak self, thinkMs = plan.thinkMs] in
      try? await Task.sleep(for: .milliseconds(thinkMs))
      guard let self else { return }
      self.send(due: self.time.monotonicNanoseconds())
    }
  }

  private func closed() {
    let waiter = state.withLock { state in
      if state.isRunning { state.report.lostConnections += 1 }
      state.isRunning = false
      state.joinAnswer = state.joinAnswer ?? false
      defer { state.joined = nil }
      return state.joined
    }
    waiter?.resume(returning: false)
  }

  // MARK: Course

  func measure() { state.withLock { $0.isMeasuring = true } }

  func stop() {
    state.withLock { state in
      state.isRunning = false
      state.pacing?.cancel()
    }
  }

  var isWaiting: Bool { state.withLock { $0.due.values.contains { $0 >= 0 } } }

  func report() -> LoadReport {
    state.withLock { state in
      var report = state.report
      report.unanswered = Int64(state.due.values.count { $0 >= 0 })
      return report
    }
  }

  func close() {
    stop()
    client.withLock { $0 }?.close()
  }
}

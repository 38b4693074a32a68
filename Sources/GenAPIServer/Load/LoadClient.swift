import GenAPIChannels
import GenAPIValue
import NIOCore
import NIOWebSocket

/// One connection of a load generator; it outlives its sockets. Used on its event loop only.
final class LoadClient {
  /// Requests under way without an answer; what is due beyond them is not sent and counted so.
  private static let mostUnderWay = 10_000
  /// Between a loss and the first try, and at most between two tries, in milliseconds.
  private static let retryMs: ClosedRange<Int64> = 100...5_000

  private let number: Int
  private let loopLoad: LoopLoad
  /// "number-", which every request's id begins with.
  private let idStart: [UInt8]
  private var lastID: UInt64 = 0
  private struct UnderWay {
    /// When it was due, in nanoseconds; nil for those of the warm-up.
    var due: Int64?
    /// A part of a stream came.
    var hasParts = false
  }

  private var underWay: [UInt64: UnderWay] = [:]
  private(set) var measuredUnderWay = 0
  private var socket: LoadSocket?
  private var joined: EventLoopPromise<Void>?
  private var failedTries: Int64 = 0
  private var pacer: LoadPacer?

  init(_ number: Int, _ loopLoad: LoopLoad) {
    self.number = number
    self.loopLoad = loopLoad
    idStart = Array("\(number)-".utf8)
  }

  var maxMessageBytes: Int { loopLoad.plan.client.maxMessageBytes }

  /// Why a socket ended, in words.
  func words(_ error: any Error) -> String { loopLoad.connector.describe(error) }

  func nextMask() -> UInt32 { loopLoad.random.nextMask() }

  // MARK: Connecting

  /// Opens a socket and joins the topic.
  ///
  /// - Throws: `PhoenixClientError` or `LoadError`, in bounded time.
  static func open(_ client: NIOLoopBound<LoadClient>, on loop: any EventLoop) async throws {
    let (connector, limit) = try await loop.submit {
      (client.value.loopLoad.connector, client.value.loopLoad.plan.joinTimeoutMs)
    }.get()
    let joined = loop.makePromise(of: Void.self)
    let channel: any Channel
    do {
      channel = try await connector.connect(on: loop) { channel in
        let pipeline = channel.pipeline.syncOperations
        // Before the library's encoder and decoder: frames are read and written in one pass here, many at once.
        let encoder = try pipeline.handler(type: WebSocketFrameEncoder.self)
        client.value.joined = joined
        try pipeline.addHandler(LoadSocket(client.value), position: .before(encoder))
      }
    } catch {
      joined.fail(error)
      throw error
    }
    loop.execute { client.value.join() }
    let timer = loop.scheduleTask(in: .milliseconds(limit)) {
      client.value.endJoin(
        .failure(
          LoadError("the join of \(client.value.loopLoad.plan.topic) was not answered within \(limit) ms"))
      )
    }
    joined.futureResult.whenComplete { _ in timer.cancel() }
    do {
      try await joined.futureResult.get()
    } catch {
      channel.close(promise: nil)
      throw error
    }
  }

  /// The socket is not to be written to yet: its change from HTTP is not over.
  func opened(_ socket: LoadSocket) { self.socket = socket }

  private func join() {
    guard let socket else { return }
    socket.write { loopLoad.frames.writeJoin(to: &$0, mask: loopLoad.random.nextMask()) }
    socket.flush()
  }

  func beat() {
    guard let socket else { return }
    socket.write { loopLoad.frames.writeHeartbeat(to: &$0, mask: loopLoad.random.nextMask()) }
    socket.flush()
  }

  private func endJoin(_ result: Result<Void, any Error>) {
    guard let joined else { return }
    self.joined = nil
    if case .success = result {
      failedTries = 0
      joined.succeed()
      if loopLoad.isRunning { begin() }
    } else {
      // Given back before whoever waits for the join closes the socket: this is no loss of a connection.
      socket = nil
      joined.completeWith(result)
    }
  }

  /// The socket ended, or was never joined.
  func lost(_ ended: LoadSocket, _ reason: String) {
    guard ended === socket else { return }
    endJoin(.failure(LoadError("the connection ended before the join of \(loopLoad.plan.topic): \(reason)")))
    guard socket != nil else { return }
    socket = nil
    loopLoad.report.lostRequests += Int64(measuredUnderWay)
    underWay = [:]
    measuredUnderWay = 0
    guard loopLoad.phase != .stopped else { return }
    loopLoad.report.lostConnections += 1
    loopLoad.report.countConnectionError(ByteText(reason))
    connectAgain()
  }

  private func connectAgain() {
    let limits = Self.retryMs
    let wait = min(limits.lowerBound << min(failedTries, 10), limits.upperBound)
    let client = NIOLoopBound(self, eventLoop: loopLoad.loop)
    // Scattered, so that a server that comes back is not met by all at once.
    loopLoad.loop.scheduleTask(in: .milliseconds(Int64.random(in: wait / 2...wait))) {
      [loop = loopLoad.loop] in
      guard client.value.loopLoad.phase != .stopped else { return }
      Task {
        do {
          try await Self.open(client, on: loop)
          loop.execute { client.value.loopLoad.report.reconnects += 1 }
        } catch {
          loop.execute { client.value.couldNotConnect("\(error)") }
        }
      }
    }
  }

  private func couldNotConnect(_ reason: String) {
    guard loopLoad.phase != .stopped else { return }
    failedTries += 1
    loopLoad.report.countConnectionError(ByteText(reason))
    connectAgain()
  }

  // MARK: Sending

  /// Called when the load begins, and again with every new socket.
  func begin() {
    guard let rate = loopLoad.plan.rate else {
      guard let socket, joined == nil else { return }
      let now = Self.now
      for _ in 0..<loopLoad.plan.depth { send(due: now, socket) }
      return socket.flush()
    }
    if pacer == nil {
      pacer = LoadPacer(interval: 1e9 * Double(loopLoad.plan.connections) / rate, now: Self.now)
      sendDue()
    }
  }

  /// Sends what is due by now and comes back for the next.
  private func sendDue() {
    guard loopLoad.isRunning else { return }
    takeDue(until: Self.now)
    socket?.flush()
    guard let next = pacer?.next else { return }
    let client = NIOLoopBound(self, eventLoop: loopLoad.loop)
    loopLoad.loop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(0, next)))) { client.value.sendDue() }
  }

  private func takeDue(until now: Int64) {
    while let due = pacer?.take(until: now) {
      if let socket, joined == nil, underWay.count < Self.mostUnderWay {
        send(due: due, socket)
      } else if loopLoad.isMeasuring {
        loopLoad.report.notSent += 1
      }
    }
  }

  private func send(due: Int64, _ socket: LoadSocket) {
    lastID += 1
    if loopLoad.isMeasuring {
      loopLoad.report.sent += 1
      measuredUnderWay += 1
      underWay[lastID] = UnderWay(due: due)
    } else {
      loopLoad.report.warmUpRequests += 1
      underWay[lastID] = UnderWay(due: nil)
    }
    socket.write {
      loopLoad.frames.writeRequest(to: &$0, idStart: idStart, number: lastID, using: &loopLoad.random)
    }
  }

  // MARK: Receiving

  /// A message that came; the bytes are read only during the call.
  func took(_ text: UnsafeRawBufferPointer, _ socket: LoadSocket) {
    switch loopLoad.frames.answers.read(text) {
    case .answer(let id, let isOK, let error): ended(id, isOK: isOK, error: error, socket)
    case .part(let id): underWay[id]?.hasParts = true
    case .accepted(let id):
      guard underWay[id]?.hasParts == true else { break }
      ended(id, isOK: true, error: nil, socket)
    case .receipt(let id):
      if !loopLoad.plan.waitsForAnswer { ended(id, isOK: true, error: nil, socket) }
    case .joined: endJoin(.success(()))
    case .joinRefused(let reason):
      endJoin(.failure(LoadError("the topic \(loopLoad.plan.topic) cannot be joined: \(reason)")))
    case .channelEnded(let event): socket.end("the server ended the channel with \(event)")
    case .unreadable(let reason):
      loopLoad.report.countConnectionError("a message that cannot be read: \(reason)")
    case .other: break
    }
  }

  /// The last answer ends a request; that it was taken, and parts of a stream, do not.
  private func ended(_ id: UInt64, isOK: Bool, error: ByteText?, _ socket: LoadSocket) {
    guard let entry = underWay.removeValue(forKey: id) else { return }
    let now = Self.now
    if let due = entry.due {
      measuredUnderWay -= 1
      loopLoad.report.latency.record((now - due) / 1_000)
      if isOK { loopLoad.report.ok += 1 } else { loopLoad.report.countError(error ?? "no error text") }
    }
    guard loopLoad.isRunning, loopLoad.plan.rate == nil else { return }
    guard loopLoad.plan.thinkMs > 0 else { return send(due: now, socket) }
    let client = NIOLoopBound(self, eventLoop: loopLoad.loop)
    loopLoad.loop.scheduleTask(in: .milliseconds(loopLoad.plan.thinkMs)) { client.value.sendAfterThought() }
  }

  private func sendAfterThought() {
    guard loopLoad.isRunning, let socket, joined == nil, underWay.count < loopLoad.plan.depth else { return }
    send(due: Self.now, socket)
    socket.flush()
  }

  // MARK: Ending

  /// What was due by now and could not be sent in time is counted.
  func stop() {
    while pacer?.take(until: Self.now) != nil { loopLoad.report.notSent += 1 }
  }

  func close() {
    endJoin(.failure(LoadError("it was stopped")))
    socket?.sayGoodbye()
    socket = nil
  }

  private static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }
}

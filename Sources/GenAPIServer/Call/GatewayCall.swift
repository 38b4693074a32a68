import GenAPIChannels
import GenAPIValue
import NIOCore
import NIOPosix

/// Calls a function of a gateway once, over a socket of its own.
package struct GatewayCall: Sendable {
  package var client: PhoenixClientConfiguration
  package var topic: ByteText = "api:lobby"
  package var event = PhoenixConfiguration.defaultEvent
  package var function: CalledFunction
  /// The function's version; nil for the newest.
  package var version: ByteText?
  package var args: ValueObject
  package var requestID: ByteText = "call-\(UInt64.random(in: .min ... .max))"
  /// How long to wait for the join and for each answer, in milliseconds.
  package var timeoutMs: Int64 = 30_000
  /// False ends it when the gateway has taken the request, for a function that never answers.
  package var waitsForAnswer = true

  /// The server takes a client that says nothing for dead.
  private static let heartbeat = TimeAmount.seconds(20)

  package init(client: PhoenixClientConfiguration, function: CalledFunction, args: ValueObject = [:]) {
    self.client = client
    self.function = function
    self.args = args
  }

  /// Calls, and ends with the last answer.
  ///
  /// - Parameter onAnswer: called for every answer in order, before the next one is read: who writes slowly is sent no
  ///   more than that. What it throws ends the call.
  /// - Throws: `CallError`, and what `onAnswer` throws.
  package func run(_ onAnswer: @escaping @Sendable (CallAnswer) throws -> Void) async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let progress = CallProgress(
      topic: topic, event: event, requestID: requestID, needsReceiptOnly: !waitsForAnswer)
    let session = try await loop.submit {
      NIOLoopBound(CallSession(progress, loop, timeoutMs: timeoutMs, onAnswer), eventLoop: loop)
    }.get()
    let client: PhoenixClient
    do {
      client = try await PhoenixClient.connect(
        self.client, group: loop, onMessage: { session.value.took($0) },
        onUnreadable: { session.value.missed($0) },
        onClose: { code, reason in
          // May come on the way out of a failed connection, on the same loop.
          session.value.closed(code, reason)
        })
    } catch {
      try await loop.submit { session.value.end(.failure(CallError.unanswered("\(error)"))) }.get()
      throw CallError.unanswered("\(self.client.authority): \(error)")
    }
    do {
      try await talk(client, session, loop)
    } catch {
      await client.end()
      throw error
    }
    await client.end()
  }

  /// Joins, asks, and waits for the last answer.
  private func talk(
    _ client: PhoenixClient, _ session: NIOLoopBound<CallSession>, _ loop: any EventLoop
  ) async throws {
    let (joined, ended) = try await loop.submit { session.value.begin() }.get()
    client.send(message(ref: CallProgress.joinRef, PhoenixEvent.join, [:]))
    try await joined.futureResult.get()
    let beats = loop.scheduleRepeatedTask(initialDelay: Self.heartbeat, delay: Self.heartbeat) { _ in
      client.send(
        PhoenixMessage(
          ref: "beat", topic: PhoenixEvent.systemTopic, event: PhoenixEvent.heartbeat, payload: .json([:])))
    }
    defer { beats.cancel() }
    client.send(message(ref: CallProgress.requestRef, event, .object(request)))
    try await ended.futureResult.get()
  }

  private var request: ValueObject {
    var request: ValueObject = [
      "service": .string(function.service), "request_type": .string(function.requestType),
      "request_id": .string(requestID), "args": .object(args),
    ]
    if let version { request["version"] = .string(version) }
    return request
  }

  private func message(ref: MessageReference, _ event: ByteText, _ payload: Value) -> PhoenixMessage {
    PhoenixMessage(
      joinRef: CallProgress.joinRef, ref: ref, topic: topic, event: event, payload: .json(payload))
  }
}

/// A call under way; used on its event loop only.
private final class CallSession {
  let joined: EventLoopPromise<Void>
  let ended: EventLoopPromise<Void>
  private let loop: any EventLoop
  private let timeoutMs: Int64
  private let onAnswer: (CallAnswer) throws -> Void
  private var progress: CallProgress
  private var timer: Scheduled<Void>?
  private var isEnded = false
  /// Why the first message that could not be read could not.
  private var firstUnreadable: MessageError?
  private var unreadableCount = 0

  init(
    _ progress: CallProgress, _ loop: any EventLoop, timeoutMs: Int64,
    _ onAnswer: @escaping (CallAnswer) throws -> Void
  ) {
    self.progress = progress
    self.loop = loop
    self.timeoutMs = timeoutMs
    self.onAnswer = onAnswer
    joined = loop.makePromise()
    ended = loop.makePromise()
  }

  func took(_ message: PhoenixMessage) {
    guard !isEnded else { return }
    switch progress.took(message) {
    case .wait: break
    case .joined:
      restartTimer()
      joined.succeed()
    case .show(let answer):
      restartTimer()
      guard show(answer), answer.kind == .last || progress.needsReceiptOnly else { return }
      end(.success(()))
    case .failed(let error, let answer):
      if let answer, !show(answer) { return }
      end(.failure(error))
    }
  }

  private func show(_ answer: CallAnswer) -> Bool {
    do {
      try onAnswer(answer)
      return true
    } catch {
      end(.failure(error))
      return false
    }
  }

  func begin() -> (joined: EventLoopPromise<Void>, ended: EventLoopPromise<Void>) {
    if !isEnded { restartTimer() }
    return (joined, ended)
  }

  private func restartTimer() {
    timer?.cancel()
    let session = NIOLoopBound(self, eventLoop: loop)
    timer = loop.scheduleTask(in: .milliseconds(timeoutMs)) {
      session.value.end(
        .failure(CallError.unanswered("no answer within \(session.value.timeoutMs) ms")))
    }
  }

  func closed(_ code: UInt16?, _ reason: String) {
    let why = [code.map { "close code \($0)" }, reason.isEmpty ? nil : reason].compactMap(\.self)
    let text = why.isEmpty ? "" : " (\(why.joined(separator: ", ")))"
    end(.failure(CallError.unanswered("the connection ended before the answer\(text)")))
  }

  /// What cannot be read may be the answer, or somebody else's message: it is told if no answer comes.
  func missed(_ error: MessageError) {
    if firstUnreadable == nil { firstUnreadable = error }
    unreadableCount += 1
  }

  func end(_ result: Result<Void, any Error>) {
    guard !isEnded else { return }
    var result = result
    if case .failure(CallError.unanswered(let reason)) = result, let firstUnreadable {
      let messages = unreadableCount == 1 ? "a message" : "\(unreadableCount) messages"
      result = .failure(
        CallError.unanswered("\(reason); \(messages) of the gateway could not be read: \(firstUnreadable)"))
    }
    isEnded = true
    timer?.cancel()
    joined.completeWith(result)
    ended.completeWith(result)
  }
}

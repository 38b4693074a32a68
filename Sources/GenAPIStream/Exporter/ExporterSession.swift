import GenAPIValue

/// One subscriber's side of the protocol, as the server sees it: frames and time go in, actions come out.
///
/// Holds no socket and no clock; times are milliseconds on any clock that does not jump.
struct ExporterSession {
  struct Rules: Sendable {
    var hello: Hello
    /// Required with the first `subscribe` when set.
    var token: ByteText?
    /// Others that are good too.
    var otherTokens: [ByteText] = []
    /// How long a client may say nothing before it gets the default subscription.
    var defaultSubscriptionAfterMs: Int64 = 1_000
    /// How long a client may take to send its token.
    var authenticationMs: Int64 = 5_000
    /// How long the answer to a wrong token is held back.
    var guessMs: Int64 = 1_000
    var pingAfterMs = StreamProtocol.pingAfterMs
    var idleTimeoutMs = StreamProtocol.idleTimeoutMs
  }

  enum Action: Sendable, Equatable {
    case send(Frame)
    /// Send a ping or a pong with the time of sending.
    case ping
    case pong
    /// The token was wrong: nothing more is read, and the answer comes later.
    case guessed
    /// Start over with this subscription: a fresh snapshot, then changes and events.
    case subscribe(Subscription)
    /// Close once everything sent is written. The reason is one of a fixed set, to be counted.
    case close(reason: ByteText)
  }

  private enum Phase: Equatable {
    case waiting
    /// A wrong token came; answered at that time.
    case guessed(answerAt: Int64)
    case subscribed
    case closed
  }

  private var rules: Rules
  private var phase = Phase.waiting
  private var openedAt: Int64 = 0
  private var lastHeard: Int64 = 0
  private var lastSent: Int64 = 0
  /// False for clients that cannot answer a ping: they never said a word, or closed their sending side.
  private var talks = false
  /// A part of its first line is there, and the rest may be on its way.
  private var isSpeaking = false
  /// What the client was let in with: good for its connection, whatever tokens are in force since.
  private var admittedWith: ByteText?

  init(rules: Rules) { self.rules = rules }

  var isClosed: Bool { phase == .closed }

  /// Takes over other tokens. A client that was let in may go on to name the one that it came with, or one of these.
  mutating func replaceTokens(by new: Rules) {
    rules.token = new.token
    rules.otherTokens = new.otherTokens
  }

  mutating func opened(at now: Int64) -> [Action] {
    openedAt = now
    lastHeard = now
    lastSent = now
    return [.send(.hello(rules.hello))]
  }

  /// A part of a line came. Whoever is in the middle of the first one says what it wants in a moment, and has as long for that as
  /// for a token.
  mutating func speaks() { isSpeaking = true }

  /// A line came and was decoded.
  mutating func received(_ line: Result<Frame, FrameError>, at now: Int64) -> [Action] {
    switch phase {
    case .closed, .guessed: return []
    case .waiting, .subscribed: break
    }
    lastHeard = now
    talks = true
    switch line {
    case .failure(let error): return refuse(error)
    case .success(.subscribe(let subscription)): return subscribe(subscription, at: now)
    case .success(.ping):
      // Answered only to those let in: a stranger gets nothing but errors.
      return phase == .subscribed ? [.pong] : []
    case .success(.pong): return []
    case .success(.bye): return close("bye")
    case .success(.error): return close("client_error")
    case .success(let frame):
      return refuse(
        FrameError(
          .unknownFrame, "clients send subscribe, ping, pong, bye and error, not \"\(frame.type)\""))
    }
  }

  /// The client closed its sending side: it still reads, as `echo … | nc` does, or it is gone. What is sent to one that is gone
  /// ends the connection, so something is sent at once: its place is free before the next state is due.
  mutating func inputEnded(at now: Int64) -> [Action] {
    talks = false
    isSpeaking = false
    switch phase {
    case .waiting: return tick(at: openedAt + rules.defaultSubscriptionAfterMs)
    case .subscribed: return [.ping]
    case .guessed, .closed: return []
    }
  }

  /// Something was written, so the client knows that the server lives.
  mutating func wrote(at now: Int64) { lastSent = now }

  /// Time passed. Called a few times a second.
  mutating func tick(at now: Int64) -> [Action] {
    switch phase {
    case .closed: return []
    case .guessed(let answerAt):
      return now >= answerAt ? refuse(FrameError(.unauthorized, "the token is wrong")) : []
    case .waiting:
      if rules.token != nil {
        return now - openedAt >= rules.authenticationMs
          ? refuse(FrameError(.unauthorized, "no token came; send {\"t\":\"subscribe\",\"token\":\"…\"}"))
          : []
      }
      let patienceMs =
        isSpeaking
        ? max(rules.authenticationMs, rules.defaultSubscriptionAfterMs) : rules.defaultSubscriptionAfterMs
      guard !talks, now - openedAt >= patienceMs else {
        return silence(now)
      }
      phase = .subscribed
      return [.subscribe(Subscription(intervalMs: rules.hello.intervalMs))]
    case .subscribed: return silence(now)
    }
  }

  /// The server ends.
  mutating func shutdown(reason: ByteText) -> [Action] {
    guard phase != .closed else { return [] }
    phase = .closed
    return [.send(.bye(reason: reason)), .close(reason: "shutdown")]
  }

  /// Ends the connection with an error frame.
  mutating func refuse(_ error: FrameError) -> [Action] {
    guard phase != .closed else { return [] }
    phase = .closed
    return [.send(.error(code: error.code, message: error.message)), .close(reason: error.code.rawValue)]
  }

  private mutating func close(_ reason: ByteText) -> [Action] {
    phase = .closed
    return [.close(reason: reason)]
  }

  private mutating func silence(_ now: Int64) -> [Action] {
    if talks, now - lastHeard >= rules.idleTimeoutMs {
      return refuse(FrameError(.silent, "nothing came for \(rules.idleTimeoutMs / 1_000) s; answer pings"))
    }
    guard now - lastSent >= rules.pingAfterMs else { return [] }
    lastSent = now
    return [.ping]
  }

  private mutating func subscribe(_ subscription: Subscription, at now: Int64) -> [Action] {
    if let token = rules.token {
      // A connection that was let in needs no token again, but a wrong one is still refused.
      let given = subscription.token ?? (phase == .subscribed ? token : "")
      // All are compared, so that the time does not tell which it was.
      let good = [token] + rules.otherTokens + (admittedWith.map { [$0] } ?? [])
      let matches = good.filter { constantTimeEqual(given, $0) }
      guard !matches.isEmpty else {
        if subscription.token == nil {
          return refuse(
            FrameError(
              .unauthorized, "this gateway wants a token; send {\"t\":\"subscribe\",\"token\":\"…\"}"))
        }
        guard phase == .waiting else { return refuse(FrameError(.unauthorized, "the token is wrong")) }
        phase = .guessed(answerAt: now + rules.guessMs)
        return [.guessed]
      }
    }
    guard subscription.encoding == "json" else {
      return refuse(
        FrameError(
          .unsupportedEncoding,
          "encoding \"\(subscription.encoding)\" is not offered; the one offered is json"))
    }
    guard StreamProtocol.intervalRange.contains(subscription.intervalMs) else {
      let range = StreamProtocol.intervalRange
      return refuse(
        FrameError(
          .badField,
          "interval_ms is \(subscription.intervalMs); it must be \(range.lowerBound) … \(range.upperBound)"))
    }
    if phase == .waiting { admittedWith = subscription.token }
    phase = .subscribed
    return [.subscribe(subscription)]
  }
}

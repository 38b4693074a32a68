import GenAPITelemetry
import GenAPIValue

/// The client's side of the protocol: frames and time go in, actions come out.
///
/// Holds no socket and no clock; times are milliseconds on any clock that does not jump.
struct SubscriberSession {
  enum Action: Sendable, Equatable {
    case send(Frame)
    /// Send a ping or a pong with the time of sending.
    case ping
    case pong
    case deliver(SubscriberEvent)
    case close
  }

  private var subscription: Subscription
  private let token: ByteText?
  private var hello: Hello?
  private var parts = StateParts()
  /// From the first time on that changed buckets alone are asked for.
  private var latencies: ToldLatencies?
  private var isClosed = false
  private var openedAt: Int64 = 0
  private var lastHeard: Int64 = 0
  private var lastSent: Int64 = 0

  /// How long a server may take to say hello, in milliseconds.
  static let helloMs: Int64 = 10_000

  private let mostLatencyBytes: Int

  init(subscription: Subscription, token: ByteText?, mostLatencyBytes: Int = 32_000_000) {
    self.subscription = subscription
    self.token = token
    self.mostLatencyBytes = mostLatencyBytes
  }

  /// True once the server said hello: the connection works.
  var isConnected: Bool { hello != nil }

  /// The gateway's numbers came. One that says hello to everybody and then refuses a token has served nobody: the next try
  /// waits longer.
  private(set) var wasServed = false

  mutating func opened(at now: Int64) {
    openedAt = now
    lastHeard = now
    lastSent = now
  }

  /// The server is taken to live, though nothing was read.
  mutating func heard(at now: Int64) { lastHeard = now }

  /// A state has begun to come, in several lines.
  var isHolding: Bool { parts.isHolding }

  /// The line with whole histograms, whatever came of them.
  mutating func completed(_ line: FrameDecoder.Line) -> Result<FrameDecoder.Line, FrameError> {
    guard latencies != nil else {
      return line.changedSeries.isEmpty ? .success(line) : .failure(FrameDecoder.bucketsAlone)
    }
    var line = line
    do throws(FrameError) {
      try latencies?.complete(&line)
      return .success(line)
    } catch {
      return .failure(error)
    }
  }

  /// More histograms came than are kept: whole ones are asked for instead, once.
  mutating func goesOnWithWholeBuckets(at now: Int64) -> [Action] {
    guard latencies?.isFull == true, subscription.changedBuckets else { return [] }
    subscription.changedBuckets = false
    return hello == nil || isClosed ? [] : [subscribe(now)]
  }

  /// - Parameter hasMore: the line says that the rest of its state follows.
  mutating func received(_ line: Result<Frame, FrameError>, hasMore: Bool = false, at now: Int64) -> [Action]
  {
    guard !isClosed else { return [] }
    lastHeard = now
    switch line {
    case .failure(let error): return fail("the gateway sent a line that is no frame: \(error.message)")
    case .success(let frame):
      if hello == nil { return first(frame, now) }
      let actions = parts.take(frame, hasMore: hasMore).flatMap { next($0, now) }
      return parts.gavePart ? actions + [.deliver(.partialState)] : actions
    }
  }

  /// The same for an event and a state without functions, which is nearly all that comes: what to deliver, without a list of actions;
  /// nil when it is not that simple, and `received` has to decide.
  mutating func receivedAlone(_ frame: Frame, at now: Int64) -> SubscriberEvent? {
    guard !isClosed, let hello, !parts.isHolding else { return nil }
    lastHeard = now
    guard case .event(var record) = frame, record.node == nil else { return .frame(frame) }
    record.node = hello.node
    return .frame(.event(record))
  }

  /// Changes what is asked for, now or when the connection is made.
  mutating func update(_ subscription: Subscription, at now: Int64) -> [Action] {
    self.subscription = subscription
    if latencies?.isFull == true { self.subscription.changedBuckets = false }
    return hello == nil || isClosed ? [] : [subscribe(now)]
  }

  /// When something may be to be done without a frame that comes before; whatever is heard and sent only puts it off. nil: never.
  var nextTick: Int64? {
    if isClosed { return nil }
    let next = hello == nil ? openedAt + Self.helloMs : lastSent + StreamProtocol.pingAfterMs
    return min(next, lastHeard + StreamProtocol.idleTimeoutMs)
  }

  /// Time passed. Called when `nextTick` says, or more often.
  mutating func tick(at now: Int64) -> [Action] {
    guard !isClosed else { return [] }
    if hello == nil, now - openedAt >= Self.helloMs {
      return fail("no hello came within \(Self.helloMs / 1_000) s; is this a telemetry stream?")
    }
    if now - lastHeard >= StreamProtocol.idleTimeoutMs {
      return fail("nothing came for \(StreamProtocol.idleTimeoutMs / 1_000) s")
    }
    guard hello != nil, now - lastSent >= StreamProtocol.pingAfterMs else { return [] }
    lastSent = now
    return [.ping]
  }

  /// The connection ended. Says so unless a reason was told before.
  mutating func ended(_ reason: ByteText) -> [Action] {
    isClosed ? [] : fail(reason)
  }

  private mutating func first(_ frame: Frame, _ now: Int64) -> [Action] {
    switch frame {
    case .hello(let hello):
      guard hello.proto == StreamProtocol.version else {
        return fail(
          "the gateway speaks version \(hello.proto) of the stream, this program version "
            + "\(StreamProtocol.version); use programs of the same release")
      }
      if case .unknown(let word) = hello.auth {
        return refused(
          .unauthorized,
          "the gateway wants \"\(word)\", which this program does not know; use one of its release")
      }
      if hello.auth == .token, token == nil, subscription.token == nil {
        return refused(
          .unauthorized, "the gateway wants a token, and none is set for this target; see --token-file")
      }
      self.hello = hello
      return [.deliver(.connected(hello)), subscribe(now)]
    // A program that exports a gateway of elsewhere has lost it.
    case .error(.gone, let message): return fail(message)
    case .error(let code, let message): return refused(code, "the gateway refused: \(message) (\(code))")
    case .bye(let reason): return goodbye(reason)
    default: return fail("the first frame is \"\(frame.type)\", not hello; is this a telemetry stream?")
    }
  }

  private mutating func next(_ frame: Frame, _ now: Int64) -> [Action] {
    switch frame {
    case .snapshot, .state, .dropped:
      if case .snapshot = frame { wasServed = true }
      return [.deliver(.frame(frame))]
    case .event(var record):
      record.node = record.node ?? hello?.node
      return [.deliver(.frame(.event(record)))]
    case .ping:
      lastSent = now
      return [.pong]
    case .bye(let reason): return goodbye(reason)
    // A program that exports a gateway of elsewhere has lost it.
    case .error(.gone, let message): return fail(message)
    // It heard nothing of us: this program was stopped, or had no time.
    case .error(.silent, _):
      return fail(
        "this program did not answer for too long, and was let go; what happened meanwhile was not seen")
    case .error(let code, let message): return refused(code, "the gateway refused: \(message) (\(code))")
    // A later version may send more than this one knows.
    case .pong, .hello, .subscribe, .recording, .unknown: return []
    }
  }

  private mutating func subscribe(_ now: Int64) -> Action {
    lastSent = now
    var wanted = subscription
    if wanted.changedBuckets, latencies == nil { latencies = ToldLatencies(most: mostLatencyBytes) }
    wanted.token = wanted.token ?? token
    return .send(.subscribe(wanted))
  }

  private mutating func fail(_ message: ByteText) -> [Action] {
    isClosed = true
    return [.deliver(.failed(message)), .close]
  }

  private mutating func refused(_ code: StreamErrorCode, _ message: ByteText) -> [Action] {
    isClosed = true
    return [.deliver(.refused(code, message)), .close]
  }

  private mutating func goodbye(_ reason: ByteText) -> [Action] {
    isClosed = true
    return [.deliver(.closed(reason: reason)), .close]
  }
}

import GenAPIGateway
import GenAPIValue
import Listening
import Locking
import Logging
import NIOCore
import NetworkAddress

/// What all sockets of a server share: the gateway, the bounds and the counters. Used from every event loop.
final class ServerHub: Sendable {
  let gateway: Gateway
  let configuration: PhoenixServerConfiguration
  /// Where clients ask for long polling; nil where none does.
  let longPollPath: ByteText?
  /// As sockets read it.
  let idleMs: Int64
  let authenticator: any Authenticator
  /// What new connections are encrypted with; nil without encryption.
  let tls = Mutex<(any TransportEncryption)?>(nil)
  let routes: [ByteText: HTTPRoute]
  /// Over a Unix socket only.
  let commands: [ByteText: HTTPRoute]
  let logger: Logger
  /// Whatever strangers can cause goes to the log through it.
  let strangers: StrangerLog

  private struct State {
    var statistics = PhoenixServerStatistics()
    /// Of clients, whichever proxies they come through.
    var byAddress: [AddressBlock: Int] = [:]
    /// Connections that are no sockets yet count too: a handshake that does not end fills nothing.
    var connections = 0
    /// Connections beyond the share of their address: refused, and only there until they were told so. They take no room
    /// from others.
    var beyondShare = 0
    var sockets: [ObjectIdentifier: SocketHandler.Reference] = [:]
    /// Connections that are no sockets.
    var plain: [ObjectIdentifier: PlainConnection] = [:]
    var idle: [CheckedContinuation<Void, Never>] = []

    /// Whoever waits looks again.
    mutating func takeIdle() -> [CheckedContinuation<Void, Never>] {
      defer { idle = [] }
      return idle
    }
  }

  private let state = Mutex(State())
  /// By event loop: as many as the server has threads.
  private let turns = Mutex<[ObjectIdentifier: LoopTurns]>([:])
  // Touched by every message, so not behind the lock that all sockets share.
  private let inFlight = Atomic<Int>(0)
  private let messagesIn = Atomic<Int64>(0)
  private let messagesOut = Atomic<Int64>(0)
  private let messagesDropped = Atomic<Int64>(0)
  private let draining = Atomic<Bool>(false)
  private let refusing = Atomic<Bool>(false)
  private let hasWaiters = Atomic<Bool>(false)
  private let madeNs: Int64
  private let hasToldRest = Atomic<Bool>(false)

  init(
    gateway: Gateway, configuration: PhoenixServerConfiguration, authenticator: any Authenticator,
    routes: [ByteText: HTTPRoute], commands: [ByteText: HTTPRoute] = [:], logger: Logger,
    timeLoop: any EventLoop
  ) {
    self.gateway = gateway
    madeNs = gateway.clock.monotonicNanoseconds()
    self.configuration = configuration
    let longPollPath = LongPollRoute.path(besides: configuration.path)
    let isAnswered = !configuration.channels.topics.isEmpty && longPollPath.map { routes[$0] == nil } == true
    self.longPollPath = isAnswered ? longPollPath : nil
    idleMs = configuration.idleTimeout.wholeMilliseconds
    self.authenticator = authenticator
    self.routes = routes
    self.commands = commands
    self.logger = logger
    strangers = StrangerLog(logger: logger, loop: timeLoop)
  }

  /// Whether a request is for one of the paths where sockets are.
  func isForSocket(_ target: RequestTarget) -> Bool { isForJSON(target) || isForTOON(target) }

  /// The same of the one whose messages are TOON.
  func isForTOON(_ target: RequestTarget) -> Bool {
    target.path == configuration.toonPath || target.pathWithoutSlash == configuration.toonPath
  }

  private func isForJSON(_ target: RequestTarget) -> Bool {
    target.path == configuration.path || target.pathWithoutSlash == configuration.path
  }

  // MARK: Connections

  enum Admission {
    case admitted
    case refused(RefusalReason)
    /// Beyond the share of its address, and so are so many that it is not even answered.
    case flooded
  }

  /// Refused connections that are there at one time, to be answered.
  private static let mostAnswered = 256

  /// Counts a new connection; one that is refused is counted too, until `left`.
  func arrived() -> Admission {
    if !gateway.isBegun { tellRest() }
    return state.withLock { state in
      state.connections += 1
      if isDraining { return .refused(.shutdown) }
      return state.connections > configuration.maxConnections ? .refused(.full) : .admitted
    }
  }

  /// Says once that the gateway behind the server is not run, when it has had time to begin.
  @inline(never)
  private func tellRest() {
    guard gateway.clock.monotonicNanoseconds() - madeNs >= 5_000_000_000,
      !hasToldRest.exchange(true, ordering: .relaxed)
    else { return }
    logger.warning(
      "clients come, and the gateway is not run: nothing is pulled, and nothing ends when it should; add the gateway to the services",
      metadata: ["listener": "\(configuration.listenerName)"])
  }

  /// It is known whose connection it is.
  func came(from address: AddressBlock) -> Admission {
    state.withLock { state in
      let count = (state.byAddress[address] ?? 0) + 1
      state.byAddress[address] = count
      guard count > configuration.maxConnectionsPerAddress else { return .admitted }
      state.connections -= 1
      state.beyondShare += 1
      return state.beyondShare > Self.mostAnswered ? .flooded : .refused(.addressFull)
    }
  }

  /// - Parameters:
  ///   - address: where `came` was told.
  ///   - isBeyondShare: it answered anything but `admitted`.
  func left(from address: AddressBlock?, isBeyondShare: Bool) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      if isBeyondShare { state.beyondShare -= 1 } else { state.connections -= 1 }
      if let address {
        let rest = (state.byAddress[address] ?? 1) - 1
        state.byAddress[address] = rest > 0 ? rest : nil
      }
      return isDraining ? state.takeIdle() : []
    }
    for waiter in waiting { waiter.resume() }
  }

  /// Far too many: not even an answer is made.
  var isFlooded: Bool {
    state.withLock { $0.connections > configuration.maxConnections + Self.mostAnswered }
  }

  /// Clients come when hardly any descriptors are left: told once a minute, however many they are.
  func noteReserve() {
    AcceptRefusals.shared.turnedAway()
    strangers.note(
      .error,
      "clients are refused: the last descriptors are kept for health, control, telemetry and nodes; raise the limit"
        + " (LimitNOFILE, ulimit -n) or lower websocket.max_connections",
      from: "any")
  }

  func refused(_ reason: RefusalReason) {
    state.withLock { $0.statistics.refused[reason.text, default: 0] += 1 }
  }

  /// A connection that is no socket: nothing is under way on it while it has not asked, or has its answer and only to take it.
  struct PlainConnection {
    /// When that began, on the gateway's monotonic clock; nil while its answer is made.
    var restsSinceNs: Int64?
    /// It has asked something: it waits for its answer, or has it.
    var hasAsked = false
    let close: @Sendable () -> Void
  }

  /// nil for one that has become a socket, or has ended.
  func plain(_ id: ObjectIdentifier, _ connection: PlainConnection?) {
    state.withLock { $0.plain[id] = connection }
  }

  /// Its answer is made now, or is on its way.
  func plain(_ id: ObjectIdentifier, restsSinceNs: Int64?) {
    state.withLock { state in
      state.plain[id]?.restsSinceNs = restsSinceNs
      state.plain[id]?.hasAsked = true
    }
  }

  /// Closes those of the connections on which nothing is under way that are more than these: first those that have asked nothing, the
  /// oldest before others.
  ///
  /// - Parameters:
  ///   - most: nil for any number.
  ///   - newest: has just come, and stays.
  func closeResting(beyond most: Int?, but newest: ObjectIdentifier) {
    guard let most else { return }
    let leaving = state.withLock { state -> [PlainConnection] in
      let resting = state.plain.filter { $0.key != newest && $0.value.restsSinceNs != nil }.values
      guard resting.count >= most else { return [] }
      func order(_ connection: PlainConnection) -> (Int, Int64) {
        (connection.hasAsked ? 1 : 0, connection.restsSinceNs ?? .max)
      }
      return Array(resting.sorted { order($0) < order($1) }.prefix(resting.count - most + 1))
    }
    guard !leaving.isEmpty else { return }
    for connection in leaving {
      refused(.descriptors)
      connection.close()
    }
    strangers.note(
      .warning,
      "connections that ask nothing give way to others, as few descriptors are left",
      from: "any", metadata: ["listener": "\(configuration.listenerName)"])
  }

  // MARK: Sockets

  func turns(on loop: any EventLoop) -> LoopTurns {
    turns.withLock { turns in
      let id = ObjectIdentifier(loop)
      if let found = turns[id] { return found }
      let made = LoopTurns()
      turns[id] = made
      return made
    }
  }

  /// False when the server shuts down: then the socket closes at once.
  func opened(_ socket: SocketHandler.Reference) -> Bool {
    state.withLock { state in
      state.statistics.accepted += 1
      state.statistics.sockets += 1
      state.sockets[socket.id] = socket
      return !isDraining
    }
  }

  func closed(_ id: ObjectIdentifier, reason: CloseReason, code: UInt16) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard state.sockets.removeValue(forKey: id) != nil else { return [] }
      state.statistics.sockets -= 1
      state.statistics.closed[reason.text, default: 0] += 1
      // What else a client thinks of is one code.
      let isNamed = PhoenixServerStatistics.namedCloseCodes.contains(code)
      state.statistics.closeCodes[isNamed ? code : 0, default: 0] += 1
      return state.takeIdle()
    }
    for waiter in waiting { waiter.resume() }
  }

  /// Counts a request that is about to run; false, and not counted, when the server shuts down. Whoever waits for
  /// the last request sees this one, or this one sees that the server shuts down.
  func requestBegins() -> Bool {
    inFlight.add(1, ordering: .sequentiallyConsistent)
    guard isRefusing else { return true }
    requestEnded()
    return false
  }

  /// Counts an asynchronous call or a stream of a request that runs, so nobody sees that none does in between.
  func workBegins() { inFlight.add(1, ordering: .sequentiallyConsistent) }

  func requestEnded() {
    let left = inFlight.subtract(1, ordering: .sequentiallyConsistent).newValue
    guard left == 0, hasWaiters.load(ordering: .sequentiallyConsistent) else { return }
    for waiter in state.withLock({ $0.takeIdle() }) { waiter.resume() }
  }

  func count(messagesIn: Int64, messagesOut: Int64) {
    if messagesIn > 0 { self.messagesIn.add(messagesIn, ordering: .relaxed) }
    if messagesOut > 0 { self.messagesOut.add(messagesOut, ordering: .relaxed) }
  }

  var statistics: PhoenixServerStatistics {
    var statistics = state.withLock { state in
      var statistics = state.statistics
      statistics.connections = state.connections + state.beyondShare
      return statistics
    }
    statistics.inFlight = inFlight.load(ordering: .relaxed)
    statistics.messagesIn = messagesIn.load(ordering: .relaxed)
    statistics.messagesOut = messagesOut.load(ordering: .relaxed)
    statistics.messagesDropped = messagesDropped.load(ordering: .relaxed)
    return statistics
  }

  /// Counts a message of an earlier join of its topic, and says so in the log.
  func noteDropped(_ message: PhoenixMessage, joined: JoinedTopic, _ identity: ClientIdentity) {
    messagesDropped.add(1, ordering: .relaxed)
    strangers.note(
      .debug, "a message is dropped: its join_ref is not that of its topic's join",
      from: identity.ipAddress?.string ?? "unix",
      metadata: [
        "topic": "\(message.topic.cut(bytes: 64))", "event": "\(message.event.cut(bytes: 64))",
        "join_ref": "\(message.joinRef?.text.cut(bytes: 64) ?? "none")",
        "joined_with": "\(joined.joinRef?.text.cut(bytes: 64) ?? "none")",
      ])
  }

  /// Says in the log that a client was cut off.
  func noteSlowReader(_ identity: ClientIdentity, waitingBytes: Int) {
    strangers.note(
      .notice, "a client that reads too slowly was cut off", from: identity.ipAddress?.string ?? "unix",
      metadata: [
        "user": identity.userID.map { "\($0.cut(bytes: 256))" } ?? "none", "waiting_bytes": "\(waitingBytes)",
        "outgoing_bytes": "\(configuration.outgoingBytes)",
      ])
  }

  // MARK: Shutting down

  /// From now on nobody is let in.
  ///
  /// - Returns: the sockets that are open.
  func beginDraining() -> [SocketHandler.Reference] {
    draining.store(true, ordering: .sequentiallyConsistent)
    return state.withLock { Array($0.sockets.values) }
  }

  /// Whether a handshake gets 503 now. Not with a socket that the next process has, too: whoever was accepted here before is let
  /// in and sent away with 1001, to come back to that process.
  var refusesHandshakes: Bool { isDraining && configuration.listeningSocket == nil }

  var isDraining: Bool { draining.load(ordering: .sequentiallyConsistent) }

  /// From now on every new request is refused, whichever socket it comes on.
  func beginRefusing() { refusing.store(true, ordering: .sequentiallyConsistent) }

  var isRefusing: Bool { refusing.load(ordering: .sequentiallyConsistent) }

  var requestsInFlight: Int { inFlight.load(ordering: .sequentiallyConsistent) }

  var openSockets: Int { state.withLock { $0.sockets.count } }

  /// Returns once no request runs.
  func requestsEnded() async {
    await wait { [self] _ in inFlight.load(ordering: .sequentiallyConsistent) == 0 }
  }

  /// Returns once no socket is open.
  func socketsEnded() async { await wait { $0.sockets.isEmpty } }

  /// Returns once no connection is open.
  func connectionsEnded() async { await wait { $0.connections + $0.beyondShare == 0 } }

  /// Closes the connections on which nothing has been under way for so long.
  func closeResting(forMs: Int64) {
    let latestNs = gateway.clock.monotonicNanoseconds().saturatingSubtract(
      forMs.saturatingMultiply(1_000_000))
    let resting = state.withLock { state in
      state.plain.values.filter { $0.restsSinceNs.map { $0 <= latestNs } ?? false }
    }
    for connection in resting { connection.close() }
  }

  private func wait(until holds: @Sendable (borrowing State) -> Bool) async {
    hasWaiters.store(true, ordering: .sequentiallyConsistent)
    while !Task.isCancelled {
      let isOver = state.withLock { holds($0) }
      if isOver { return }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let resumeNow = state.withLock { state in
            if holds(state) || Task.isCancelled { return true }
            state.idle.append(continuation)
            return false
          }
          if resumeNow { continuation.resume() }
        }
      } onCancel: {
        let waiting = state.withLock { state in
          defer { state.idle = [] }
          return state.idle
        }
        for waiter in waiting { waiter.resume() }
      }
    }
  }
}

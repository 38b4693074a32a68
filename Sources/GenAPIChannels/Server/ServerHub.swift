import GenAPIGateway
import Logging
import NIOCore
import Synchronization

/// What all sockets of a server share: the gateway, the bounds and the counters. Used from every event loop.
final class ServerHub: Sendable {
  let gateway: Gateway
  let configuration: ChannelServerConfiguration
  let authenticator: any Authenticator
  let routes: [String: HTTPRoute]
  let logger: Logger

  private struct State {
    var statistics = ChannelServerStatistics()
    var byAddress: [String: Int] = [:]
    /// Connections that are no sockets yet count too: a handshake that does not end fills nothing.
    var connections = 0
    var sockets: [ObjectIdentifier: SocketHandler.Reference] = [:]
    var isDraining = false
    var idle: [CheckedContinuation<Void, Never>] = []

    /// Whoever waits looks again.
    mutating func takeIdle() -> [CheckedContinuation<Void, Never>] {
      guard !idle.isEmpty, statistics.inFlight == 0 || sockets.isEmpty else { return [] }
      defer { idle = [] }
      return idle
    }
  }

  private let state = Mutex(State())

  init(
    gateway: Gateway, configuration: ChannelServerConfiguration, authenticator: any Authenticator,
    routes: [String: HTTPRoute], logger: Logger
  ) {
    self.gateway = gateway
    self.configuration = configuration
    self.authenticator = authenticator
    self.routes = routes
    self.logger = logger
  }

  // MARK: Connections

  enum Admission {
    case admitted
    case refused(String)
  }

  /// Counts a new connection; one that is refused is counted too, until `left`.
  func arrived(from address: String?) -> Admission {
    state.withLock { state in
      state.connections += 1
      let address = address ?? ""
      state.byAddress[address, default: 0] += 1
      if state.isDraining { return .refused("shutdown") }
      if state.connections > configuration.maxConnections { return .refused("full") }
      if address != "", state.byAddress[address, default: 0] > configuration.maxConnectionsPerAddress {
        return .refused("address_full")
      }
      return .admitted
    }
  }

  func left(from address: String?) {
    state.withLock { state in
      state.connections -= 1
      let address = address ?? ""
      let rest = (state.byAddress[address] ?? 1) - 1
      state.byAddress[address] = rest > 0 ? rest : nil
    }
  }

  /// Far too many: not even an answer is made.
  var isFlooded: Bool {
    state.withLock { $0.connections > configuration.maxConnections + 256 }
  }

  func refused(_ reason: String) { state.withLock { $0.statistics.refused[reason, default: 0] += 1 } }

  // MARK: Sockets

  /// False when the server shuts down: then the socket closes at once.
  func opened(_ socket: SocketHandler.Reference) -> Bool {
    state.withLock { state in
      state.statistics.accepted += 1
      state.statistics.sockets += 1
      state.sockets[socket.id] = socket
      return !state.isDraining
    }
  }

  func closed(_ id: ObjectIdentifier, reason: String) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard state.sockets.removeValue(forKey: id) != nil else { return [] }
      state.statistics.sockets -= 1
      state.statistics.closed[reason, default: 0] += 1
      return state.takeIdle()
    }
    for waiter in waiting { waiter.resume() }
  }

  func requestBegan() { state.withLock { $0.statistics.inFlight += 1 } }

  func requestEnded() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.statistics.inFlight -= 1
      return state.takeIdle()
    }
    for waiter in waiting { waiter.resume() }
  }

  func count(messagesIn: Int64 = 0, messagesOut: Int64 = 0) {
    state.withLock { state in
      state.statistics.messagesIn += messagesIn
      state.statistics.messagesOut += messagesOut
    }
  }

  var statistics: ChannelServerStatistics { state.withLock { $0.statistics } }

  // MARK: Shutting down

  /// From now on nobody is let in and every new request is refused.
  func beginDraining() -> [SocketHandler.Reference] {
    state.withLock { state in
      state.isDraining = true
      return Array(state.sockets.values)
    }
  }

  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// Returns once no request runs.
  func requestsEnded() async { await wait { $0.statistics.inFlight == 0 } }

  /// Returns once no socket is open.
  func socketsEnded() async { await wait { $0.sockets.isEmpty } }

  private func wait(until holds: @Sendable (borrowing State) -> Bool) async {
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

import Listening
import NIOCore
import NIOPosix
import OutsideText

/// Connections to other nodes, made when somebody wants them.
extension LocalNode {
  /// The connection to a node, which is made when there is none.
  ///
  /// - Parameter limit: how long its caller waits; the attempt goes on without it. nil waits as long as the attempt takes.
  /// - Throws: `CallError.unreachable` saying why, `overloaded` when too many wait, `cancelled`.
  func peer(_ node: ByteText, within limit: Duration? = nil) async throws(CallError) -> PeerConnection {
    if let peer = core.peer(node) { return peer }
    let number = core.makeNumber()
    let core = core
    var timer: Scheduled<Void>?
    let result: Result<PeerConnection, CallError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let nowNs = NIODeadline.now().uptimeNanoseconds
        let place = core.withState {
          state -> Result<ConnectAttempts<NodeCore.ConnectWaiter>.Place, CallError>? in
          if let peer = state.peers[node] {
            continuation.resume(returning: .success(peer))
            return nil
          }
          guard state.attempts.waiting + state.pending.count < core.configuration.maxCalls else {
            return .failure(.overloaded)
          }
          return .success(state.attempts.join(node, number, continuation, at: nowNs))
        }
        switch place {
        case nil: return
        case .failure(let error): return continuation.resume(returning: .failure(error))
        case .success(let place):
          if place.begins { begin(node) }
          if let limit {
            let brief = Int64(ConnectAttempts<NodeCore.ConnectWaiter>.briefNs / 1_000_000)
            let limitMs = max(0, min(limit.wholeMilliseconds, place.isBrief ? brief : 86_400_000))
            let last = place.lastFailure.map { "; before: \($0)" } ?? ""
            timer = core.timeLoop.scheduleTask(in: .milliseconds(limitMs)) {
              core.waitsNoLonger(
                number, for: node, .unreachable("not connected within \(limitMs) ms\(last)"))
            }
          }
          // Cancelled before it waited: nobody else would end it.
          if Task.isCancelled { core.waitsNoLonger(number, for: node, .cancelled) }
        }
      }
    } onCancel: {
      core.waitsNoLonger(number, for: node, .cancelled)
    }
    timer?.cancel()
    return try result.get()
  }

  /// On its own: who asked for the connection may give up waiting, and others still want it.
  private func begin(_ node: ByteText) {
    Task {
      do {
        core.connectEnded(node, .success(try await open(node)))
      } catch {
        core.connectEnded(
          node, .failure(error as? CallError ?? .unreachable(ByteText(core.words(error)))))
      }
    }
  }

  private func open(_ node: ByteText) async throws -> PeerConnection {
    guard node != self.name else { throw CallError.unreachable("\(node) is this node itself") }
    guard let name = NodeName(node) else { throw LocalNodeError.invalidName(node) }
    let port: Int
    if let fixed = configuration.fixedPorts[node] {
      port = fixed
    } else {
      guard var epmd = configuration.epmd else {
        throw CallError.unreachable("\(node) has no fixed port, and epmd is not asked")
      }
      epmd.host = name.host.string
      guard let entry = try await epmd.lookUp(name.alive.string) else {
        throw CallError.unreachable("no node \(name.alive) is registered on \(name.host)")
      }
      guard entry.highestVersion >= 6 else { throw DistributionHandshakeError.unsupported(node: node.string) }
      port = entry.port
    }
    core.withState { _ = $0.connecting.insert(node) }
    defer { core.withState { _ = $0.connecting.remove(node) } }
    let core = core
    let established = try await ClientBootstrap(group: group)
      .connectTimeout(.milliseconds(configuration.handshakeTimeout.wholeMilliseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: name.host.string, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls = core.tls {
            try channel.pipeline.syncOperations.addHandler(tls.handlerOfClient(host: nil))
          }
          let established = channel.eventLoop.makePromise(of: PeerConnection.self)
          try channel.pipeline.syncOperations.addHandler(
            PeerHandler(node: core, to: node, established: established))
          return established.futureResult
        }
      }
    return try await established.get()
  }
}

/// Who waits for a connection, and is told.
extension NodeCore {
  typealias ConnectWaiter = CheckedContinuation<Result<PeerConnection, CallError>, Never>

  /// Why no connection came about, in words.
  func words(_ error: any Error) -> String {
    if let said = tls?.describe(error), said != EncryptionProblem.ended.rawValue {
      return EncryptionProblem.words(said, about: "the node")
    }
    switch error {
    case _ where tls?.describe(error) != nil: return DistributionHandshakeError.closed.description
    case ChannelError.connectTimeout: return "no answer"
    default: return ConnectionProblem.describe(error)
    }
  }

  func waitsNoLonger(_ number: UInt64, for node: ByteText, _ error: CallError) {
    withState { $0.attempts.leave(node, number) }?.resume(returning: .failure(error))
  }

  func connectEnded(_ node: ByteText, _ result: Result<PeerConnection, CallError>) {
    let nowNs = NIODeadline.now().uptimeNanoseconds
    var reason: ByteText?
    if case .failure(.unreachable(let why)) = result { reason = why }
    let (waiters, peer, count) = withState { [reason] state in
      let waiters = state.attempts.ended(node, failed: reason, at: nowNs)
      let peer = state.peers[node]
      return (waiters, peer, peer == nil ? reason.flatMap { state.failingDials.failed(node, $0) } : nil)
    }
    if let count, let reason {
      configuration.logger.warning(
        "a node cannot be connected to",
        metadata: ["node": "\(node)", "reason": "\(reason)", "attempts": .stringConvertible(count)])
    }
    // The other node may have connected to us at the same time.
    let told = peer.map { .success($0) } ?? result
    for waiter in waiters { waiter.resume(returning: told) }
  }
}

import Logging
import NIOCore
import OutsideText

/// What comes from other nodes.
extension NodeCore {
  /// - Parameter bytes: how large it was on the wire.
  func received(_ message: DistributionMessage, from peer: PeerConnection, bytes: Int) {
    messagesIn.wrappingAdd(1, ordering: .relaxed)
    switch message {
    case .send(let to, let term): took(term, for: to, bytes)
    case .sendAlias(_, let alias, let term): tookAlias(term, alias)
    case .sendNamed(let from, let name, let term): took(term, named: name, from: from, peer, bytes)
    case .monitorExit(let process, let to, let reference, let reason): ended(process, reference, to, reason)
    case .spawnReply(let id, _, _, let result):
      // A pid says that the process runs; an atom why it could not be started.
      switch result {
      case .atom("noconnection"):
        finish(id, .failure(.unreachable("\(peer.name) takes no more calls: it shuts down")))
      case .atom: finish(id, .failure(.raised(result, stack: nil)))
      default: break
      }
    case .spawnRequest: serveSpawn(message, peer)
    case .monitor(let from, let to, let reference): watch(from, to, reference, peer)
    case .demonitor(_, _, let reference): withState { $0.monitors.remove(reference) }
    case .link(let from, let to):
      if !link(from, to) { peer.send(.exit(from: to, to: from, reason: .atom("noproc"))) }
    case .unlink(let id, let from, let to):
      withState { $0.links.remove(from, of: to.id) }
      if id != 0 { peer.send(.unlinkAck(id: id, from: to, to: from)) }
    case .unlinkAck: break
    case .exit(let from, let to, let reason):
      withState { $0.links.remove(from, of: to.id) }
      deliver(.exit(from: from, reason: reason), bytes: bytes, to: to.id)
    case .exit2(let from, let to, let reason):
      // To a link of the dead it looks as if something else had killed it.
      let reason = reason == .atom("kill") ? Term.atom("killed") : reason
      deliver(.exit(from: from, reason: reason), bytes: bytes, to: to.id)
    case .unknown(let kind):
      configuration.logger.debug(
        "a control message of a kind that is not known",
        metadata: ["kind": "\(kind)", "node": "\(peer.name)"])
    }
  }

  /// A message for a process: an answer to one of our calls, or something for a mailbox.
  private func took(_ term: Term, for pid: Pid, _ bytes: Int) {
    if let parts = term.tupleElements, parts.count == 2, case .reference(let tag) = parts[0],
      finish(tag, .success(parts[1]))
    {
      return
    }
    // A process that runs for us prints to its group leader, and waits for it.
    if let parts = term.tupleElements, parts.count == 4, parts[0] == .atom("io_request"),
      case .pid(let from) = parts[1]
    {
      self.peer(from.node)?.send(.send(to: from, .tuple([.atom("io_reply"), parts[2], .atom("ok")])))
      return
    }
    // What was printed for us elsewhere is printed; nobody waits to hear it.
    if pid.id == groupLeader.id, term.tupleElements?.first == .atom("io_reply") { return }
    deliver(.message(term), bytes: bytes, to: pid.id)
  }

  private func tookAlias(_ term: Term, _ alias: Reference) {
    if let parts = term.tupleElements, parts.count == 2, finish(alias, .success(parts[1])) { return }
    withState { $0.statistics.messagesDropped += 1 }
  }

  private func took(_ term: Term, named name: ByteText, from: Pid, _ peer: PeerConnection, _ bytes: Int) {
    let (mailbox, isServer) = withState { state in
      (state.names[name], Self.builtIn.contains(name) || state.servers[name] != nil)
    }
    if let mailbox { return deliver(.message(term), bytes: bytes, to: mailbox) }
    if isServer { return serve(term, named: name, from: from, peer) }
    withState { $0.statistics.messagesDropped += 1 }
  }

  private func ended(
    _ process: DistributionMessage.Target, _ reference: Reference, _ to: Pid, _ reason: Term
  ) {
    guard let number = number(of: reference) else { return }
    let (pending, watch) = withState { state in
      if case .pid(let holder) = process, state.lockHolders[holder] == number {
        state.lockHolders[holder] = nil
        state.globalLocks.release(holder)
      }
      return (state.pending.removeValue(forKey: number), state.watches.remove(number))
    }
    if let watch { deliver(.down(reference, reason: reason), to: watch.mailbox) }
    guard let pending else { return }
    switch pending.kind {
    case .erpc(let mark): pending.continuation.resume(returning: Self.result(of: reason, mark))
    case .gen: pending.continuation.resume(returning: .failure(.exited(reason)))
    }
  }

  /// False when nobody waits for it.
  @discardableResult
  func finish(_ reference: Reference, _ result: Result<Term, CallError>) -> Bool {
    number(of: reference).map { finish($0, result) } ?? false
  }

  @discardableResult
  func finish(_ number: UInt64, _ result: Result<Term, CallError>) -> Bool {
    guard let pending = withState({ $0.pending.removeValue(forKey: number) }) else { return false }
    pending.continuation.resume(returning: result)
    return true
  }

  /// How `erpc` says a result: as the reason of its process's end.
  private static func result(of reason: Term, _ mark: Term) -> Result<Term, CallError> {
    guard let parts = reason.tupleElements, parts.count >= 3, parts[0] == mark else {
      return reason == .atom("noconnection") ? .failure(.connectionLost) : .failure(.exited(reason))
    }
    switch parts[1] {
    case .atom("return"): return .success(parts[2])
    case .atom("throw"): return .failure(.thrown(parts[2]))
    case .atom("exit"): return .failure(.exited(parts[2]))
    default: return .failure(.raised(parts[2], stack: parts.count > 3 ? parts[3] : nil))
    }
  }

  /// Somebody links to one of our processes; false when it is not there, or too many are linked.
  private func link(_ process: Pid, _ own: Pid) -> Bool {
    withState { state in
      // Not the mailbox itself: were this the last to hold it, it would end here, under the lock.
      guard state.mailboxes[own.id] != nil, state.links.count < configuration.maxCalls else {
        return false
      }
      state.links.insert(process, to: own.id)
      return true
    }
  }

  /// Somebody watches one of our processes.
  private func watch(
    _ watcher: Pid, _ target: DistributionMessage.Target, _ reference: Reference, _ peer: PeerConnection
  ) {
    let isThere = withState { state -> Bool in
      let isThere =
        switch target {
        case .pid(let pid): pid.id == groupLeader.id || state.mailboxes[pid.id] != nil
        case .name(let name):
          state.names[name] != nil || state.servers[name] != nil || Self.builtIn.contains(name)
        }
      // Bounded, so that a stranger cannot fill the table.
      guard isThere, state.monitors.count < configuration.maxCalls else { return false }
      state.monitors.insert(.init(peer: peer.name, watcher: watcher, target: target), reference)
      return true
    }
    if !isThere {
      peer.send(.monitorExit(from: target, to: watcher, reference, reason: .atom("noproc")))
    }
  }
}

/// The part of a visible node in `global`: it keeps locks, and says of itself that it is in sync.
///
/// It knows no global names and takes none on, so there is nothing to exchange: a node that begins to is told
/// `in_sync`, the last word of that conversation. `global` then waits for it nowhere, neither in `sync` nor with a lock
/// held, and no node has to leave the cluster when this one goes.
extension NodeCore {
  private static let protocolVersion: Int64 = 8

  func serveGlobal(_ request: Term, _ call: ServerCall) {
    let parts = request.tupleElements ?? [request]
    switch parts.first?.atomName {
    case "set_lock": answer(call, .atom(setLock(parts.dropFirst().first, call) ? "true" : "false"))
    case "del_lock":
      deleteLock(parts.dropFirst().first, call)
      answer(call, .atom("true"))
    case "register", "register_ext": answer(call, .atom("yes"))
    case "unregister", "sync": answer(call, .atom("ok"))
    case "get_known", "get_synced", "get_names_ext", "disconnect": answer(call, .list([]))
    case "get_protocol_version": answer(call, .integer(Self.protocolVersion))
    default: refuse(call, .atom("not_supported"))
    }
  }

  func tookGlobalMessage(_ message: Term, _ peer: PeerConnection) {
    guard let parts = message.tupleElements else { return }
    if parts.count == 2, parts[0] == .atom("$gen_cast"), let cast = parts[1].tupleElements,
      cast.first == .atom("init_connect")
    {
      let inSync = Term.tuple([.atom("in_sync"), .atom(configuration.name), .atom("true")])
      peer.send(
        .sendNamed(
          from: groupLeader, to: "global_name_server", .tuple([.atom("$gen_cast"), inSync])))
    }
    if parts.count == 3, parts[0] == .atom("whereis"), let caller = parts[2].tupleElements,
      caller.count == 2, case .pid(let from) = caller[0]
    {
      let call = ServerCall(process: "global_name_server", from: from, tag: caller[1], peer: peer)
      answer(call, .atom("undefined"))
    }
  }

  private func setLock(_ term: Term?, _ call: ServerCall) -> Bool {
    guard let (resource, requester) = Self.lock(term) else { return false }
    let number = makeNumber()
    let (isSet, isNew) = withState { state -> (Bool, Bool) in
      guard state.globalLocks.set(resource, requester: requester, call.from) else { return (false, false) }
      guard state.lockHolders[call.from] == nil else { return (true, false) }
      state.lockHolders[call.from] = number
      return (true, true)
    }
    // Its end sets free what it holds.
    if isNew { call.peer.send(.monitor(from: groupLeader, to: .pid(call.from), reference(number))) }
    return isSet
  }

  private func deleteLock(_ term: Term?, _ call: ServerCall) {
    guard let (resource, requester) = Self.lock(term) else { return }
    let watched = withState { state -> UInt64? in
      state.globalLocks.delete(resource, requester: requester, call.from)
      guard !state.globalLocks.holds(call.from) else { return nil }
      return state.lockHolders.removeValue(forKey: call.from)
    }
    guard let watched else { return }
    call.peer.send(.demonitor(from: groupLeader, to: .pid(call.from), reference(watched)))
  }

  /// `{ResourceId, LockRequesterId}`
  private static func lock(_ term: Term?) -> (resource: Term, requester: Term)? {
    guard let parts = term?.tupleElements, parts.count == 2 else { return nil }
    return (parts[0], parts[1])
  }
}

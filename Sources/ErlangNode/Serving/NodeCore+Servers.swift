import OutsideText

/// Calls to processes of ours by their name. Each is answered or refused at once: a caller may have set no time.
extension NodeCore {
  /// Names that every node has.
  static let builtIn: Set<ByteText> = ["net_kernel", "rex", "global_name_server"]

  /// A message for one of ``builtIn``, or for a server that was registered.
  func serve(_ message: Term, named name: ByteText, from: Pid, _ peer: PeerConnection) {
    guard let call = ServerCall(message, to: name, peer), let parts = message.tupleElements else {
      if name == "rex" { tookRexMessage(message, peer) }
      if name == "global_name_server" { tookGlobalMessage(message, peer) }
      return
    }
    guard parts[0] == .atom("$gen_call") else {
      // As `sys` and `gen_event` call: nobody here understands them.
      return refuse(call, .atom("not_supported"))
    }
    switch name {
    case "net_kernel":
      guard parts[2].tupleElements?.first == .atom("is_auth") else {
        return refuse(call, .atom("not_supported"))
      }
      answer(call, .atom("yes"))
    case "rex": serveRex(parts[2], call)
    case "global_name_server": serveGlobal(parts[2], call)
    default:
      guard let server = withState({ $0.servers[name] }) else { return refuse(call, .atom("noproc")) }
      if let refusal = beginServing(peer) { return refuse(call, refusal.ofServer) }
      Task {
        do {
          let term = try await server(parts[2])
          await self.sendWhenRoom(call.answer(term, from: self.groupLeader), to: peer)
        } catch let failure as ErlangFailure {
          self.refuse(call, failure.reason)
        } catch {
          self.refuse(call, .text("\(error)"))
        }
        self.endServing(peer)
      }
    }
  }

  func answer(_ call: ServerCall, _ term: Term) { call.peer.send(call.answer(term, from: groupLeader)) }

  /// Ends a call without an answer, as if the process had ended: its caller watches it.
  func refuse(_ call: ServerCall, _ reason: Term) {
    let watching = withState { state -> Reference? in
      guard let reference = call.tag.tag, let monitor = state.monitors[reference],
        monitor.watcher == call.from
      else { return nil }
      state.monitors.remove(reference)
      return reference
    }
    guard let watching else { return answer(call, .tuple([.atom("error"), reason])) }
    call.peer.send(.monitorExit(from: .name(call.process), to: call.from, watching, reason: reason))
  }

  // MARK: rex

  /// What `rpc` asks the server of that name.
  func serveRex(_ request: Term, _ call: ServerCall) {
    guard let wanted = RexCall(request) else {
      return answer(call, Self.badRPC(.tuple([.atom("badarg"), .list([])])))
    }
    if let refusal = beginServing(call.peer) { return answer(call, refusal.ofRPC) }
    Task {
      let (answer, turn) = await self.run(wanted, of: call.peer)
      await self.sendWhenRoom(call.answer(answer, from: self.groupLeader), to: call.peer)
      withExtendedLifetime(turn) {}
      self.endServing(call.peer)
    }
  }

  /// What others send it without `gen_server`: calls of C nodes, and what `rpc` asks of itself.
  func tookRexMessage(_ message: Term, _ peer: PeerConnection) {
    guard let parts = message.tupleElements, parts.count == 2 else { return }
    if parts[0] == .atom("$gen_cast") {
      guard let wanted = RexCall(parts[1]), beginServing(peer) == nil else { return }
      Task {
        _ = await self.run(wanted, of: peer)
        self.endServing(peer)
      }
      return
    }
    guard case .pid(let from) = parts[0] else { return }
    func tell(_ term: Term) { peer.send(.send(to: from, term)) }
    if parts[1] == .atom("features_request") {
      return tell(.tuple([.atom("features_reply"), .atom(configuration.name), .list([.atom("erpc")])]))
    }
    if let request = parts[1].tupleElements, request.count == 3, let name = request[1].atomName,
      request[0] == .atom("sbcast") || request[0] == .atom("send")
    {
      let isThere = withState { $0.names[name] }
      let isCast = request[0] == .atom("sbcast")
      if let isThere {
        deliver(.message(isCast ? request[2] : .tuple([parts[0], request[2]])), to: isThere)
        if !isCast { return }
      }
      let result: Term =
        isThere == nil
        ? .tuple([.atom("nonexisting_name"), .atom(name)]) : .atom(configuration.name)
      return tell(.tuple([.atom("rex"), .atom(configuration.name), result]))
    }
    guard let wanted = RexCall(parts[1]) else {
      return tell(.tuple([.atom("rex"), Self.badRPC(.tuple([.atom("badarg"), .list([])]))]))
    }
    if let refusal = beginServing(peer) { return tell(.tuple([.atom("rex"), refusal.ofRPC])) }
    Task {
      let (answer, turn) = await self.run(wanted, of: peer)
      await self.sendWhenRoom(.send(to: from, .tuple([.atom("rex"), answer])), to: peer)
      withExtendedLifetime(turn) {}
      self.endServing(peer)
    }
  }

  private func run(_ call: RexCall, of peer: PeerConnection) async -> (answer: Term, turn: CallTurn?) {
    let caller = Caller(node: peer.name, groupLeader: call.groupLeader)
    let (outcome, turn) = await runInTurn(
      call.module, call.function, call.arguments, for: caller, of: peer)
    return (Self.answer(outcome, of: call), turn)
  }

  private static func answer(_ outcome: Outcome, of call: RexCall) -> Term {
    switch outcome {
    // `rpc:call` cannot tell a thrown term from a value.
    case .value(let term), .failure(.thrown(let term)): return term
    case .failure(.exited(let term)): return badRPC(term)
    case .failure(.raised(let term)): return badRPC(.tuple([term, .list([])]))
    case .undefined:
      return badRPC(.tuple([.atom("undef"), .list([frame(call.module, call.function, call.arguments)])]))
    }
  }

  static func badRPC(_ reason: Term) -> Term {
    .tuple([.atom("badrpc"), .tuple([.atom("EXIT"), reason])])
  }
}

/// `{call, Module, Function, Arguments, GroupLeader}`, and the same under the names of its kin.
private struct RexCall {
  var module: ByteText
  var function: ByteText
  var arguments: [Term]
  var groupLeader: Pid?

  init?(_ request: Term) {
    guard let parts = request.tupleElements, parts.count >= 4,
      let kind = parts[0].atomName, ["call", "block_call", "cast", "block_cast"].contains(kind),
      let module = parts[1].atomName, let function = parts[2].atomName,
      let arguments = parts[3].listElements
    else { return nil }
    self.module = module
    self.function = function
    self.arguments = arguments
    if parts.count > 4, case .pid(let leader) = parts[4] { groupLeader = leader }
  }
}

extension ErlangFailure {
  var reason: Term {
    switch self {
    case .thrown(let term), .exited(let term), .raised(let term): term
    }
  }
}

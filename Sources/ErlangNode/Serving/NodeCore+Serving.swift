import OutsideText

/// Calls of other nodes.
extension NodeCore {
  // MARK: erpc

  /// `erpc:call` starts a process that ends with the result as its reason.
  func serveSpawn(_ message: DistributionMessage, _ peer: PeerConnection) {
    guard
      case .spawnRequest(
        let id, let from, let leader, let module, let function, _, let options, let arguments) = message
    else { return }
    let process = makePid()
    let isMonitored = options.contains {
      $0 == .atom("monitor") || $0.tupleElements?.first == .atom("monitor")
    }
    // Every request is answered; a caller who wants no answer throws it away on its own side.
    func answer(_ result: Term, isError: Bool) {
      peer.send(.spawnReply(id, to: from, flags: isMonitored && !isError ? 2 : 0, result: result))
    }
    guard module == "erpc", function == "execute_call" || function == "execute_cast" else {
      return answer(.atom("badarg"), isError: true)
    }
    let isCast = function == "execute_cast"
    let fields = isCast ? arguments : Array(arguments.dropFirst())
    guard fields.count == 3, let name = fields[0].atomName, let called = fields[1].atomName,
      let given = fields[2].listElements
    else { return answer(.atom("badarg"), isError: true) }
    if let refusal = beginServing(peer) { return answer(refusal.ofSpawn, isError: true) }
    answer(.pid(process), isError: false)
    let mark = arguments.first ?? .atom("undefined")
    let caller = Caller(node: peer.name, groupLeader: leader)
    Task {
      let (outcome, turn) = await self.runInTurn(name, called, given, for: caller, of: peer)
      let reason = Self.reason(outcome, mark, name, called, given)
      if isMonitored {
        await self.sendWhenRoom(.monitorExit(from: .pid(process), to: from, id, reason: reason), to: peer)
      }
      withExtendedLifetime(turn) {}
      self.endServing(peer)
    }
  }

  private static func reason(
    _ outcome: Outcome, _ mark: Term, _ module: ByteText, _ function: ByteText, _ arguments: [Term]
  ) -> Term {
    switch outcome {
    case .value(let term): return .tuple([mark, .atom("return"), term])
    case .failure(.thrown(let term)): return .tuple([mark, .atom("throw"), term])
    case .failure(.exited(let term)): return .tuple([mark, .atom("exit"), term])
    case .failure(.raised(let term)): return .tuple([mark, .atom("error"), term, .list([])])
    case .undefined:
      return .tuple([mark, .atom("error"), .atom("undef"), .list([frame(module, function, arguments)])])
    }
  }

  static func frame(_ module: ByteText, _ function: ByteText, _ arguments: [Term]) -> Term {
    .tuple([.atom(module), .atom(function), .list(arguments), .list([])])
  }

  // MARK: Running

  enum Outcome: Sendable {
    case value(Term)
    case failure(ErlangFailure)
    case undefined
  }

  /// Runs a call, in its turn where its function has one.
  ///
  /// - Returns: the turn, which ends when nobody holds it any more: as soon as the answer is sent.
  func runInTurn(
    _ module: ByteText, _ function: ByteText, _ arguments: [Term], for caller: Caller,
    of peer: PeerConnection
  ) async -> (outcome: Outcome, turn: CallTurn?) {
    guard withState({ $0.inTurn[module]?.contains(function) == true }) else {
      return (await run(module, function, arguments, for: caller), nil)
    }
    guard let turn = await peer.turns.take() else {
      withState { $0.statistics.callsRefused += 1 }
      return (.failure(.exited(.atom("system_limit"))), nil)
    }
    return (await run(module, function, arguments, for: caller), turn)
  }

  func run(_ module: ByteText, _ function: ByteText, _ arguments: [Term], for caller: Caller) async -> Outcome
  {
    let (known, fallback) = withState { ($0.functions[module]?[function], $0.fallback) }
    do {
      if let known { return .value(try await known(arguments, caller)) }
      if let answer = try await fallback?(module, function, arguments) { return .value(answer) }
      // What people ask a node first, to see that it is there.
      if module == "erlang", function == "node", arguments.isEmpty {
        return .value(.atom(configuration.name))
      }
      return .undefined
    } catch let failure as ErlangFailure {
      return .failure(failure)
    } catch {
      return .failure(.raised(.text("\(error)")))
    }
  }

  /// Why one more call of a node may not run here; nil when it does from now on.
  func beginServing(_ peer: PeerConnection) -> ServingRefusal? {
    withState { state in
      let ofNode = peer.serving.load(ordering: .relaxed)
      let hasRoom = state.serving < configuration.maxCalls && ofNode < configuration.maxCallsPerNode
      guard hasRoom, state.idle == nil else {
        state.statistics.callsRefused += 1
        return state.idle == nil ? .full : .drains
      }
      peer.serving.store(ofNode + 1, ordering: .relaxed)
      state.serving += 1
      state.statistics.callsServed += 1
      return nil
    }
  }

  func endServing(_ peer: PeerConnection) {
    let idle = withState { state -> (@Sendable () -> Void)? in
      state.serving -= 1
      peer.serving.subtract(1, ordering: .relaxed)
      return state.serving == 0 ? state.idle : nil
    }
    idle?()
  }

  /// Begins no call any more.
  ///
  /// - Parameter idle: called when none is under way, which may be at once.
  func drain(_ idle: @escaping @Sendable () -> Void) {
    let isIdle = withState { state in
      state.idle = idle
      return state.serving == 0
    }
    if isIdle { idle() }
  }

  /// Sends an answer once the node has taken enough of what waits for it; until then its call counts as running.
  func sendWhenRoom(_ message: DistributionMessage, to peer: PeerConnection) async {
    // Written once, however long it waits.
    let packet = MessageCodec.encode(message)
    var pause = 10
    while !peer.send(raw: packet), peer.isOpen, (try? await Task.sleep(for: .milliseconds(pause))) != nil {
      pause = min(pause * 2, 200)
    }
  }
}

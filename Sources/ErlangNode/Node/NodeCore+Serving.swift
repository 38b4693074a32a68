import OutsideText

/// Calls of other nodes.
extension NodeCore {
  // MARK: erpc

  /// `erpc:call` starts a process that ends with the result as its reason.
  func serveSpawn(_ message: DistributionMessage, _ peer: PeerConnection) {
    guard
      case .spawnRequest(let id, let from, _, let module, let function, _, let options, let arguments) =
        message
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
    guard beginServing() else { return answer(.atom("system_limit"), isError: true) }
    answer(.pid(process), isError: false)
    let mark = arguments.first ?? .atom("undefined")
    Task {
      let reason = Self.reason(await self.run(name, called, given), mark, name, called, given)
      self.endServing()
      if isMonitored { peer.send(.monitorExit(from: .pid(process), to: from, id, reason: reason)) }
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

  private static func frame(_ module: ByteText, _ function: ByteText, _ arguments: [Term]) -> Term {
    .tuple([.atom(module), .atom(function), .list(arguments), .list([])])
  }

  // MARK: gen_server

  func serveGenCall(_ name: ByteText, _ request: Term, to pid: Pid, tag: Term, _ peer: PeerConnection) {
    func reply(_ term: Term) {
      // Newer callers give an alias, which only takes messages marked with it.
      if case .improperList(let head, .reference(let alias)) = tag, head == [.atom("alias")] {
        peer.send(.sendAlias(from: pid, to: alias, .tuple([tag, term])))
      } else {
        peer.send(.send(to: pid, .tuple([tag, term])))
      }
    }
    if name == "net_kernel" {
      if request.tupleElements?.first == .atom("is_auth") { reply(.atom("yes")) }
      return
    }
    if name == "rex" {
      guard let parts = request.tupleElements, parts.count >= 4, parts[0] == .atom("call"),
        let module = parts[1].atomName, let function = parts[2].atomName,
        let arguments = parts[3].listElements
      else { return }
      guard beginServing() else { return reply(.tuple([.atom("badrpc"), .atom("system_limit")])) }
      Task {
        let outcome = await self.run(module, function, arguments)
        self.endServing()
        reply(Self.rexReply(outcome, module, function, arguments))
      }
      return
    }
    guard let server = withState({ $0.servers[name] }), beginServing() else { return }
    Task {
      // A server that fails gives no answer, as one that crashed; the caller's time runs out.
      let answer = try? await server(request)
      self.endServing()
      if let answer { reply(answer) }
    }
  }

  private static func rexReply(_ outcome: Outcome, _ module: ByteText, _ function: ByteText, _ arguments: [Term])
    -> Term
  {
    func bad(_ reason: Term) -> Term { .tuple([.atom("badrpc"), .tuple([.atom("EXIT"), reason])]) }
    switch outcome {
    // `rpc:call` cannot tell a thrown term from a value.
    case .value(let term), .failure(.thrown(let term)): return term
    case .failure(.exited(let term)): return bad(term)
    case .failure(.raised(let term)): return bad(.tuple([term, .list([])]))
    case .undefined: return bad(.tuple([.atom("undef"), .list([frame(module, function, arguments)])]))
    }
  }

  // MARK: Running

  enum Outcome: Sendable {
    case value(Term)
    case failure(ErlangFailure)
    case undefined
  }

  private func run(_ module: ByteText, _ function: ByteText, _ arguments: [Term]) async -> Outcome {
    let (known, fallback) = withState { ($0.functions[module]?[function], $0.fallback) }
    do {
      if let known { return .value(try await known(arguments)) }
      guard let answer = try await fallback?(module, function, arguments) else { return .undefined }
      return .value(answer)
    } catch let failure as ErlangFailure {
      return .failure(failure)
    } catch {
      return .failure(.raised(.text("\(error)")))
    }
  }

  private func beginServing() -> Bool {
    withState { state in
      guard state.serving < configuration.maxCalls else {
        state.statistics.callsRefused += 1
        return false
      }
      state.serving += 1
      state.statistics.callsServed += 1
      return true
    }
  }

  private func endServing() { withState { $0.serving -= 1 } }
}

import Synchronization

/// Calls to other nodes.
extension LocalNode {
  /// Calls a function on another node, as `erpc:call` does.
  ///
  /// - Parameter timeoutMs: nil waits as long as it takes. A call that is given up goes on over there.
  /// - Throws: `CallError`.
  public func call(
    _ node: String, _ module: String, _ function: String, _ arguments: [Term], timeoutMs: Int64? = 5_000
  ) async throws(CallError) -> Term {
    let mark = Term.reference(core.makeReference())
    let pid = core.makePid()
    return try await exchange(node, .erpc(mark), timeoutMs) { reference in
      .spawnRequest(
        reference, from: pid, groupLeader: core.groupLeader, module: "erpc", function: "execute_call",
        arity: 4,
        options: [.atom("monitor")],
        arguments: [mark, .atom(module), .atom(function), .list(arguments)])
    }
  }

  /// Calls a function on another node through its `rex` server, as `rpc:call` did before OTP 23: for nodes that cannot
  /// start processes for others. A failure comes as the value `{badrpc, Reason}`.
  public func rpc(
    _ node: String, _ module: String, _ function: String, _ arguments: [Term], timeoutMs: Int64? = 5_000
  ) async throws(CallError) -> Term {
    let leader = Term.pid(core.groupLeader)
    return try await callServer(
      "rex", on: node, .tuple([.atom("call"), .atom(module), .atom(function), .list(arguments), leader]),
      timeoutMs: timeoutMs)
  }

  /// Calls a process by its name, as `gen_server:call` does.
  ///
  /// - Throws: `CallError.exited(noproc)` when there is none.
  public func callServer(
    _ process: String, on node: String, _ request: Term, timeoutMs: Int64? = 5_000
  ) async throws(CallError) -> Term {
    let pid = core.makePid()
    return try await exchange(node, .gen, timeoutMs) { reference in
      .sendNamed(
        from: pid, to: process,
        .tuple([.atom("$gen_call"), .tuple([.pid(pid), .reference(reference)]), request]))
    } watching: { reference in
      // Tells when there is no such process, or when it ends before it answers.
      .monitor(from: pid, to: .name(process), reference)
    } unwatching: { reference in
      .demonitor(from: pid, to: .name(process), reference)
    }
  }

  /// Sends a request that is not answered, as `gen_server:cast` does.
  public func castServer(_ process: String, on node: String, _ request: Term) async throws(CallError) {
    try await send(.tuple([.atom("$gen_cast"), request]), toProcess: process, on: node)
  }

  /// Whether a node answers: `net_adm:ping`.
  public func ping(_ node: String, timeoutMs: Int64 = 5_000) async -> Bool {
    let answer = try? await callServer(
      "net_kernel", on: node, .tuple([.atom("is_auth"), .atom(name)]), timeoutMs: timeoutMs)
    return answer == .atom("yes")
  }

  private func exchange(
    _ node: String, _ kind: NodeCore.Pending.Kind, _ timeoutMs: Int64?,
    _ message: (Reference) -> DistributionMessage, watching: ((Reference) -> DistributionMessage)? = nil,
    unwatching: ((Reference) -> DistributionMessage)? = nil
  ) async throws(CallError) -> Term {
    let peer = try await peer(node)
    let reference = core.makeReference()
    let core = core
    let request = message(reference)
    let watch = watching?(reference)
    let timer = timeoutMs.map { milliseconds in
      Task {
        try await Task.sleep(for: .milliseconds(milliseconds))
        core.finish(reference, .failure(.timeout))
      }
    }
    let result: Result<Term, CallError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isTaken = core.withState { state in
          guard state.pending.count < core.configuration.maxCalls else { return false }
          state.statistics.callsOut += 1
          state.pending[reference] = NodeCore.Pending(
            peer: peer.serial, continuation: continuation, kind: kind)
          return true
        }
        guard isTaken else { return continuation.resume(returning: .failure(.overloaded)) }
        // Gone, or cancelled, between its look-up and now: nobody else would end this call.
        if Task.isCancelled {
          core.finish(reference, .failure(.cancelled))
        } else if core.peer(node)?.serial != peer.serial {
          core.finish(reference, .failure(.unreachable("\(node) is gone")))
        } else {
          if let watch { peer.send(watch) }
          if !peer.send(request) { core.finish(reference, .failure(.overloaded)) }
        }
      }
    } onCancel: {
      core.finish(reference, .failure(.cancelled))
    }
    timer?.cancel()
    // A process that lives long would keep the watch of every call it ever answered.
    if let unwatching { peer.send(unwatching(reference)) }
    return try result.get()
  }
}

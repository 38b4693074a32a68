import Locking
import NIOCore
import OutsideText

/// Calls to other nodes.
extension LocalNode {
  /// Calls a function on another node, as `erpc:call` does.
  ///
  /// - Parameter timeout: connecting to the node included; nil waits as long as it takes. A call that is given up goes on over
  ///   there.
  /// - Throws: `CallError`.
  public func call(
    _ node: ByteText, _ module: ByteText, _ function: ByteText, _ arguments: [Term],
    timeout: Duration? = .seconds(5)
  ) async throws(CallError) -> Term {
    try await call(node, module, function, arguments, timeout: timeout, connectingWithin: timeout)
  }

  /// The same for who asks another node when this one cannot be reached, and needs time left for that.
  ///
  /// - Parameter connecting: how much of the timeout connecting may take.
  package func call(
    _ node: ByteText, _ module: ByteText, _ function: ByteText, _ arguments: [Term], timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(CallError) -> Term {
    // Marks the result among other ends of the process: any term will do, as only we compare it.
    let mark = Term.atom("$call")
    let pid = core.makePid()
    return try await exchange(node, .erpc(mark), timeout?.wholeMilliseconds, connecting) { reference in
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
    _ node: ByteText, _ module: ByteText, _ function: ByteText, _ arguments: [Term],
    timeout: Duration? = .seconds(5)
  ) async throws(CallError) -> Term {
    let leader = Term.pid(core.groupLeader)
    return try await callServer(
      "rex", on: node, .tuple([.atom("call"), .atom(module), .atom(function), .list(arguments), leader]),
      timeout: timeout)
  }

  /// Calls a process by its name, as `gen_server:call` does.
  ///
  /// - Throws: `CallError.exited(noproc)` when there is none.
  public func callServer(
    _ process: ByteText, on node: ByteText, _ request: Term, timeout: Duration? = .seconds(5)
  ) async throws(CallError) -> Term {
    let pid = core.makePid()
    return try await exchange(node, .gen, timeout?.wholeMilliseconds, timeout) { reference in
      .sendNamed(
        from: pid, to: process,
        .tuple([.atom("$gen_call"), .tuple([.pid(pid), .reference(reference)]), request]))
    } watching: { reference in
      // Tells when there is no such process, or when it ends before it answers.
      .monitor(from: pid, to: .name(process), reference)
    }
  }

  /// Sends a request that is not answered, as `gen_server:cast` does.
  public func castServer(_ process: ByteText, on node: ByteText, _ request: Term) async throws(CallError) {
    try await send(.tuple([.atom("$gen_cast"), request]), toProcess: process, on: node)
  }

  /// Whether a node answers: `net_adm:ping`.
  public func ping(_ node: ByteText, timeout: Duration = .seconds(5)) async -> Bool {
    let answer = try? await callServer(
      "net_kernel", on: node, .tuple([.atom("is_auth"), .atom(name)]), timeout: timeout)
    return answer == .atom("yes")
  }

  private func exchange(
    _ node: ByteText, _ kind: PendingCall.Kind, _ timeoutMs: Int64?, _ connecting: Duration?,
    _ message: (Reference) -> DistributionMessage, watching: ((Reference) -> DistributionMessage)? = nil
  ) async throws(CallError) -> Term {
    let began = NIODeadline.now()
    let peer = try await peer(node, within: connecting)
    let spentMs = (NIODeadline.now() - began).nanoseconds / 1_000_000
    let timeoutMs = timeoutMs.map { max(1, $0 - spentMs) }
    let number = core.makeNumber()
    let reference = core.reference(number)
    let core = core
    let request = message(reference)
    let watch = watching?(reference)
    let result: Result<Term, CallError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (isTaken, deadline) = core.withState { state in
          guard state.pending.count < core.configuration.maxCalls else { return (false, nil as NIODeadline?) }
          state.statistics.callsOut += 1
          state.pending[number] = PendingCall(peer: peer.serial, continuation: continuation, kind: kind)
          return (true, timeoutMs.flatMap { NodeCore.addDeadline(number, afterMs: $0, &state) })
        }
        guard isTaken else { return continuation.resume(returning: .failure(.overloaded)) }
        if let deadline { core.arm(deadline) }
        // Gone, or cancelled, between its look-up and now: nobody else would end this call.
        if Task.isCancelled {
          core.finish(number, .failure(.cancelled))
        } else if core.peer(node)?.serial != peer.serial {
          core.finish(number, .failure(.unreachable("\(node) is gone")))
        } else {
          if let watch { peer.send(watch) }
          if !peer.send(request) { core.finish(number, .failure(.overloaded)) }
        }
      }
    } onCancel: {
      core.finish(number, .failure(.cancelled))
    }
    // Else what was called would keep our monitor for as long as it lives.
    if case .monitor(let from, let to, _)? = watch, core.peer(node)?.serial == peer.serial {
      peer.send(.demonitor(from: from, to: to, reference))
    }
    return try result.get()
  }
}

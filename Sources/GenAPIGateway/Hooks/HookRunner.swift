import GenAPITelemetry
import GenAPIValue

/// Runs before and after hooks, each under its own timeout.
struct HookRunner: Sendable {
  let bus: TelemetryBus
  let clock: any GatewayClock
  let registry: FunctionRegistry
  let statistics: GatewayStatistics
  let remote: any RemoteCaller
  let caller: FunctionCaller

  /// The before hook of a config: one that is registered here, else the one on the nodes of the function; nil when it is
  /// nowhere.
  ///
  /// - Parameter asked: is told which node runs it.
  func beforeHook(_ reference: FunctionReference, of stored: StoredFunction, _ asked: AskedNode)
    -> FunctionRegistry.BeforeHook?
  {
    if let hook = registry.beforeHook(reference) {
      return { request, config, own in try await OwnTimeout.marking { try await hook(request, config, own) } }
    }
    guard runsOnNodes(stored) else { return nil }
    return { [self] request, config, _ in
      try await onNode(try await caller.select(request, stored) ?? [], within: config.hookTimeout, asked) {
        (node, timeout, connecting) throws(RemoteCallError) in
        try await remote.before(
          reference, request, config, on: node, timeout: timeout, connectingWithin: connecting)
      }
    }
  }

  /// It runs on the node that was called; where none was, on the one that was chosen for the request.
  private func afterHook(
    _ reference: FunctionReference, of stored: StoredFunction, _ asked: AskedNode, _ span: RequestSpan
  ) -> FunctionRegistry.AfterHook? {
    if let hook = registry.afterHook(reference) {
      return { request, config, response, own in
        try await OwnTimeout.marking { try await hook(request, config, response, own) }
      }
    }
    guard runsOnNodes(stored) else { return nil }
    return { [self] request, config, response, _ in
      let nodes =
        if let called = span.asked {
          try await caller.nodes(of: stored.config, first: called)
        } else if let chosen = span.chosen {
          chosen
        } else {
          try await caller.select(request, stored)
        }
      return try await onNode(nodes ?? [], within: config.hookTimeout, asked) {
        (node, timeout, connecting) throws(RemoteCallError) in
        try await remote.after(
          reference, request, config, response, on: node, timeout: timeout, connectingWithin: connecting)
      }
    }
  }

  private func runsOnNodes(_ stored: StoredFunction) -> Bool {
    stored.config.nodes != .local && remote.reachesNodes
  }

  /// What the first node that can be reached answers. One that is asked and does not answer is not followed by another, as with
  /// calls: the hook may have run there.
  private func onNode<Answer>(
    _ nodes: [ByteText], within time: Duration, _ asked: AskedNode,
    _ ask: (ByteText, _ timeout: Duration, _ connecting: Duration?) async throws(RemoteCallError) -> Answer
  ) async throws -> Answer {
    let budget = NodeBudget(time, on: clock)
    var last = RemoteCallError.unreachable("no nodes")
    for (place, node) in nodes.enumerated() {
      guard case .left(let timeout) = budget.rest else { break }
      asked.asks(place, of: nodes)
      do {
        return try await ask(
          node, timeout, NodeBudget.connecting(of: timeout, isLast: place + 1 == nodes.count))
      } catch {
        guard case .unreachable = error else { throw error }
        last = error
      }
    }
    throw last
  }

  /// What the hook decided, or why it did not: a hook that fails or times out aborts.
  nonisolated(nonsending) func before(
    _ span: RequestSpan, _ request: Request, _ stored: StoredFunction, _ reference: FunctionReference,
    _ hook: @escaping FunctionRegistry.BeforeHook, _ asked: AskedNode
  ) async -> Result<BeforeHookResult, HookFailure> {
    let config = stored.config
    let result = await run(span, .before, reference, stored, asked) {
      try await hook(request, config, reference.arguments)
    }
    // The request's node from now on; but one that hangs does not hold up its after hook too.
    let isLate = if case .failure(let failed) = result { failed.isLate } else { false }
    span.choose(isLate ? asked.others : asked.order)
    return result
  }

  /// The response to send; a hook that fails, times out, contradicts itself or answers for another request changes
  /// nothing.
  nonisolated(nonsending) func after(
    _ span: RequestSpan, _ request: Request, _ stored: StoredFunction, _ response: Response
  ) async
    -> Response
  {
    let asked = AskedNode()
    guard let reference = stored.config.afterExecute,
      let hook = afterHook(reference, of: stored, asked, span)
    else {
      return response
    }
    let config = stored.config
    let result = await run(span, .after, reference, stored, asked) {
      try await hook(request, config, response, reference.arguments)
    }
    guard case .success(var changed) = result else { return response }
    let misplaced = changed.misplaced(for: response)
    changed.keepPlace(of: response)
    guard let fault = misplaced ?? changed.contradiction else { return changed }
    caller.errors.tell(.afterHook, "its response is not sent: \(fault)", span.context)
    return response
  }

  private func run<Answer: Sendable>(
    _ span: RequestSpan, _ phase: HookRun.Phase, _ reference: FunctionReference, _ stored: StoredFunction,
    _ asked: AskedNode, _ hook: @escaping @Sendable () async throws -> Answer
  ) async -> Result<Answer, HookFailure> {
    let run = HookRun(
      request: span.context, phase: phase, module: reference.module, function: reference.function)
    let now = clock.now()
    bus.emit(phase.startName, at: now, .hookStart(run, systemTime: now.wallNanoseconds))
    let start = now.monotonicNanoseconds / 1_000
    do {
      let answer = try await withDeadline(
        milliseconds: stored.config.hookTimeoutMs, on: clock, threads: stored.threads, hook)
      let duration = clock.monotonicMicroseconds() - start
      statistics.hookRan(run, durationUs: duration, failed: false)
      bus.emit(.hookStop(run, durationUs: duration))
      return .success(answer)
    } catch {
      let duration = clock.monotonicMicroseconds() - start
      let node = asked.name
      // Whichever of the two clocks was first: that of the whole, or that of the call to a node.
      let late = Self.lateness(error)
      let hasBegun = (error as? DeadlineExceeded)?.hasBegun ?? true
      let failure =
        late.map {
          Failure(
            kind: "timeout", reason: hasBegun ? "hook timed out after \($0)ms" : ByteText("\(error)"),
            node: node)
        } ?? Failure(reason: "\(error)", node: node)
      let isUnreached = if case RemoteCallError.unreachable = error { true } else { false }
      let isLost = if case RemoteCallError.lost = error { true } else { false }
      // The operator's, of which the client learns no node.
      let cause = NodeReason.text(failure.reason, on: node)
      statistics.hookRan(run, durationUs: duration, failed: true)
      bus.emit(.hookException(run, durationUs: duration, failure))
      // That it took too long is said in our words; whatever else it threw is nobody's but the operator's.
      let isForClient = late != nil && hasBegun || (error as? FunctionError)?.isForClient == true
      if late != nil {
        caller.errors.tell(phase == .before ? .lateBeforeHook : .lateAfterHook, cause, span.context)
      } else if phase == .before, isUnreached {
        caller.errors.tell(.unreachedHook, cause, span.context)
      } else if phase == .before, isLost {
        caller.errors.tell(.lostHook, cause, span.context)
      } else if !isForClient || phase == .after, !error.isOfCancelledTask {
        // No client reads what an after hook throws.
        caller.errors.tell(phase == .before ? .beforeHook : .afterHook, cause, span.context)
      }
      return .failure(
        HookFailure(
          reason: failure.reason, cause: cause, isForClient: isForClient,
          isUnavailable: !hasBegun || isUnreached,
          isLate: late != nil, isLost: isLost))
    }
  }

  /// After how many milliseconds it was given up; nil for what failed otherwise.
  private static func lateness(_ error: any Error) -> Int64? {
    switch error {
    case let error as DeadlineExceeded: return error.milliseconds
    case RemoteCallError.timeout(let time): return time.wholeMilliseconds
    default: return nil
    }
  }
}

/// Why a hook gave no answer.
struct HookFailure: Error {
  var reason: ByteText
  /// The same for the operator, with the node on which it ran.
  var cause: ByteText
  /// The reason is worded for the client.
  var isForClient: Bool
  /// It was not called: no thread was free for it in time, or none of its nodes could be reached.
  var isUnavailable: Bool
  /// It did not answer in time.
  var isLate: Bool
  /// Its node went before it answered: it may have run.
  var isLost: Bool
}

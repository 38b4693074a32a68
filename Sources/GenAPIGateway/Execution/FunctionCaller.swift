import GenAPITelemetry
import GenAPIValue

/// Calls a config's function: selects nodes, falls back, retries.
package struct FunctionCaller: Sendable {
  let bus: TelemetryBus
  let clock: any GatewayClock
  let registry: FunctionRegistry
  let remote: any RemoteCaller
  let nodes: NodeStatistics
  let offload: Offload
  let lists: NodeLists
  let selector: NodeSelector
  let errors: ThrownErrorLog

  /// The nodes for a request, the chosen one first; nil for a local function.
  ///
  /// - Throws: `FunctionError` when the list cannot be made or is empty.
  nonisolated(nonsending) func select(_ request: Request, _ stored: StoredFunction)
    async throws(FunctionError) -> [ByteText]?
  {
    guard let list = try await resolve(stored.config) else { return nil }
    return selector.order(list, by: stored.config.chooseNode, for: request, turn: stored.turn.next())
  }

  /// The nodes of a function, one of them first, without choosing; nil for a local function.
  ///
  /// - Throws: as `select`.
  nonisolated(nonsending) func nodes(of config: FunctionConfig, first: ByteText) async throws(FunctionError)
    -> [ByteText]?
  {
    let list = try await resolve(config)
    guard let list, list.contains(first) else { return list }
    return [first] + list.filter { $0 != first }
  }

  private nonisolated(nonsending) func resolve(_ config: FunctionConfig) async throws(FunctionError)
    -> [ByteText]?
  {
    switch config.nodes {
    case .local: return nil
    case .list(let names): return names
    case .function(let reference):
      let names = try await lists.names(reference, of: config.service, timeoutMs: config.timeoutMs)
      guard !names.isEmpty else { throw FunctionError("\(reference.name) lists no nodes") }
      return names
    }
  }

  /// Calls, and calls again as the config's retry says.
  nonisolated(nonsending) func call(_ job: CallJob, nodes: [ByteText]?) async -> CallOutcome {
    let outcome = await attempts(job, nodes: nodes)
    tell(outcome, job.span, isStream: job.call.stream != nil)
    return outcome
  }

  private func tell(_ outcome: CallOutcome, _ span: RequestSpan, isStream: Bool = false) {
    switch outcome {
    case .failed(.exception, let reason, _): errors.tell(.function, reason, span.context)
    // A stream's time is that of all of it, and is told when it ends, as what came before its beginning is.
    case .failed(.timeout, let reason, _) where !isStream: errors.tell(.lateFunction, reason, span.context)
    case .failed(.error, let reason, .reason): errors.tellIfCut(reason, span.context)
    case .failed(.error, let reason, _): errors.tell(.refusal, reason, span.context)
    case .failed(.unreachable, let reason, .unavailable): errors.tell(.unreached, reason, span.context)
    case .failed(.unreachable, let reason, .retriesExhausted):
      errors.tell(.unreachedAgain, reason, span.context)
    case .failed(.unreachable, let reason, _): errors.tell(.lost, reason, span.context)
    case .failed(_, let reason, .halted): errors.tell(.halted, reason, span.context)
    case .failed(.unavailable, let reason, _) where !isStream: errors.tell(.threadless, reason, span.context)
    default: return
    }
  }

  private nonisolated(nonsending) func attempts(_ job: CallJob, nodes first: [ByteText]?) async -> CallOutcome
  {
    let (span, stored) = (job.span, job.stored)
    var nodes = first
    var result = await attempt(job, nodes)
    guard let retry = stored.config.retry, var failure = AttemptFailure(result, of: stored) else {
      return outcome(result)
    }
    var earlier = EarlierAttempts()
    var tried: [ByteText] = []
    for attempt in 1...max(1, retry.attempts) {
      let backoff = Self.backoffMs(attempt, jitter: .random(in: 0.5...1.5))
      job.pausedAfter = outcome(result, after: earlier)
      do {
        try await clock.sleep(milliseconds: backoff)
        job.pausedAfter = nil
      } catch {
        return .failed(.cancelled, reason: "cancelled while waiting to retry", client: .cancelled)
      }
      if case .allNodes = retry, let last = nodes {
        let turned = Self.turned((try? await resolve(stored.config)) ?? last, after: span.asked, &tried)
        nodes = job.retries?.preferring(turned) ?? turned
      }
      earlier.note(failure)
      // As a first attempt: a breaker may have opened meanwhile, by this failure's like.
      if let refusal = job.retries?.refusal(on: nodes?.first) { return earlier.halted(failure, by: refusal) }
      span.series.retried()
      bus.emit(
        .retry(
          RetryAttempt(
            request: span.context, attempt: attempt, backoffMs: backoff, mode: retry.mode, nodes: nodes)))
      result = await self.attempt(job, nodes)
      guard let next = AttemptFailure(result, of: stored) else { return outcome(result) }
      failure = next
    }
    bus.emit(
      .retryExhausted(
        RetryExhausted(
          request: span.context, mode: ByteText(retry.description), lastError: failure.reason)))
    return outcome(result, after: earlier)
  }

  /// The nodes for another attempt: first those that were not asked yet, from the one behind that failed, then the others; when all
  /// were asked, it goes round.
  private static func turned(_ nodes: [ByteText], after failed: ByteText?, _ tried: inout [ByteText])
    -> [ByteText]
  {
    guard let failed, let place = nodes.firstIndex(of: failed) else { return nodes }
    tried.append(failed)
    if nodes.allSatisfy(tried.contains) { tried = [failed] }
    let turned = nodes[(place + 1)...] + nodes[...place]
    return turned.filter { !tried.contains($0) } + turned.filter(tried.contains)
  }

  /// Before attempt 1, 2, 3 …: 100, 200, 400 … at most 5 000 ms, times the jitter.
  package static func backoffMs(_ attempt: Int, jitter: Double) -> Int64 {
    Int64(min(100 * pow2(attempt - 1), 5_000) * jitter)
  }

  private static func pow2(_ exponent: Int) -> Double {
    Double(UInt64(1) << UInt64(min(max(exponent, 0), 20)))
  }

  /// - Parameter earlier: the attempts before it, where as many were made as may be.
  private func outcome(_ result: AttemptResult, after earlier: EarlierAttempts? = nil) -> CallOutcome {
    switch result {
    case .ok(let value): .ok(value)
    case .failed(let outcome, let reason, _, let client):
      .failed(
        outcome, reason: earlier?.reason(outcome, reason, client) ?? reason,
        client: earlier?.client(outcome, client) ?? Self.client(outcome, client))
    }
  }

  private static func client(
    _ outcome: RequestOutcome, _ client: CallOutcome.ClientError?
  ) -> CallOutcome.ClientError {
    switch outcome {
    case .cancelled: .cancelled
    case .unavailable: .unavailable
    default: client ?? .internalError
    }
  }

  /// One attempt: local, or on the nodes in turn until one could be reached, all of them within the config's timeout.
  private nonisolated(nonsending) func attempt(_ job: CallJob, _ nodes: [ByteText]?) async -> AttemptResult {
    guard let nodes else { return await local(job) }
    let stored = job.stored
    let budget = NodeBudget(stored.config.timeout, on: clock)
    var passed = PassedNodes()
    for (index, node) in nodes.enumerated() {
      let timeout: Duration?
      switch budget.rest {
      case .unbounded: timeout = nil
      case .left(let time): timeout = time
      case .over: return passed.failure
      }
      if index > 0 {
        self.nodes.passedOver(nodes[index - 1])
        job.span.passedNode()
      }
      let start = clock.monotonicMicroseconds()
      job.asked?.began(node)
      job.begins()
      let result: Result<FunctionResult, RemoteCallError>
      do {
        result = .success(
          try await remote.call(
            stored.config.function, job.call, on: node, timeout: timeout,
            connectingWithin: NodeBudget.connecting(of: timeout, isLast: index + 1 == nodes.count)))
      } catch {
        result = .failure(error)
      }
      let duration = clock.monotonicMicroseconds() - start
      var error: RemoteCallError?
      if case .failure(let failure) = result { error = failure }
      if error == .cancelled {
        self.nodes.called(node, durationUs: duration, error: error, at: clock.wallMicroseconds())
        return .failed(.cancelled, reason: "cancelled", isFinal: true)
      }
      job.asked?.ended(error.map { NodeReason.text(node, $0.reason) })
      self.nodes.called(node, durationUs: duration, error: error, at: clock.wallMicroseconds())
      job.span.answered(by: node)
      switch result {
      case .success(let result): return AttemptResult(result)
      case .failure(.unreachable(let reason)):
        // It did not run there, so the next node may have it.
        passed.note(NodeReason.text(node, reason))
      case .failure(.timeout(let time)):
        return .failed(
          .timeout, reason: passed.then("\(node): no answer within \(time.wholeMilliseconds) ms"),
          isFinal: false)
      case .failure(.lost(let reason)):
        return .failed(
          .unreachable, reason: passed.then(NodeReason.text(node, reason)), isFinal: false, client: .lost)
      case .failure(.raised(let reason)):
        return .failed(.exception, reason: passed.then("\(node): \(reason)"), isFinal: false)
      case .failure(.cancelled): return .failed(.cancelled, reason: "cancelled", isFinal: true)
      }
    }
    return passed.failure
  }

  private nonisolated(nonsending) func local(_ job: CallJob) async -> AttemptResult {
    let stored = job.stored
    guard let function = registry.function(named: stored.functionName) else {
      return .failed(
        .exception, reason: "no function is registered as \(stored.functionName)", isFinal: true)
    }
    job.span.answered(by: ByteText(bus.node))
    do {
      if case .plain(let function) = function, stored.pace.mayHoldThread, job.call.resultEncoder == nil {
        let start = clock.monotonicNanoseconds()
        job.begins()
        defer {
          let now = clock.monotonicNanoseconds()
          stored.pace.held(now - start, nowNs: now)
        }
        do {
          return AttemptResult(try function(job.call))
        } catch {
          throw OwnTimeout.marked(error)
        }
      }
      let result: FunctionResult
      if case .blocking(let function) = function {
        guard let answer = try await blocking(job, function) else {
          return .failed(
            .unavailable, reason: "all threads for blocking functions are busy, and so is the queue for them",
            isFinal: false)
        }
        result = answer
      } else {
        result = try await DeadlineRace.run(
          milliseconds: stored.config.timeoutMs, on: clock, pace: stored.pace, threads: stored.threads,
          .call(function.function, job))
      }
      guard let encoder = job.call.resultEncoder else { return AttemptResult(result) }
      return AttemptResult(try await registry.encoded(result, by: encoder))
    } catch {
      return AttemptResult(error)
    }
  }

  /// - Returns: nil when too many run and wait.
  private nonisolated(nonsending) func blocking(
    _ job: CallJob, _ function: @escaping FunctionRegistry.Function
  ) async throws -> FunctionResult? {
    guard let permit = offload.enter() else { return nil }
    return try await DeadlineRace.run(
      milliseconds: job.stored.config.timeoutMs, on: clock, pace: nil, threads: offload.threads,
      .closure {
        // Held until it returns, however long after its time.
        defer { withExtendedLifetime(permit) {} }
        job.begins()
        return try await OwnTimeout.marking { try await function(job.call) }
      })
  }

  /// How a call ended whose pool ended it: that its time was over before any thread was free for it is not its function's doing.
  func outcome(of end: TaskEnd, _ job: CallJob) -> CallOutcome? {
    // Its client reads what the attempts came to, and that of the time is counted.
    if case .timedOut = end, case .failed(_, let reason, let client) = job.pausedAfter {
      return .failed(
        .timeout, reason: "no end in time, while it waited to be tried again: \(reason)", client: client)
    }
    guard case .timedOut = end, !job.hasBegun,
      WorkThreads.functions.areAllHeld || offload.threads.areAllHeld
    else { return CallOutcome(end) }
    return .failed(.unavailable, reason: "no thread was free for it in its time", client: .unavailable)
  }

  /// Calls a function that never suspends on this thread, once.
  func callWithoutSuspending(
    _ function: FunctionRegistry.PlainFunction, _ call: FunctionCall, _ span: RequestSpan
  ) -> CallOutcome {
    do {
      return outcome(AttemptResult(try function(call)))
    } catch {
      let failed = outcome(AttemptResult(OwnTimeout.marked(error)))
      tell(failed, span)
      return failed
    }
  }
}

extension AttemptResult {
  fileprivate init(_ result: FunctionResult) {
    switch result {
    case .ok(let value) where value.isTooDeep:
      self = .failed(.exception, reason: "the result \(Value.tooDeep)", isFinal: true)
    case .ok(let value): self = .ok(value)
    case .error(let error):
      self = .failed(
        .error, reason: error.reason, isFinal: error.isFinal,
        client: error.isForClient && !ConfigBounds.isBlank(error.reason) ? .reason : nil)
    }
  }

  /// What a function threw, or what ended it.
  fileprivate init(_ error: any Error) {
    switch error {
    case let error as DeadlineExceeded where !error.hasBegun:
      self = .failed(.unavailable, reason: "\(error)", isFinal: false)
    case let error as DeadlineExceeded:
      self = .failed(.timeout, reason: "no answer within \(error.milliseconds) ms", isFinal: false)
    case _ where error.isOfCancelledTask: self = .failed(.cancelled, reason: "cancelled", isFinal: true)
    case let error as ArgumentError:
      // Typed functions find faults that a declaration cannot express.
      let text = ClientTexts.invalidArgument(ByteText(error.description))
      self = .failed(.invalidArguments, reason: text, isFinal: true, client: .reason)
    // Any other that is thrown is a failure of the function's, not its answer.
    case let error as FunctionError where error.isForClient && !ConfigBounds.isBlank(error.reason):
      self.init(FunctionResult.error(error))
    default: self = .failed(.exception, reason: "\(error)", isFinal: false)
    }
  }
}

import GenAPITelemetry
import GenAPIValue

/// The pipeline: look-up, before hook, permission, rate limit, arguments, call, after hook.
extension Gateway {
  /// The first answer, and the gate that holds back what follows it, for a request that is answered twice.
  struct Beginning {
    var response: Response?
    var gate: AnswerGate?
    /// What is wrong with an argument, when that is why it was not called.
    var argumentFault: ByteText?

    func receipt(for request: Request) -> HandlingReceipt {
      HandlingReceipt(of: request, argumentFault: argumentFault)
    }
  }

  /// A request of which something may have to wait. The response has the request's id as text, whatever the client gave.
  nonisolated(nonsending) func begin(
    _ request: Request, _ stored: StoredFunction, on connection: (any ClientConnection)?
  ) async -> Beginning {
    let span = RequestSpan(request, stored.identity, stored.series, bus: bus, clock: clock)
    guard let scope = span.scope else { return await begin(span, request, stored, on: connection) }
    return await scope.run { await begin(span, request, stored, on: connection) }
  }

  private nonisolated(nonsending) func begin(
    _ span: RequestSpan, _ request: Request, _ stored: StoredFunction,
    on connection: (any ClientConnection)?
  ) async -> Beginning {
    guard let reference = stored.config.beforeExecute else {
      return await run(span, stored, request, connection)
    }
    let asked = AskedNode()
    guard let hook = hooks.beforeHook(reference, of: stored, asked) else {
      let refusal = failure(.exception, "no before hook is registered as \(reference.name)")
      return Beginning(response: await refuse(span, request, stored, refusal))
    }
    switch await hooks.before(span, request, stored, reference, hook, asked) {
    case .success(.proceed(var changed, let config)):
      if let reason = changed.keepingNames(of: request) {
        caller.errors.tell(.misdirecting, reason, span.context)
      }
      let before: (Request, StoredFunction)? = changed.args == request.args ? nil : (request, stored)
      guard config != stored.config else {
        return await run(span, stored, changed, connection, before: before, order: asked.order)
      }
      let faults = config.validate() + configs.policy.faults(of: config)
      guard faults.isEmpty else {
        let reason: ByteText =
          "the config of the before hook is invalid: \(faults.faultsLine)"
        caller.errors.tell(.beforeHook, reason, span.context)
        let refusal = failure(.exception, reason)
        return Beginning(response: await refuse(span, request, stored, refusal))
      }
      let isOfSameNodes = config.nodes == stored.config.nodes && config.chooseNode == stored.config.chooseNode
      if !isOfSameNodes { span.choose(nil) }
      return await run(
        span, stored.with(config), changed, connection, before: (request, stored),
        order: isOfSameNodes ? asked.order : nil)
    case .success(.abort(let reason)):
      let text = ClientTexts.hookRejected(reason)
      return Beginning(response: await refuse(span, request, stored, .init(.hookRejected, text)))
    // It may have ended because it was cancelled, and refused nothing.
    case .failure where Task.isCancelled && connection != nil:
      return Beginning(response: await refuse(span, request, stored, goneRefusal(connection)))
    case .failure(let failed) where failed.isUnavailable:
      var refusal = Refusal(.unavailable, ClientTexts.unavailable, canRetry: true)
      refusal.cause = ClientTexts.hookRejected(failed.reason)
      return Beginning(response: await refuse(span, request, stored, refusal))
    // As a call whose node went: nobody knows whether the hook ran, so nobody is told to try again.
    case .failure(let failed) where failed.isLost:
      var refusal = Refusal(.unavailable, detailed(ClientTexts.lost, failed.reason))
      refusal.cause = ClientTexts.hookRejected(failed.cause)
      return Beginning(response: await refuse(span, request, stored, refusal))
    case .failure(let failed):
      let cause = ClientTexts.hookRejected(failed.cause)
      var refusal =
        failed.isForClient
        ? Refusal(.hookRejected, ClientTexts.hookRejected(failed.reason)) : failure(.hookRejected, cause)
      refusal.cause = cause
      return Beginning(response: await refuse(span, request, stored, refusal))
    }
  }

  enum Finding {
    case found(StoredFunction)
    /// Counted, and what it is answered.
    case missing(Response)
  }

  /// The one look-up of a request.
  func find(_ request: Request) -> Finding {
    if hasEnded.load(ordering: .relaxed) { return .missing(refuseAtTheEnd(request)) }
    let lookup = configs.lookup(
      service: request.service, requestType: request.requestType, version: request.version)
    if case .found(let stored) = lookup { return .found(stored) }
    let identity = FunctionIdentity(
      service: request.service, requestType: request.requestType,
      version: FunctionVersion.effective(request.version))
    let span = RequestSpan(request, identity, seriesOfMissing(identity), bus: bus, clock: clock)
    let text =
      if case .disabled = lookup { ClientTexts.disabled(request) } else { ClientTexts.unsupported(request) }
    span.finish(.unsupported, error: text)
    return .missing(Response.error(request.requestID, text).answering(request))
  }

  /// Where a request is counted that names no function which can be called: with the function, where it was one.
  private func seriesOfMissing(_ identity: FunctionIdentity) -> SeriesStatistics {
    statistics.seriesOfGone(identity, at: clock.wallMicroseconds()) ?? statistics.unsupportedSeries
  }

  /// The gateway has ended, or takes no new requests: nothing would bound what a request began, and nobody would end it.
  /// Counted as its function's, where there is one.
  @inline(never)
  func refuseAtTheEnd(_ request: Request) -> Response {
    let lookup = configs.lookup(
      service: request.service, requestType: request.requestType, version: request.version)
    let span: RequestSpan
    if case .found(let stored) = lookup {
      span = RequestSpan(request, stored.identity, stored.series, bus: bus, clock: clock)
    } else {
      let identity = FunctionIdentity(
        service: request.service, requestType: request.requestType,
        version: FunctionVersion.effective(request.version))
      span = RequestSpan(request, identity, seriesOfMissing(identity), bus: bus, clock: clock)
    }
    span.finish(.draining, error: "the gateway shuts down")
    return Response.error(request.requestID, ClientTexts.unavailable, canRetry: true).answering(request)
  }

  /// The function of a request in which nothing can suspend: no hooks, no permission callback, a plain local function
  /// that gives its thread back soon. nil for any other.
  func unsuspendingFunction(of stored: StoredFunction) -> FunctionRegistry.PlainFunction? {
    guard stored.neverSuspends, stored.pace.mayHoldThread else { return nil }
    return caller.registry.plainFunction(named: stored.functionName)
  }

  /// The whole of such a request on the caller's thread.
  ///
  /// - Returns: the answer as the client gets it, and what is wrong with an argument, when that is why nothing was called.
  func answer(
    _ request: Request, _ stored: StoredFunction, by function: FunctionRegistry.PlainFunction,
    _ connection: (any ClientConnection)?
  ) -> (response: Response, argumentFault: ByteText?) {
    let span = RequestSpan(request, stored.identity, stored.series, bus: bus, clock: clock)
    let isAllowed = PermissionCheck.allows(request, stored)
    do throws(Refusal) {
      // Nothing was waited for since the request began, but perhaps for a tracer.
      let call = try checkedCall(
        span, stored, request, isAllowed: isAllowed, connection, at: span.scope == nil ? span.startedAt : nil)
      let outcome =
        if let scope = span.scope {
          scope.run { caller.callWithoutSuspending(function, call, span) }
        } else {
          caller.callWithoutSuspending(function, call, span)
        }
      let now = clock.now()
      stored.pace.held(
        now.monotonicNanoseconds - span.startedAt.monotonicNanoseconds, nowNs: now.monotonicNanoseconds)
      span.finish(outcome, isAsync: false, node: ByteText(bus.node), at: now)
      var response = response(request.requestID, outcome)
      response.answer(request)
      return (response, nil)
    } catch {
      span.finish(error.outcome, error: error.text)
      var response = Response.error(request.requestID, error.text, canRetry: error.canRetry)
      response.answer(request)
      return (response, error.argumentFault)
    }
  }

  /// A request that is over on the thread of the transport that brought it, or may have to wait and was not begun.
  func answerWithoutSuspending(_ request: Request, on connection: any ClientConnection) -> Handling {
    switch find(request) {
    case .missing(let response):
      connection.push(response)
      return .ended(.handled(requestType: request.requestType))
    case .found(let stored):
      guard let function = unsuspendingFunction(of: stored) else {
        return .mayWait(PendingRequest(request: request, stored: stored))
      }
      let (response, argumentFault) = answer(request, stored, by: function, connection)
      connection.push(response)
      return .ended(HandlingReceipt(of: request, argumentFault: argumentFault))
    }
  }

  /// - Parameters:
  ///   - before: the request as its client sent it, and its function, where a hook changed either.
  ///   - order: the nodes as they were chosen for the before hook; nil where it ran here.
  private nonisolated(nonsending) func run(
    _ span: RequestSpan, _ stored: StoredFunction, _ request: Request, _ connection: (any ClientConnection)?,
    before: (request: Request, stored: StoredFunction)? = nil, order: [ByteText]? = nil
  ) async -> Beginning {
    // Selected once: the call runs where its hook ran, and takes no turn of its own.
    var nodes = order.flatMap { order in
      caller.selector.isByChance(stored.config.chooseNode, for: request) ? preferred(order, stored) : nil
    }
    let isAllowed: Bool
    if let callback = stored.config.permissionCallback {
      // Selected once: the permission is asked where the call will run.
      if nodes == nil, stored.config.nodes != .local { nodes = await select(request, stored, span) }
      switch await self.isAllowed(request, stored, callback, nodes) {
      case .allowed: isAllowed = true
      case .denied: isAllowed = false
      case .unknown(let cause):
        var refusal = Refusal(.unavailable, ClientTexts.unavailable, canRetry: true)
        refusal.cause = cause
        return Beginning(response: await refuse(span, request, stored, refusal))
      }
    } else {
      isAllowed = PermissionCheck.allows(request, stored)
    }
    // While a hook or the permission was waited for its client went, or was told that it is cut off.
    if Task.isCancelled, connection != nil {
      return Beginning(response: await refuse(span, request, stored, goneRefusal(connection)))
    }
    let call: FunctionCall
    do throws(Refusal) {
      call = try checkedCall(span, stored, request, isAllowed: isAllowed, connection)
    } catch {
      let refusal = blamed(error, before, span)
      return Beginning(
        response: await refuse(span, request, stored, refusal), argumentFault: refusal.argumentFault)
    }
    // A pool has a breaker for each node, so it is chosen before the pool is asked.
    if nodes == nil, stored.config.nodes != .local, pool(of: stored) != nil {
      nodes = await select(request, stored, span)
    }
    let isAnsweredOnce = stored.config.responseType == .sync
    let gate = isAnsweredOnce ? nil : AnswerGate(connection, isStream: stored.config.responseType == .stream)
    let asked = isAnsweredOnce || nodes == nil ? nil : AskedNodes()
    let retries =
      stored.config.retry == nil ? nil : pool(of: stored).map { RetryLeave($0, of: stored.identity.service) }
    let job = CallJob(
      span: span, stored: stored, call: call, nodes: nodes, gate: gate, asked: asked, retries: retries)
    switch stored.config.responseType {
    case .sync: return Beginning(response: await runSync(job))
    case .async, .none: return Beginning(response: await runAsync(job), gate: gate)
    case .stream: return Beginning(response: await runStream(job), gate: gate)
    }
  }
}

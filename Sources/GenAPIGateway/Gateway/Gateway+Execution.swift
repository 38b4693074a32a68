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
          "the config of the before hook is invalid: \(faults.firstFaults(20).joined(separator: "; "))"
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
    case .failure(let failed) where failed.isUnavailable:
      var refusal = Refusal(.unavailable, ClientTexts.unavailable, canRetry: true)
      refusal.cause = ClientTexts.hookRejected(failed.reason)
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
    let span = RequestSpan(request, identity, statistics.unsupportedSeries, bus: bus, clock: clock)
    let text =
      if case .disabled = lookup { ClientTexts.disabled(request) } else { ClientTexts.unsupported(request) }
    span.finish(.unsupported, error: text)
    return .missing(Response.error(request.requestID, text).answering(request))
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
      span = RequestSpan(request, identity, statistics.unsupportedSeries, bus: bus, clock: clock)
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

  /// Why a request is not called.
  struct Refusal: Error {
    var outcome: RequestOutcome
    /// What the client reads.
    var text: ByteText
    var canRetry: Bool
    var argumentFault: ByteText?
    /// What the operator reads, where that is more.
    var cause: ByteText?

    init(_ outcome: RequestOutcome, _ text: ByteText, canRetry: Bool = false) {
      self.outcome = outcome
      self.text = text
      self.canRetry = canRetry
    }
  }

  /// Something that failed inside: its cause is the operator's.
  private func failure(_ outcome: RequestOutcome, _ cause: ByteText) -> Refusal {
    var refusal = Refusal(outcome, internalError(cause))
    refusal.cause = cause
    return refusal
  }

  /// The checks before a call: permission, rate limit, arguments.
  ///
  /// - Parameter now: nil to read the time here.
  private func checkedCall(
    _ span: RequestSpan, _ stored: StoredFunction, _ request: Request, isAllowed: Bool,
    _ connection: (any ClientConnection)?, at now: TimeReading? = nil
  ) throws(Refusal) -> FunctionCall {
    guard isAllowed else { throw Refusal(.permissionDenied, ClientTexts.permissionDenied) }
    switch rateLimiter.check(span.context, at: now, keys: { $0.counted(of: request) }) {
    case .allowed: break
    case .limited(let exceeded):
      let text = ClientTexts.rateLimited(retryAfterMs: exceeded.retryAfterMs)
      throw Refusal(.rateLimited, text, canRetry: true)
    case .unavailable: throw Refusal(.unavailable, ClientTexts.limiterUnavailable, canRetry: true)
    }
    let arguments: [Value]
    do {
      arguments = try callArguments(request, stored, span)
    } catch {
      var refusal = Refusal(.invalidArguments, ClientTexts.invalidArgument(ByteText(error.description)))
      refusal.argumentFault = ByteText(error.description)
      throw refusal
    }
    return FunctionCall(
      arguments: arguments, times: stored.arguments.times,
      hasRequestInfo: stored.config.passesRequestInfo, request: request, connection: connection,
      resultEncoder: stored.config.resultEncoder)
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
      guard let decision = await self.isAllowed(request, stored, callback, nodes) else {
        var refusal = Refusal(.unavailable, ClientTexts.unavailable, canRetry: true)
        refusal.cause = "no thread was free for the permission callback"
        return Beginning(response: await refuse(span, request, stored, refusal))
      }
      isAllowed = decision
    } else {
      isAllowed = PermissionCheck.allows(request, stored)
    }
    // While a hook or the permission was waited for its client went, or was told that it is cut off.
    if Task.isCancelled, connection != nil {
      return Beginning(
        response: await refuse(span, request, stored, Refusal(.cancelled, ClientTexts.connectionClosed)))
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
    let job = CallJob(span: span, stored: stored, call: call, nodes: nodes, gate: gate, asked: asked)
    switch stored.config.responseType {
    case .sync: return Beginning(response: await runSync(job))
    case .async, .none: return Beginning(response: await runAsync(job), gate: gate)
    case .stream: return Beginning(response: await runStream(job), gate: gate)
    }
  }

  /// A wrong argument is the hook's when what the client sent would have been taken.
  private func blamed(
    _ refusal: Refusal, _ before: (request: Request, stored: StoredFunction)?, _ span: RequestSpan
  ) -> Refusal {
    guard let before, let fault = refusal.argumentFault,
      (try? callArguments(before.request, before.stored, span)) != nil
    else { return refusal }
    let reason: ByteText = "what the before hook made of the arguments is refused: \(fault)"
    caller.errors.tell(.beforeHook, reason, span.context)
    return failure(.exception, reason)
  }

  private func callArguments(_ request: Request, _ stored: StoredFunction, _ span: RequestSpan)
    throws(ArgumentError) -> [Value]
  {
    var arguments = stored.arguments.fixed
    arguments.reserveCapacity(arguments.count + stored.arguments.order.count + 1)
    try converter.append(request, by: stored.arguments, to: &arguments)
    if stored.config.passesRequestInfo {
      var info: ValueObject = [
        "request_id": request.requestIDValue, "user_id": request.userID.map(Value.string) ?? .null,
        "device_id": request.deviceIDValue,
      ]
      // What a tracer records here goes between the client and the node.
      if let trace = span.context.span?.outgoing ?? request.trace {
        info["traceparent"] = .string(trace.parent)
        if let state = trace.state { info["tracestate"] = .string(state) }
      }
      arguments.append(.object(info))
    }
    return arguments
  }

  /// An answer without a call; the after hook still sees it.
  nonisolated(nonsending) func refuse(
    _ span: RequestSpan, _ request: Request, _ stored: StoredFunction, _ refusal: Refusal
  ) async -> Response {
    let response = await hooks.after(
      span, request, stored, .error(request.requestID, refusal.text, canRetry: refusal.canRetry))
    span.finish(refusal.outcome, error: refusal.cause ?? refusal.text)
    return response
  }

  private nonisolated(nonsending) func runSync(_ job: CallJob) async -> Response {
    let outcome = await call(job)
    var response = self.response(job.requestID, outcome)
    if job.stored.config.afterExecute != nil {
      response = await hooks.after(job.span, job.request, job.stored, response)
    }
    job.finish(outcome, isAsync: false)
    return response
  }

  private nonisolated(nonsending) func runAsync(_ job: CallJob) async -> Response? {
    let isAnswered = job.stored.config.responseType == .async
    // Before the pool has it: a function may be done before the pool's answer is back.
    let ticket: ConnectionTable.Ticket?
    do throws(Refusal) {
      ticket = try beginWork(.task(nil), job)
    } catch {
      return await refuse(job.span, job.request, job.stored, error)
    }
    let answer: @Sendable (Response) -> Void = { [connections] response in
      let give = { if isAnswered { job.push(response) } }
      if let ticket { connections.end(ticket, answering: give) } else { give() }
    }
    let scope = job.span.scope ?? .current
    do {
      let task = try asyncPool.submit(
        job.span.context, holder: holder(of: job, ticket), node: job.node, asked: job.asked,
        timeoutMs: job.totalTimeoutMs,
        waitMs: job.stored.config.timeoutMs,
        work: { [self] in
          let (outcome, response) = await inScope(scope) {
            let outcome = await call(job)
            let response = await hooks.after(
              job.span, job.request, job.stored, self.response(job.requestID, outcome))
            return (outcome, response)
          }
          if job.finish(outcome, isAsync: true) { answer(response) }
          return try outcome.taskResult()
        },
        refused: { [asyncPool] reason in
          if job.refused(reason, by: asyncPool) {
            answer(.error(job.requestID, ClientTexts.unavailable, canRetry: true))
          }
        },
        finished: { [self] end in
          guard let late = caller.outcome(of: end, job) else { return }
          switch late {
          case .failed(.timeout, _, .internalError):
            caller.errors.tell(.lateFunction, "no end in time", job.span.context)
          case .failed(.unavailable, let reason, _):
            caller.errors.tell(.threadless, reason, job.span.context)
          default: break
          }
          if job.finish(late, isAsync: true) { answer(self.response(job.requestID, late)) }
        })
      if let ticket { connections.took(task, ticket) }
    } catch {
      if let ticket { connections.end(ticket) }
      return await refuse(job.span, job.request, job.stored, refusal(error, by: asyncPool))
    }
    return isAnswered ? .asyncAccepted(job.requestID) : nil
  }

  /// Notes work that ends with its connection; nil for a request without one.
  func beginWork(_ work: ConnectionTable.Work, _ job: CallJob) throws(Refusal) -> ConnectionTable.Ticket? {
    // Of what has no connection only streams have to be found: to be listed and stopped.
    guard job.connection != nil || work.isStream else { return nil }
    let connection = job.connection?.connectionID ?? ConnectionTable.program
    switch connections.begin(
      work, requestID: job.requestID, hasNumericID: job.request.hasNumericID,
      isAnswered: job.stored.config.responseType != .none, on: connection)
    {
    case .began(let ticket): return ticket
    case .duplicate:
      let text = "a request with the id \(job.requestID) is running on this connection"
      throw Refusal(.invalidArguments, ByteText(text))
    case .closed: throw Refusal(.cancelled, ClientTexts.connectionClosed)
    }
  }

  /// Whose share of a pool a request takes; a caller without a connection is the program itself.
  func holder(of job: CallJob, _ ticket: ConnectionTable.Ticket?) -> PoolHolder? {
    guard let ticket, ticket.socket != ConnectionTable.program else { return nil }
    guard let user = job.request.userID, !user.isEmpty else { return .connection(ticket.socket) }
    return .user(user)
  }

  func refusal(_ refusal: PoolRefusal, by pool: WorkerPool) -> Refusal {
    let text =
      refusal.reason == .shareUsed
      ? ClientTexts.shareUsed(pool.configuration) : ClientTexts.unavailable
    var told = Refusal(refusal.reason.outcome, text, canRetry: true)
    told.cause = ByteText(refusal.description)
    return told
  }

  /// For a pool's task, which has nothing of the task that submitted it.
  nonisolated(nonsending) func inScope<Answer>(
    _ scope: RequestScope?, _ body: nonisolated(nonsending) () async -> Answer
  ) async -> Answer {
    guard let scope else { return await body() }
    return await scope.run(body)
  }

  /// Calls the function of a job on the nodes selected for it.
  nonisolated(nonsending) func call(_ job: CallJob) async -> CallOutcome {
    let selected: SelectedNodes
    if let nodes = job.nodes {
      selected = nodes
    } else if case .local = job.stored.config.nodes {
      selected = .local
    } else {
      selected = await select(job.request, job.stored, job.span)
    }
    let nodes: [ByteText]?
    switch selected {
    case .local: nodes = nil
    case .nodes(let names): nodes = names
    case .failed(let reason):
      return .failed(.unreachable, reason: "node selection failed: \(reason)", client: .internalError)
    }
    return await caller.call(job, nodes: nodes)
  }

  private nonisolated(nonsending) func select(
    _ request: Request, _ stored: StoredFunction, _ span: RequestSpan
  ) async -> SelectedNodes {
    do {
      guard let nodes = try await caller.select(request, stored) else { return .local }
      span.choose(nodes)
      return preferred(nodes, stored)
    } catch {
      return .failed("\(error)")
    }
  }

  /// Those first whose circuit is not open.
  private func preferred(_ nodes: [ByteText], _ stored: StoredFunction) -> SelectedNodes {
    .nodes(pool(of: stored)?.preferring(nodes, of: stored.identity.service) ?? nodes)
  }

  /// The pool that runs a function; nil for one that its caller waits for.
  func pool(of stored: StoredFunction) -> WorkerPool? {
    switch stored.config.responseType {
    case .sync: nil
    case .async, .none: asyncPool
    case .stream: streamPool
    }
  }

  private nonisolated(nonsending) func isAllowed(
    _ request: Request, _ stored: StoredFunction, _ callback: FunctionReference, _ nodes: SelectedNodes?
  ) async -> Bool? {
    let names: [ByteText]?
    switch nodes {
    case nil, .local: names = nil
    case .nodes(let selected): names = selected
    case .failed: return false
    }
    return await permission.allows(request, stored.config, callback, nodes: names, threads: stored.threads)
  }

  func response(_ requestID: ByteText, _ outcome: CallOutcome) -> Response {
    switch outcome {
    case .ok(let value): return .sync(requestID, value)
    case .failed(_, let reason, let client):
      switch client {
      case .internalError, .cancelled: return .error(requestID, internalError(reason))
      case .reason: return .error(requestID, reason)
      case .unavailable: return .error(requestID, ClientTexts.unavailable, canRetry: true)
      case .retriesExhausted: return .error(requestID, detailed(ClientTexts.retriesExhausted, reason))
      }
    }
  }

  func internalError(_ reason: ByteText) -> ByteText { detailed(ClientTexts.internalError, reason) }

  private func detailed(_ text: ByteText, _ reason: ByteText) -> ByteText {
    showsErrorDetail ? "\(text): \(reason)" : text
  }
}

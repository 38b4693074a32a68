import GenAPITelemetry
import GenAPIValue

/// The call of a request that passed its checks: where, by which pool, and what is answered.
extension Gateway {
  nonisolated(nonsending) func runSync(_ job: CallJob) async -> Response {
    let outcome = await call(job)
    var response = self.response(job.requestID, outcome)
    if job.stored.config.afterExecute != nil {
      response = await hooks.after(job.span, job.request, job.stored, response)
    }
    finish(job, outcome, isAsync: false)
    return response
  }

  nonisolated(nonsending) func runAsync(_ job: CallJob) async -> Response? {
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
        retries: job.retries, timeoutMs: job.totalTimeoutMs,
        waitMs: job.stored.config.timeoutMs,
        work: { [self] in
          let (outcome, response) = await inScope(scope) {
            let outcome = await call(job)
            let response = await hooks.after(
              job.span, job.request, job.stored, taskResponse(job, outcome))
            return (outcome, response)
          }
          if finish(job, outcome, isAsync: true) { answer(response) }
          return try outcome.taskResult()
        },
        refused: { refusal in
          if job.refused(refusal) {
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
          if finish(job, late, isAsync: true) { answer(taskResponse(job, late)) }
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
    case .closed: throw goneRefusal(job.connection)
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
      return .failed(.unreachable, reason: unlisted(reason, job.request), client: .internalError)
    }
    return await caller.call(job, nodes: nodes)
  }

  /// Why nothing is asked, told to the operator.
  private func unlisted(_ reason: ByteText, _ request: Request) -> ByteText {
    let reason: ByteText = "node selection failed: \(reason)"
    caller.errors.tell(
      .unlisted, reason, id: request.requestID, service: request.service, requestType: request.requestType)
    return reason
  }

  nonisolated(nonsending) func select(
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
  func preferred(_ nodes: [ByteText], _ stored: StoredFunction) -> SelectedNodes {
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

  nonisolated(nonsending) func isAllowed(
    _ request: Request, _ stored: StoredFunction, _ callback: FunctionReference, _ nodes: SelectedNodes?
  ) async -> PermissionAnswer {
    let names: [ByteText]?
    switch nodes {
    case nil, .local: names = nil
    case .nodes(let selected): names = selected
    // Nobody was asked, so nobody said no.
    case .failed(let reason): return .unknown(unlisted(reason, request))
    }
    return await permission.allows(request, stored.config, callback, nodes: names, threads: stored.threads)
  }

  func response(_ requestID: ByteText, _ outcome: CallOutcome) -> Response {
    switch outcome {
    case .ok(let value): return .sync(requestID, value)
    case .failed(let outcome, let reason, let client):
      switch client {
      case .internalError, .cancelled: return .error(requestID, internalError(reason))
      case .reason: return .error(requestID, ClientTexts.reason(reason))
      case .lost: return .error(requestID, detailed(ClientTexts.lost, reason))
      case .unavailable: return .error(requestID, unavailable(outcome, reason), canRetry: true)
      case .halted(let halt):
        return .error(requestID, ClientTexts.unavailable, canRetry: halt.ranNothing)
      case .retriesExhausted: return .error(requestID, detailed(ClientTexts.retriesExhausted, reason))
      }
    }
  }

  func internalError(_ reason: ByteText) -> ByteText { detailed(ClientTexts.internalError, reason) }

  /// Of nodes that cannot be reached the cause is told when details are on; that no thread or worker was free is no secret of anybody's.
  func unavailable(_ outcome: RequestOutcome, _ reason: ByteText) -> ByteText {
    outcome == .unreachable ? detailed(ClientTexts.unavailable, reason) : ClientTexts.unavailable
  }

  func detailed(_ text: ByteText, _ reason: ByteText) -> ByteText {
    showsErrorDetail ? "\(text): \(reason)" : text
  }
}

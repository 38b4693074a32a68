import GenAPITelemetry
import GenAPIValue

/// The pipeline: look-up, before hook, permission, rate limit, arguments, call, after hook.
extension Gateway {
  /// The first answer, and the gate that holds back what follows it.
  func begin(_ request: Request, on connection: (any ClientConnection)?) async -> (Response?, AnswerGate) {
    let gate = AnswerGate(connection)
    let lookup = configs.lookup(
      service: request.service, requestType: request.requestType, version: request.version)
    guard case .found(let stored) = lookup else {
      let identity = FunctionIdentity(
        service: request.service, requestType: request.requestType,
        version: FunctionVersion.effective(request.version))
      let span = RequestSpan(request, identity, statistics.unsupportedSeries, bus: bus, clock: clock)
      let text =
        if case .disabled = lookup { ClientTexts.disabled(request) } else { ClientTexts.unsupported(request) }
      span.finish(.unsupported, error: text)
      return (.error(request.requestID, text), gate)
    }
    let span = RequestSpan(request, stored.identity, stored.series, bus: bus, clock: clock)
    return (await run(span, stored, connection, gate), gate)
  }

  private func run(
    _ span: RequestSpan, _ stored: StoredFunction, _ connection: (any ClientConnection)?, _ gate: AnswerGate
  ) async -> Response? {
    var request = span.request
    var config = stored.config
    switch await hooks.before(span, request, config) {
    case .proceed(let changedRequest, let changedConfig):
      request = changedRequest
      // A hook may not move the answer to another request.
      request.requestID = span.request.requestID
      config = changedConfig
    case .abort(let reason):
      return await refuse(span, request, config, .hookRejected, ClientTexts.hookRejected(reason))
    }
    var nodes: SelectedNodes?
    if config.permissionCallback != nil && config.nodes != .local {
      // Selected once: the permission is asked where the call will run.
      nodes = await select(request, config, stored)
    }
    guard await isAllowed(request, config, nodes) else {
      return await refuse(span, request, config, .permissionDenied, ClientTexts.permissionDenied)
    }
    switch rateLimiter.check(span.context, keys: { request.rateLimitKey($0) }) {
    case .allowed: break
    case .limited(let exceeded):
      let text = ClientTexts.rateLimited(retryAfterMs: exceeded.retryAfterMs)
      return await refuse(span, request, config, .rateLimited, text, canRetry: true)
    case .unavailable:
      return await refuse(span, request, config, .unavailable, ClientTexts.limiterUnavailable, canRetry: true)
    }
    let arguments: [Value]
    do {
      arguments = try callArguments(request, config)
    } catch {
      return await refuse(
        span, request, config, .invalidArguments, ClientTexts.invalidArgument(error.description))
    }
    let job = CallJob(
      span: span, stored: stored, request: request, config: config, arguments: arguments,
      nodes: nodes, connection: connection, gate: gate)
    switch config.responseType {
    case .sync: return await runSync(job)
    case .async, .none: return await runAsync(job)
    case .stream: return await runStream(job)
    }
  }

  private func callArguments(_ request: Request, _ config: FunctionConfig) throws(ArgumentError) -> [Value] {
    var arguments = config.function.arguments + (try converter.arguments(of: request, for: config))
    if config.passesRequestInfo {
      arguments.append([
        "request_id": .string(request.requestID), "user_id": request.userID.map(Value.string) ?? .null,
        "device_id": request.deviceID.map(Value.string) ?? .null,
      ])
    }
    return arguments
  }

  /// An answer without a call; the after hook still sees it.
  func refuse(
    _ span: RequestSpan, _ request: Request, _ config: FunctionConfig, _ outcome: RequestOutcome,
    _ text: String,
    canRetry: Bool = false
  ) async -> Response {
    let response = await hooks.after(
      span, request, config, .error(request.requestID, text, canRetry: canRetry))
    span.finish(outcome, error: text)
    return response
  }

  private func runSync(_ job: CallJob) async -> Response {
    let outcome = await call(job, stream: nil)
    let response = await hooks.after(job.span, job.request, job.config, self.response(job, outcome))
    job.finish(outcome, isAsync: false)
    return response
  }

  private func runAsync(_ job: CallJob) async -> Response? {
    let isAnswered = job.config.responseType == .async
    let answer: @Sendable (Response) -> Void = { [connections] response in
      if isAnswered { job.gate.push(response) }
      if let id = job.connection?.connectionID { connections.end(requestID: job.requestID, on: id) }
    }
    do {
      let task = try asyncPool.submit(
        job.span.context, timeoutMs: job.totalTimeoutMs,
        work: { [self] in
          let outcome = await call(job, stream: nil)
          let response = await hooks.after(job.span, job.request, job.config, self.response(job, outcome))
          if job.finish(outcome, isAsync: true) { answer(response) }
          return try outcome.taskResult()
        },
        refused: { _ in
          if job.span.finish(.unavailable, isAsync: true, error: ClientTexts.unavailable) {
            answer(.error(job.requestID, ClientTexts.unavailable, canRetry: true))
          }
        },
        finished: { [self] end in
          guard let late = CallOutcome(end) else { return }
          if job.finish(late, isAsync: true) { answer(self.response(job, late)) }
        })
      if let id = job.connection?.connectionID {
        _ = connections.begin(.task(task), requestID: job.requestID, on: id)
      }
    } catch {
      return await refuse(
        job.span, job.request, job.config, .unavailable, ClientTexts.unavailable, canRetry: true)
    }
    return isAnswered ? .asyncAccepted(job.requestID) : nil
  }

  /// Calls the function of a job on the nodes selected for it.
  func call(_ job: CallJob, stream: StreamHandle?) async -> CallOutcome {
    let selected: SelectedNodes
    if let nodes = job.nodes {
      selected = nodes
    } else {
      selected = await select(job.request, job.config, job.stored)
    }
    let nodes: [String]?
    switch selected {
    case .here: nodes = nil
    case .there(let names): nodes = names
    case .failed(let reason):
      return .failed(.unreachable, reason: "node selection failed: \(reason)", client: .internalError)
    }
    var call = FunctionCall(
      arguments: job.arguments, request: job.request, connection: job.connection, stream: stream)
    call.hasRequestInfo = job.config.passesRequestInfo
    return await caller.call(job.span, job.config, nodes: nodes, call)
  }

  private func select(_ request: Request, _ config: FunctionConfig, _ stored: StoredFunction) async
    -> SelectedNodes
  {
    do {
      return try await caller.select(request, config, stored).map(SelectedNodes.there) ?? .here
    } catch {
      return .failed("\(error)")
    }
  }

  private func isAllowed(_ request: Request, _ config: FunctionConfig, _ nodes: SelectedNodes?) async -> Bool
  {
    switch nodes {
    case nil, .here: await permission.allows(request, config, nodes: nil)
    case .there(let names): await permission.allows(request, config, nodes: names)
    case .failed: false
    }
  }

  func response(_ job: CallJob, _ outcome: CallOutcome) -> Response {
    switch outcome {
    case .ok(let value): return .sync(job.requestID, value)
    case .failed(_, let reason, let client):
      switch client {
      case .internalError, .cancelled: return .error(job.requestID, internalError(reason))
      case .reason: return .error(job.requestID, reason)
      case .retriesExhausted: return .error(job.requestID, ClientTexts.retriesExhausted)
      }
    }
  }

  func internalError(_ reason: String) -> String {
    showsErrorDetail ? "\(ClientTexts.internalError): \(reason)" : ClientTexts.internalError
  }
}

extension Request {
  /// What a rate limit counts by.
  func rateLimitKey(_ key: String) -> String? {
    switch key {
    case "user_id": userID
    case "device_id": deviceID
    case "ip_address": ipAddress
    default: args[key]?.string
    }
  }
}

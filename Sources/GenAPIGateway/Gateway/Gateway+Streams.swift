import GenAPITelemetry
import GenAPIValue

extension Gateway {
  nonisolated(nonsending) func runStream(_ job: CallJob) async -> Response? {
    let stream = StreamHandle(
      requestID: job.requestID,
      origin: StreamHandle.Origin(
        function: job.stored.identity, userID: job.request.userID, startedNs: clock.monotonicNanoseconds()),
      push: { job.push($0) }, room: { await job.gate?.waitForRoom() },
      errorText: { [self] in internalError($0) })
    let streaming = job.with(stream)
    let ticket: ConnectionTable.Ticket?
    do throws(Refusal) {
      ticket = try beginWork(.stream(stream, nil), job)
    } catch {
      return await refuse(job.span, job.request, job.stored, error)
    }
    let ended: @Sendable () -> Void = { [self] in
      if let ticket { connections.end(ticket) }
    }
    // It never ran. One that was cut off meanwhile has been told.
    let tellRefusal: @Sendable () -> Void = { [connections] in
      let tell = {
        stream.disconnect()
        job.push(.error(job.requestID, ClientTexts.unavailable, canRetry: true))
      }
      if let ticket { connections.end(ticket, answering: tell) } else { tell() }
    }
    let scope = job.span.scope ?? .current
    do {
      let task = try streamPool.submit(
        job.span.context, holder: holder(of: job, ticket), node: job.node, asked: job.asked,
        retries: job.retries, timeoutMs: job.stored.config.timeoutMs ?? WorkerPoolConfiguration.longestMs,
        waitMs: job.stored.config.timeoutMs,
        work: { [self] in
          let outcome = await inScope(scope) { await call(streaming) }
          return try settle(job, stream, outcome, ended)
        },
        refused: { refusal in
          if job.refused(refusal) { tellRefusal() }
          ended()
        },
        finished: { [self] end in
          guard let late = caller.outcome(of: end, streaming) else { return }
          if case .waitedTooLong = end {
            if finish(job, late, isAsync: true) { tellRefusal() }
            return ended()
          }
          if case .failed(.timeout, _, .internalError) = late {
            stream.timeOut(milliseconds: job.stored.config.timeoutMs ?? 0)
          }
          _ = try? settle(job, stream, late, ended)
        })
      if let ticket { connections.took(task, ticket) }
      return .chunk(job.requestID, "init")
    } catch {
      ended()
      return await refuse(job.span, job.request, job.stored, refusal(error, by: streamPool))
    }
  }

  /// What its function failed of is told when it is called; that its time was over, and how it ended itself, once here.
  private func tell(_ end: CallOutcome, _ call: CallOutcome, _ span: RequestSpan) {
    switch (end, call) {
    case (.failed(_, _, .halted), _): return
    case (.failed(.timeout, let reason, _), _): caller.errors.tell(.lateFunction, reason, span.context)
    case (.failed(.unavailable, let reason, _), _):
      caller.errors.tell(.threadless, reason, span.context)
    case (.failed(.error, let reason, .reason), .ok): caller.errors.tellIfCut(reason, span.context)
    case (.failed(.error, _, .reason), _): return
    case (.failed(.unreachable, let reason, .lost), .ok):
      caller.errors.tell(.lost, reason, span.context)
    case (.failed(.error, let reason, _), .ok): caller.errors.tell(.refusal, reason, span.context)
    default: return
    }
  }

  /// Ends a stream's request by how the stream ended; a function that returned without ending it has
  /// completed it. The client always gets one last message, unless it is gone.
  private func settle(
    _ job: CallJob, _ stream: StreamHandle, _ outcome: CallOutcome, _ ended: @Sendable () -> Void
  ) throws -> TaskResult {
    defer { ended() }
    switch outcome {
    case .ok: stream.complete()
    case .failed(_, let reason, _) where cutOffText(job, outcome) != nil:
      stream.fail(cutOffText(job, outcome) ?? reason, isForClient: true)
    case .failed(_, let reason, .reason): stream.fail(reason, isForClient: true)
    case .failed(let outcome, let reason, .unavailable):
      stream.turnAway(reason, telling: unavailable(outcome, reason))
    case .failed(_, let reason, .halted(let halt)):
      halt.ranNothing
        ? stream.turnAway(reason, telling: ClientTexts.unavailable)
        : stream.fail(ClientTexts.unavailable, isForClient: true)
    case .failed(_, let reason, .lost):
      stream.fail(detailed(ClientTexts.lost, reason), isForClient: true)
    case .failed(_, let reason, .retriesExhausted):
      stream.fail(detailed(ClientTexts.retriesExhausted, reason), isForClient: true)
    case .failed(_, let reason, _): stream.fail(reason)
    }
    let final: CallOutcome =
      switch stream.end {
      case .completed, .stopped, nil: .ok(.null)
      case .failed(let reason, let isForClient):
        if case .failed = outcome {
          outcome
        } else {
          .failed(.error, reason: reason, client: isForClient ? .reason : .internalError)
        }
      case .lost(let reason): .failed(.unreachable, reason: reason, client: .lost)
      case .timedOut(let milliseconds):
        .failed(.timeout, reason: "no end within \(milliseconds) ms", client: .internalError)
      case .disconnected: .failed(.cancelled, reason: "the client is gone", client: .cancelled)
      }
    if finish(job, final, isAsync: true) { tell(final, outcome, job.span) }
    // A stream that its client stopped is well, and its task was cancelled, whichever of both is seen first.
    if case .stopped = stream.end { return .givenUp }
    return try final.taskResult()
  }
}

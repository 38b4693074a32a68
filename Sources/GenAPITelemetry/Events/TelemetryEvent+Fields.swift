extension TelemetryEvent {
  /// Visits the numbers measured, under the names of the catalogue.
  public func visitMeasurements(_ visitor: inout some FieldVisitor & ~Copyable) {
    switch self {
    case .requestStart(_, let time), .hookStart(_, let time), .taskStart(_, let time),
      .pullStart(_, let time):
      visitor.field("system_time", time)
    case .taskRejected(let event): visitor.field("system_time", event.systemTime)
    case .requestStop(let event): visitor.field("duration_us", event.durationUs)
    case .requestException(let event): visitor.field("duration_us", event.durationUs)
    case .rateLimitCheck(let event): visitor.field("duration_us", event.durationUs)
    case .hookStop(_, let duration), .hookException(_, let duration, _), .taskStop(_, let duration),
      .taskException(_, let duration, _), .socketClose(_, _, _, let duration):
      visitor.field("duration_us", duration)
    case .pullException(let event): visitor.field("duration_us", event.durationUs)
    case .relayMessage(let event):
      visitor.field("duration_us", event.durationUs)
      visitor.field("recipients", event.recipients)
    case .retry(let event):
      visitor.field("attempt", event.attempt)
      visitor.field("backoff_ms", event.backoffMs)
    case .rateLimitExceeded(let event): visitor.field("retry_after_ms", event.retryAfterMs)
    case .rateLimitCleanup(let duration, let cleaned, _, _):
      visitor.field("duration_us", duration)
      visitor.field("cleaned_entries", cleaned)
    case .pullStop(let event):
      visitor.field("duration_us", event.durationUs)
      visitor.field("count", event.count)
    case .push(let event): visitor.field("count", event.count)
    case .configBatchAdd(_, let count): visitor.field("count", count)
    case .retryExhausted, .rateLimitReset, .breakerOpen, .breakerClose, .configChange, .configClear,
      .relayGroup, .relayMember, .socketOpen, .channelJoin, .channelLeave, .nodeUp, .nodeDown:
      break
    }
  }

  /// Visits what describes the event, under the names of the catalogue; absent fields are left out.
  public func visitMetadata(_ visitor: inout some FieldVisitor & ~Copyable) {
    if let request { visitRequest(request, &visitor) }
    switch self {
    case .requestStart: break
    case .requestStop(let event):
      visitor.field("success", event.outcome == .ok)
      visitor.field("outcome", event.outcome)
      visitor.field("async", event.isAsync)
      visitor.field("node_called", event.nodeCalled)
      visitor.field("error", event.error)
    case .requestException(let event): visitFailure(event.failure, &visitor)
    case .retry(let event):
      visitor.field("mode", event.mode)
      visitor.field("type", event.nodes == nil ? "local" : "remote")
      visitor.field("nodes", event.nodes)
    case .retryExhausted(let event):
      visitor.field("mode", event.mode)
      visitor.field("last_error", event.lastError)
    case .rateLimitCheck(let event):
      visitor.field("result", event.result)
      visitor.field("key", event.key)
      visitor.field("scope", event.scope)
    case .rateLimitExceeded(let event):
      visitor.field("key", event.key)
      visitor.field("key_value", event.keyValue)
      visitor.field("scope", event.scope)
      visitor.field("max_requests", event.maxRequests)
      visitor.field("current_requests", event.currentRequests)
      visitor.field("window_ms", event.windowMs)
    case .rateLimitReset(let keyValue, let scope, let key):
      visitor.field("key_value", keyValue)
      visitor.field("scope", scope)
      visitor.field("key", key)
    case .rateLimitCleanup(_, _, let globalLimits, let apiLimits):
      visitor.field("global_limits_count", globalLimits)
      visitor.field("api_limits_count", apiLimits)
    case .hookStart(let run, _), .hookStop(let run, _): visitHook(run, &visitor)
    case .hookException(let run, _, let failure):
      visitHook(run, &visitor)
      visitFailure(failure, &visitor)
    case .taskStart(let task, _), .taskStop(let task, _): visitTask(task, &visitor)
    case .taskException(let task, _, let failure):
      visitTask(task, &visitor)
      visitFailure(failure, &visitor)
    case .taskRejected(let event):
      visitor.field("pool_name", event.pool)
      visitor.field("reason", event.reason)
      visitor.field("scope", event.scope)
      visitor.field("worker", event.worker)
      visitor.field("node", event.node)
    case .breakerOpen(let event):
      visitor.field("pool_name", event.pool)
      visitor.field("scope", event.scope)
      visitor.field("worker", event.worker)
      visitor.field("service", event.service)
      visitor.field("node", event.node)
      visitor.field("consecutive_failures", event.consecutiveFailures)
      visitor.field("cooldown_ms", event.cooldownMs)
    case .breakerClose(let event):
      visitor.field("pool_name", event.pool)
      visitor.field("scope", event.scope)
      visitor.field("worker", event.worker)
      visitor.field("service", event.service)
      visitor.field("node", event.node)
      visitor.field("open_ms", event.openMs)
    case .pullStart, .pullStop, .pullException, .push, .configChange, .configBatchAdd, .configClear:
      visitConfig(&visitor)
    case .relayGroup, .relayMember, .relayMessage, .socketOpen, .socketClose, .channelJoin, .channelLeave,
      .nodeUp, .nodeDown:
      visitExtension(&visitor)
    }
  }

  private func visitRequest(_ request: RequestContext, _ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("request_id", request.requestID)
    visitor.field("service", request.function.service)
    visitor.field("request_type", request.function.requestType)
    visitor.field("version", request.function.version)
    visitor.field("user_id", request.userID)
    guard let trace = request.trace else { return }
    visitor.field("trace_id", trace.traceID)
    visitor.field("parent_span_id", trace.parentSpanID)
  }

  private func visitFailure(_ failure: Failure, _ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("kind", failure.kind)
    visitor.field("reason", failure.reason)
    visitor.field("stacktrace", failure.stacktrace)
  }

  private func visitHook(_ run: HookRun, _ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("module", run.module)
    visitor.field("function", run.function)
    visitor.field("type", run.phase)
  }

  private func visitTask(_ task: PoolTask, _ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("pool_name", task.pool)
    visitor.field("worker", task.worker)
  }

  private func visitConfig(_ visitor: inout some FieldVisitor & ~Copyable) {
    switch self {
    case .pullStart(let service, _), .configBatchAdd(let service, _): visitor.field("service", service)
    case .pullStop(let event):
      visitor.field("service", event.service)
      visitor.field("version", event.version)
      visitor.field("skipped", event.skipped)
    case .pullException(let event):
      visitor.field("service", event.service)
      visitFailure(event.failure, &visitor)
      visitor.field("nodes", event.nodes)
    case .push(let event):
      visitor.field("service", event.service)
      visitor.field("version", event.version)
      visitor.field("node_from", event.nodeFrom)
      visitor.field("result", event.result)
    case .configChange(_, let change):
      visitor.field("service", change.service)
      visitor.field("request_type", change.requestType)
      visitor.field("version", change.version)
    case .configClear:
      visitor.field("service", "all")
      visitor.field("request_type", "all")
      visitor.field("version", "all")
    default: break
    }
  }

  private func visitExtension(_ visitor: inout some FieldVisitor & ~Copyable) {
    switch self {
    case .relayGroup(let change):
      visitor.field("group_id", change.groupID)
      visitor.field("group_type", change.groupType)
      visitor.field("user_id", change.userID)
    case .relayMember(let change):
      visitor.field("group_id", change.groupID)
      visitor.field("group_type", change.groupType)
      visitor.field("user_id", change.userID)
      visitor.field("actor", change.actor)
      visitor.field("status", change.status)
      visitor.field("reason", change.reason)
    case .relayMessage(let message):
      visitor.field("group_id", message.groupID)
      visitor.field("from_user_id", message.fromUserID)
    case .socketOpen(let transport, let userID):
      visitor.field("transport", transport)
      visitor.field("user_id", userID)
    case .socketClose(let transport, let userID, let reason, _):
      visitor.field("transport", transport)
      visitor.field("user_id", userID)
      visitor.field("reason", reason)
    case .channelJoin(let topic, let userID), .channelLeave(let topic, let userID):
      visitor.field("topic", topic)
      visitor.field("user_id", userID)
    case .nodeUp(let node): visitor.field("node", node)
    case .nodeDown(let node, let reason):
      visitor.field("node", node)
      visitor.field("reason", reason)
    default: break
    }
  }
}

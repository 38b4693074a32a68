import GenAPIValue

// The table of events: all that is said of one event stands in this file, and each `switch` names every case, so that the
// compiler asks for what is missing. Beside it a new event needs the place that emits it, its row in docs/events.md and a
// line in `EveryEventTests`. Only what carries many values has a type of its own, in the file of its category.

// MARK: Names

/// The name of every event a gateway emits.
///
/// The first 31 are the catalogue of the specification, in its order; the rest are extensions.
/// The raw value is the position, from 0, so it can index an array of counters or a bit of a mask.
public enum EventName: UInt8, CaseIterable, Sendable, Hashable {
  // Executor (5)
  case executorRequestStart
  case executorRequestStop
  case executorRequestException
  case executorRetry
  case executorRetryExhausted

  // Rate limiter (4)
  case rateLimiterCheck
  case rateLimiterExceeded
  case rateLimiterReset
  case rateLimiterCleanup

  // Hooks (6)
  case hookBeforeStart
  case hookBeforeStop
  case hookBeforeException
  case hookAfterStart
  case hookAfterStop
  case hookAfterException

  // Worker pool (6)
  case workerPoolTaskStart
  case workerPoolTaskStop
  case workerPoolTaskException
  case workerPoolTaskRejected
  case workerPoolCircuitBreakerOpen
  case workerPoolCircuitBreakerClose

  // Config cache (10)
  case configPullStart
  case configPullStop
  case configPullException
  case configPush
  case configAdd
  case configBatchAdd
  case configDelete
  case configClear
  case configDisable
  case configEnable

  // Extension: relay (8)
  case relayGroupCreate
  case relayGroupDelete
  case relayMemberJoin
  case relayMemberLeave
  case relayMemberAccept
  case relayMemberMute
  case relayMemberUnmute
  case relayMessage

  // Extension: channel (4)
  case channelSocketOpen
  case channelSocketClose
  case channelJoin
  case channelLeave

  // Extension: cluster (2)
  case clusterNodeUp
  case clusterNodeDown

  /// What is known of each event by its name alone.
  var row: EventDefinition {
    switch self {
    case .executorRequestStart: .init("executor.request.start", .request, tells: "version", "user_id")
    case .executorRequestStop:
      .init(
        "executor.request.stop", .request, nil,
        tells: "outcome", "error", "version", "user_id", "node_called")
    case .executorRequestException:
      .init(
        "executor.request.exception", .request, .critical, status: .exception,
        tells: "kind", "reason", "version", "user_id")
    case .executorRetry:
      .init(
        "executor.retry", .request, .warning, tells: "attempt", "backoff_ms", "mode", "version", "user_id")
    case .executorRetryExhausted:
      .init(
        "executor.retry.exhausted", .request, .critical, status: .error,
        tells: "last_error", "mode", "version", "user_id")

    case .rateLimiterCheck:
      .init("rate_limiter.check", .request, tells: "result", "key", "scope", "version", "user_id")
    case .rateLimiterExceeded:
      .init(
        "rate_limiter.exceeded", .request, .warning, status: .rateLimited,
        tells: "retry_after_ms", "key", "key_value", "scope", "version", "user_id")
    case .rateLimiterReset: .init("rate_limiter.reset", .nothing, tells: "key", "key_value", "scope")
    case .rateLimiterCleanup: .init("rate_limiter.cleanup", .nothing, tells: "cleaned_entries")

    case .hookBeforeStart:
      .init("hook.before.start", .request, tells: "module", "function", "version", "user_id")
    case .hookBeforeStop:
      .init("hook.before.stop", .request, tells: "module", "function", "version", "user_id")
    case .hookBeforeException:
      .init(
        "hook.before.exception", .request, .warning, status: .exception,
        tells: "kind", "reason", "module", "function", "version", "user_id")
    case .hookAfterStart:
      .init("hook.after.start", .request, tells: "module", "function", "version", "user_id")
    case .hookAfterStop: .init("hook.after.stop", .request, tells: "module", "function", "version", "user_id")
    case .hookAfterException:
      .init(
        "hook.after.exception", .request, .warning, status: .exception,
        tells: "kind", "reason", "module", "function", "version", "user_id")

    case .workerPoolTaskStart:
      .init("worker_pool.task.start", .request, tells: "pool_name", "worker", "version", "user_id")
    case .workerPoolTaskStop:
      .init("worker_pool.task.stop", .request, tells: "pool_name", "worker", "version", "user_id")
    case .workerPoolTaskException:
      .init(
        "worker_pool.task.exception", .request, .critical, status: .exception,
        tells: "kind", "reason", "pool_name", "worker", "version", "user_id")
    case .workerPoolTaskRejected:
      .init(
        "worker_pool.task.rejected", .request, .warning, status: .unavailable,
        tells: "reason", "scope", "pool_name", "worker", "version", "user_id", "node")
    case .workerPoolCircuitBreakerOpen:
      .init(
        "worker_pool.circuit_breaker.open", .service, .critical, status: .error,
        tells: "scope", "pool_name", "worker", "consecutive_failures", "node")
    case .workerPoolCircuitBreakerClose:
      .init(
        "worker_pool.circuit_breaker.close", .service, .good, tells: "scope", "pool_name", "worker", "node")

    case .configPullStart: .init("config.pull.start", .service)
    case .configPullStop: .init("config.pull.stop", .service, tells: "version", "count")
    case .configPullException:
      .init(
        "config.pull.exception", .service, .critical, status: .exception, tells: "kind", "reason", "nodes")
    case .configPush: .init("config.push", .service, tells: "result", "version", "count", "node_from")
    case .configAdd: .init("config.add", [.service, .requestType], tells: "version")
    case .configBatchAdd: .init("config.batch_add", .service, tells: "count")
    case .configDelete: .init("config.delete", [.service, .requestType], tells: "version")
    case .configClear: .init("config.clear", .everything, .warning, tells: "version")
    case .configDisable: .init("config.disable", [.service, .requestType], .warning, tells: "version")
    case .configEnable: .init("config.enable", [.service, .requestType], .good, tells: "version")

    case .relayGroupCreate: .init("relay.group.create", .user, tells: "group_id", "group_type", "user_id")
    case .relayGroupDelete: .init("relay.group.delete", .user, tells: "group_id", "group_type", "user_id")
    case .relayMemberJoin:
      .init("relay.member.join", .user, tells: "reason", "group_id", "status", "user_id", "actor")
    case .relayMemberLeave:
      .init("relay.member.leave", .user, tells: "reason", "group_id", "status", "user_id", "actor")
    case .relayMemberAccept:
      .init("relay.member.accept", .user, tells: "reason", "group_id", "status", "user_id", "actor")
    case .relayMemberMute:
      .init("relay.member.mute", .user, tells: "reason", "group_id", "status", "user_id", "actor")
    case .relayMemberUnmute:
      .init("relay.member.unmute", .user, tells: "reason", "group_id", "status", "user_id", "actor")
    case .relayMessage: .init("relay.message", .user, tells: "group_id", "from_user_id", "recipients")

    case .channelSocketOpen: .init("channel.socket.open", .user, tells: "transport", "user_id")
    case .channelSocketClose: .init("channel.socket.close", .user, tells: "reason", "transport", "user_id")
    case .channelJoin: .init("channel.join", .user, tells: "topic", "user_id")
    case .channelLeave: .init("channel.leave", .user, tells: "topic", "user_id")

    case .clusterNodeUp: .init("cluster.node.up", .nothing, .good, tells: "node")
    case .clusterNodeDown:
      .init("cluster.node.down", .nothing, .critical, status: .error, tells: "reason", "node")
    }
  }
}

// MARK: What they carry

/// One thing that happened in a gateway, typed: the measurements and metadata of the event catalogue.
///
/// The large and rare ones are kept apart (`indirect`), so that a queue of the others is half as long.
///
/// Durations are microseconds (`_us`) or milliseconds (`_ms`); `systemTime` is nanoseconds since the Unix epoch.
public enum TelemetryEvent: Sendable {
  case requestStart(RequestContext, systemTime: Int64)
  case requestStop(RequestStop)
  case requestException(RequestException)
  case retry(RetryAttempt)
  case retryExhausted(RetryExhausted)

  case rateLimitCheck(RateLimitCheck)
  indirect case rateLimitExceeded(RateLimitExceeded)
  case rateLimitReset(keyValue: ByteText, scope: ByteText, key: ByteText)
  case rateLimitCleanup(durationUs: Int64, cleanedEntries: Int, globalLimits: Int, apiLimits: Int)

  case hookStart(HookRun, systemTime: Int64)
  case hookStop(HookRun, durationUs: Int64)
  indirect case hookException(HookRun, durationUs: Int64, Failure)

  case taskStart(PoolTask, systemTime: Int64)
  case taskStop(PoolTask, durationUs: Int64)
  indirect case taskException(PoolTask, durationUs: Int64, Failure)
  case taskRejected(TaskRejection)
  case breakerOpen(BreakerOpen)
  case breakerClose(BreakerClose)

  case pullStart(service: ByteText, systemTime: Int64)
  case pullStop(PullStop)
  indirect case pullException(PullException)
  case push(ConfigPush)
  case configChange(ConfigChange.Kind, ConfigChange)
  case configBatchAdd(service: ByteText, count: Int)
  case configClear

  case relayGroup(RelayGroupChange)
  indirect case relayMember(RelayMemberChange)
  case relayMessage(RelayMessage)
  case socketOpen(transport: ByteText, userID: ByteText?)
  case socketClose(transport: ByteText, userID: ByteText?, reason: ByteText, durationUs: Int64)
  case channelJoin(topic: ByteText, userID: ByteText?)
  case channelLeave(topic: ByteText, userID: ByteText?)
  case nodeUp(node: ByteText)
  case nodeDown(node: ByteText, reason: ByteText?)
}

extension TelemetryEvent {
  /// What each event is called.
  public var name: EventName {
    switch self {
    case .requestStart: .executorRequestStart
    case .requestStop: .executorRequestStop
    case .requestException: .executorRequestException
    case .retry: .executorRetry
    case .retryExhausted: .executorRetryExhausted
    case .rateLimitCheck: .rateLimiterCheck
    case .rateLimitExceeded: .rateLimiterExceeded
    case .rateLimitReset: .rateLimiterReset
    case .rateLimitCleanup: .rateLimiterCleanup
    case .hookStart(let run, _): run.phase.startName
    case .hookStop(let run, _): run.phase.stopName
    case .hookException(let run, _, _): run.phase.exceptionName
    case .taskStart: .workerPoolTaskStart
    case .taskStop: .workerPoolTaskStop
    case .taskException: .workerPoolTaskException
    case .taskRejected: .workerPoolTaskRejected
    case .breakerOpen: .workerPoolCircuitBreakerOpen
    case .breakerClose: .workerPoolCircuitBreakerClose
    case .pullStart: .configPullStart
    case .pullStop: .configPullStop
    case .pullException: .configPullException
    case .push: .configPush
    case .configChange(let kind, _): kind.eventName
    case .configBatchAdd: .configBatchAdd
    case .configClear: .configClear
    case .relayGroup(let change): change.kind.eventName
    case .relayMember(let change): change.kind.eventName
    case .relayMessage: .relayMessage
    case .socketOpen: .channelSocketOpen
    case .socketClose: .channelSocketClose
    case .channelJoin: .channelJoin
    case .channelLeave: .channelLeave
    case .nodeUp: .clusterNodeUp
    case .nodeDown: .clusterNodeDown
    }
  }

  /// What each event is about.
  public var subject: EventSubject {
    switch self {
    case .requestStart(let request, _): .request(request)
    case .requestStop(let event): .request(event.request)
    case .requestException(let event): .request(event.request)
    case .retry(let event): .request(event.request)
    case .retryExhausted(let event): .request(event.request)
    case .rateLimitCheck(let event): .request(event.request)
    case .rateLimitExceeded(let event): .request(event.request)
    case .hookStart(let run, _), .hookStop(let run, _), .hookException(let run, _, _): .request(run.request)
    case .taskStart(let task, _), .taskStop(let task, _), .taskException(let task, _, _):
      .request(task.request)
    case .taskRejected(let event): .request(event.request)
    case .breakerOpen(let event): .named(service: event.service)
    case .breakerClose(let event): .named(service: event.service)
    case .pullStart(let service, _), .configBatchAdd(let service, _): .named(service: service)
    case .pullStop(let event): .named(service: event.service)
    case .pullException(let event): .named(service: event.service)
    case .push(let event): .named(service: event.service)
    case .configChange(_, let change): .named(service: change.service, requestType: change.requestType)
    case .configClear: .everything
    case .relayGroup(let change): .named(user: change.userID)
    case .relayMember(let change): .named(user: change.userID)
    case .relayMessage(let message): .named(user: message.fromUserID)
    case .socketOpen(_, let user), .socketClose(_, let user, _, _), .channelJoin(_, let user),
      .channelLeave(_, let user):
      .named(user: user)
    case .rateLimitReset, .rateLimitCleanup, .nodeUp, .nodeDown: .named()
    }
  }

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
    request?.visit(&visitor)
    switch self {
    case .requestStart: break
    case .requestStop(let event): event.visit(&visitor)
    case .requestException(let event): event.failure.visit(&visitor)
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
    case .rateLimitExceeded(let event): event.visit(&visitor)
    case .rateLimitReset(let keyValue, let scope, let key):
      visitor.field("key_value", keyValue)
      visitor.field("scope", scope)
      visitor.field("key", key)
    case .rateLimitCleanup(_, _, let globalLimits, let apiLimits):
      visitor.field("global_limits_count", globalLimits)
      visitor.field("api_limits_count", apiLimits)
    case .hookStart(let run, _), .hookStop(let run, _): run.visit(&visitor)
    case .hookException(let run, _, let failure):
      run.visit(&visitor)
      failure.visit(&visitor)
    case .taskStart(let task, _), .taskStop(let task, _): task.visit(&visitor)
    case .taskException(let task, _, let failure):
      task.visit(&visitor)
      failure.visit(&visitor)
    case .taskRejected(let event): event.visit(&visitor)
    case .breakerOpen(let event): event.visit(&visitor)
    case .breakerClose(let event): event.visit(&visitor)
    case .pullStart(let service, _), .configBatchAdd(let service, _): visitor.field("service", service)
    case .pullStop(let event):
      visitor.field("service", event.service)
      visitor.field("version", event.version)
      visitor.field("skipped", event.skipped)
    case .pullException(let event):
      visitor.field("service", event.service)
      event.failure.visit(&visitor)
      visitor.field("nodes", event.nodes)
    case .push(let event): event.visit(&visitor)
    case .configChange(_, let change):
      visitor.field("service", change.service)
      visitor.field("request_type", change.requestType)
      visitor.field("version", change.version)
    case .configClear:
      visitor.field("service", "all")
      visitor.field("request_type", "all")
      visitor.field("version", "all")
    case .relayGroup(let change): change.visit(&visitor)
    case .relayMember(let change): change.visit(&visitor)
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
    }
  }
}

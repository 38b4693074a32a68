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
  /// The event `executor.request.start`.
  case executorRequestStart
  /// The event `executor.request.stop`.
  case executorRequestStop
  /// The event `executor.request.exception`.
  case executorRequestException
  /// The event `executor.retry`.
  case executorRetry
  /// The event `executor.retry.exhausted`.
  case executorRetryExhausted

  // Rate limiter (4)
  /// The event `rate_limiter.check`.
  case rateLimiterCheck
  /// The event `rate_limiter.exceeded`.
  case rateLimiterExceeded
  /// The event `rate_limiter.reset`.
  case rateLimiterReset
  /// The event `rate_limiter.cleanup`.
  case rateLimiterCleanup

  // Hooks (6)
  /// The event `hook.before.start`.
  case hookBeforeStart
  /// The event `hook.before.stop`.
  case hookBeforeStop
  /// The event `hook.before.exception`.
  case hookBeforeException
  /// The event `hook.after.start`.
  case hookAfterStart
  /// The event `hook.after.stop`.
  case hookAfterStop
  /// The event `hook.after.exception`.
  case hookAfterException

  // Worker pool (6)
  /// The event `worker_pool.task.start`.
  case workerPoolTaskStart
  /// The event `worker_pool.task.stop`.
  case workerPoolTaskStop
  /// The event `worker_pool.task.exception`.
  case workerPoolTaskException
  /// The event `worker_pool.task.rejected`.
  case workerPoolTaskRejected
  /// The event `worker_pool.circuit_breaker.open`.
  case workerPoolCircuitBreakerOpen
  /// The event `worker_pool.circuit_breaker.close`.
  case workerPoolCircuitBreakerClose

  // Config cache (10)
  /// The event `config.pull.start`.
  case configPullStart
  /// The event `config.pull.stop`.
  case configPullStop
  /// The event `config.pull.exception`.
  case configPullException
  /// The event `config.push`.
  case configPush
  /// The event `config.add`.
  case configAdd
  /// The event `config.batch_add`.
  case configBatchAdd
  /// The event `config.delete`.
  case configDelete
  /// The event `config.clear`.
  case configClear
  /// The event `config.disable`.
  case configDisable
  /// The event `config.enable`.
  case configEnable

  // Extension: relay (8)
  /// The event `relay.group.create`.
  case relayGroupCreate
  /// The event `relay.group.delete`.
  case relayGroupDelete
  /// The event `relay.member.join`.
  case relayMemberJoin
  /// The event `relay.member.leave`.
  case relayMemberLeave
  /// The event `relay.member.accept`.
  case relayMemberAccept
  /// The event `relay.member.mute`.
  case relayMemberMute
  /// The event `relay.member.unmute`.
  case relayMemberUnmute
  /// The event `relay.message`.
  case relayMessage

  // Extension: channel (4)
  /// The event `channel.socket.open`.
  case channelSocketOpen
  /// The event `channel.socket.close`.
  case channelSocketClose
  /// The event `channel.join`.
  case channelJoin
  /// The event `channel.leave`.
  case channelLeave

  // Extension: cluster (2)
  /// The event `cluster.node.up`.
  case clusterNodeUp
  /// The event `cluster.node.down`.
  case clusterNodeDown

  /// What is known of each event by its name alone.
  var row: EventDefinition {
    switch self {
    case .executorRequestStart: .init("executor.request.start", .request, tells: "version", "user_id")
    case .executorRequestStop:
      .init(
        "executor.request.stop", .request, nil,
        tells: "outcome", "error", "version", "user_id", "node_called", "nodes_passed")
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
        tells: "kind", "reason", "node", "module", "function", "version", "user_id")
    case .hookAfterStart:
      .init("hook.after.start", .request, tells: "module", "function", "version", "user_id")
    case .hookAfterStop: .init("hook.after.stop", .request, tells: "module", "function", "version", "user_id")
    case .hookAfterException:
      .init(
        "hook.after.exception", .request, .warning, status: .exception,
        tells: "kind", "reason", "node", "module", "function", "version", "user_id")

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
        tells: "reason", "circuit_state", "scope", "pool_name", "worker", "version", "user_id", "node")
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
  /// A request was understood and begun; `systemTime` is nanoseconds since the Unix epoch.
  case requestStart(RequestContext, systemTime: Int64)
  /// A request ended, well or not.
  case requestStop(RequestStop)
  /// A request ended because something threw.
  indirect case requestException(RequestException)
  /// A call is about to be tried again.
  case retry(RetryAttempt)
  /// All retries failed.
  case retryExhausted(RetryExhausted)

  /// The limits of a request were checked.
  case rateLimitCheck(RateLimitCheck)
  /// A limit refused a request.
  indirect case rateLimitExceeded(RateLimitExceeded)
  /// An operator reset what a limit counted of a key.
  case rateLimitReset(keyValue: ByteText, scope: ByteText, key: ByteText)
  /// The limiter forgot keys that had no request in their windows.
  case rateLimitCleanup(durationUs: Int64, cleanedEntries: Int, globalLimits: Int, apiLimits: Int)

  /// A hook began to run; `systemTime` is nanoseconds since the Unix epoch.
  case hookStart(HookRun, systemTime: Int64)
  /// A hook ended.
  case hookStop(HookRun, durationUs: Int64)
  /// A hook threw or took too long.
  indirect case hookException(HookRun, durationUs: Int64, Failure)

  /// A worker began a task; `systemTime` is nanoseconds since the Unix epoch.
  case taskStart(PoolTask, systemTime: Int64)
  /// A worker ended a task.
  case taskStop(PoolTask, durationUs: Int64)
  /// A task failed.
  indirect case taskException(PoolTask, durationUs: Int64, Failure)
  /// A pool refused a task.
  case taskRejected(TaskRejection)
  /// A circuit breaker opened.
  indirect case breakerOpen(BreakerOpen)
  /// A circuit breaker closed.
  indirect case breakerClose(BreakerClose)

  /// The gateway began to pull a service's configs.
  case pullStart(service: ByteText, systemTime: Int64)
  /// A pull went well.
  case pullStop(PullStop)
  /// A pull failed on every node.
  indirect case pullException(PullException)
  /// A service pushed its configs.
  case push(ConfigPush)
  /// A function was added, deleted, disabled or enabled.
  case configChange(ConfigChange.Kind, ConfigChange)
  /// Several functions of a service were added at once.
  case configBatchAdd(service: ByteText, count: Int)
  /// All functions were deleted.
  case configClear

  /// A relay group was made or deleted.
  case relayGroup(RelayGroupChange)
  /// A member of a relay group came, went or changed.
  indirect case relayMember(RelayMemberChange)
  /// A message went to a relay group.
  case relayMessage(RelayMessage)
  /// A client connected.
  case socketOpen(transport: ByteText, userID: ByteText?)
  /// A client's connection ended, after so many microseconds.
  case socketClose(transport: ByteText, userID: ByteText?, reason: ByteText, durationUs: Int64)
  /// A client joined a channel.
  case channelJoin(topic: ByteText, userID: ByteText?)
  /// A client left a channel.
  case channelLeave(topic: ByteText, userID: ByteText?)
  /// A service node came up.
  case nodeUp(node: ByteText)
  /// A service node went down.
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
    case .requestException(let event):
      event.failure.visit(&visitor)
      if let outcome = event.outcome { visitor.field("outcome", outcome) }
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

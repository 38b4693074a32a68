import GenAPITelemetry

/// One event of every name, with every optional field set.
enum SampleEvents {
  static let context = RequestContext(
    requestID: "req_1",
    function: FunctionIdentity(service: "user_service", requestType: "get_user", version: "1.0.0"),
    userID: "u_1")
  static let failure = Failure(kind: "timeout", reason: "too slow", stacktrace: "none")
  static let hookFailure = Failure(kind: "timeout", reason: "too slow", stacktrace: "none", node: "n1")
  static let before = HookRun(request: context, phase: .before, module: "Audit", function: "check")
  static let after = HookRun(request: context, phase: .after, module: "Audit", function: "log")
  static let task = PoolTask(request: context, pool: "async_pool", worker: 3)
  static let change = ConfigChange(service: "user_service", requestType: "get_user", version: "1.0.0")

  static let catalogue: [TelemetryEvent] = [
    .requestStart(context, systemTime: 1),
    .requestStop(
      RequestStop(
        request: context, durationUs: 5, outcome: .error, isAsync: true, nodeCalled: "n1", nodesPassed: 1,
        error: "boom")),
    .requestException(
      RequestException(request: context, durationUs: 5, failure: failure, outcome: .invalidArguments)),
    .retry(
      RetryAttempt(request: context, attempt: 1, backoffMs: 100, mode: "all_nodes", nodes: ["n1", "n2"])),
    .retryExhausted(RetryExhausted(request: context, mode: "all_nodes 3", lastError: "boom")),
    .rateLimitCheck(
      RateLimitCheck(
        request: context, durationUs: 2, result: .rateLimited, key: "user_id", scope: "global")),
    .rateLimitExceeded(
      RateLimitExceeded(
        request: context, key: "user_id", keyValue: "u_1", scope: "global", maxRequests: 10,
        currentRequests: 10, windowMs: 1_000, retryAfterMs: 400)),
    .rateLimitReset(keyValue: "u_1", scope: "global", key: "user_id"),
    .rateLimitCleanup(durationUs: 9, cleanedEntries: 4, globalLimits: 1, apiLimits: 2),
    .hookStart(before, systemTime: 1), .hookStop(before, durationUs: 2),
    .hookException(before, durationUs: 2, hookFailure),
    .hookStart(after, systemTime: 1), .hookStop(after, durationUs: 2),
    .hookException(after, durationUs: 2, hookFailure),
    .taskStart(task, systemTime: 1), .taskStop(task, durationUs: 2),
    .taskException(task, durationUs: 2, failure),
    .taskRejected(
      TaskRejection(
        request: context, pool: "async_pool", reason: .circuitOpen, scope: .worker, circuit: .open,
        worker: 3, node: "n1", systemTime: 1)),
    .breakerOpen(
      BreakerOpen(
        pool: "async_pool", scope: .worker, worker: 3, service: "user_service", node: "n1",
        consecutiveFailures: 5, cooldownMs: 30_000)),
    .breakerClose(
      BreakerClose(
        pool: "async_pool", scope: .worker, worker: 3, service: "user_service", node: "n1", openMs: 31_000)),
    .pullStart(service: "user_service", systemTime: 1),
    .pullStop(PullStop(service: "user_service", durationUs: 7, count: 3, version: "2.0.0", skipped: false)),
    .pullException(
      PullException(service: "user_service", durationUs: 7, failure: failure, nodes: ["n1", "n2"])),
    .push(
      ConfigPush(service: "user_service", version: "2.0.0", count: 3, nodeFrom: "n1", result: .accepted)),
    .configChange(.add, change),
    .configBatchAdd(service: "user_service", count: 3),
    .configChange(.delete, change),
    .configClear,
    .configChange(.disable, change),
    .configChange(.enable, change),
  ]

  static let extensions: [TelemetryEvent] = [
    .relayGroup(RelayGroupChange(kind: .create, groupID: "g", groupType: "public", userID: "u")),
    .relayGroup(RelayGroupChange(kind: .delete, groupID: "g", groupType: "public", userID: "u")),
    member(.join), member(.leave), member(.accept), member(.mute), member(.unmute),
    .relayMessage(RelayMessage(groupID: "g", fromUserID: "u", recipients: 3, durationUs: 8)),
    .socketOpen(transport: "websocket", userID: "u"),
    .socketClose(transport: "websocket", userID: "u", reason: "closed", durationUs: 8),
    .channelJoin(topic: "room:1", userID: "u"), .channelLeave(topic: "room:1", userID: "u"),
    .nodeUp(node: "n1"), .nodeDown(node: "n1", reason: "timeout"),
  ]

  static let all = catalogue + extensions

  private static func member(_ kind: RelayMemberChange.Kind) -> TelemetryEvent {
    .relayMember(
      RelayMemberChange(
        kind: kind, groupID: "g", groupType: "public", userID: "u", actor: "a", status: "active",
        reason: "disconnect"))
  }
}

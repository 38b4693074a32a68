import ErlangTerms
import GenAPITelemetry
import OutsideText

/// An event as the agent sends it: `{Index, Microseconds, Process, Measurements, Metadata, About}`.
struct AttachedEvent {
  let name: EventName
  /// When it happened, microseconds since the Unix epoch.
  let at: Int64
  private let measurements: [ByteText: Int64]
  private let metadata: [ByteText: Term]
  /// Whose it is, of an event that does not say so itself.
  private let about: [Term]
  /// The number of the process that emitted it, which is a worker of a pool for its events.
  private let process: Int?
  /// What the gateway is set to, where the event does not tell it.
  var cooldownMs: Int64 = 0
  /// Those that are in force: the library names none.
  var limits: [AttachedLimit] = []
  /// How many retries its function has; nil where that is not known.
  var retries: Int64?

  /// nil for what is none.
  init?(_ term: Term) {
    guard let parts = term.tupleElements, parts.count == 6, let index = parts[0].integerValue,
      let raw = UInt8(exactly: index), let name = EventName(rawValue: raw), !name.category.isExtension
    else { return nil }
    self.name = name
    at = parts[1].count
    measurements = Self.fields(parts[3]).mapValues(\.count)
    metadata = Self.fields(parts[4])
    about = parts[5].tupleElements ?? []
    process = if case .pid(let pid) = parts[2] { Int(pid.id) } else { nil }
  }

  private static func fields(_ term: Term) -> [ByteText: Term] {
    let pairs = (term.listElements ?? []).prefix(50).compactMap { pair -> (ByteText, Term)? in
      guard let two = pair.tupleElements, two.count == 2, let key = two[0].atomName else { return nil }
      return (key, two[1])
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  private func name(_ key: ByteText) -> ByteText? { metadata[key]?.name }
  private func number(_ key: ByteText) -> Int64 { measurements[key] ?? 0 }
  private var duration: Int64 { number("duration_us") }

  /// The function it is about.
  var function: FunctionIdentity { request.function }

  private var request: RequestContext {
    let isAbout = about.count == 3
    return RequestContext(
      requestID: name("request_id") ?? (isAbout ? about[0].name : nil) ?? "",
      function: FunctionIdentity(
        service: name("service") ?? (isAbout ? about[1].name : nil) ?? "",
        requestType: name("request_type") ?? (isAbout ? about[2].name : nil) ?? ""),
      userID: name("user_id"))
  }

  private var failure: Failure {
    Failure(kind: name("kind") ?? "error", reason: name("reason") ?? "", stacktrace: name("stacktrace") ?? "")
  }

  private func run(_ phase: HookRun.Phase) -> HookRun {
    HookRun(request: request, phase: phase, module: name("module") ?? "", function: name("function") ?? "")
  }

  /// As the agent counted the request; nil where it could not tell how it ended.
  private var outcome: RequestOutcome? {
    measurements["outcome"].flatMap { index in
      RequestOutcome.allCases.first { Int64($0.index) == index }
    }
  }

  private var pool: ByteText { name("pool_name") ?? "" }
  private var service: ByteText { name("service") ?? "" }
  private var systemTime: Int64 { at.saturatingMultiply(1_000) }

  /// The same event in the catalogue's form; nil for one that cannot be.
  var telemetry: TelemetryEvent? {
    switch name {
    case .executorRequestStart: .requestStart(request, systemTime: systemTime)
    case .executorRequestStop:
      .requestStop(
        RequestStop(
          request: request, durationUs: duration,
          outcome: metadata["success"] == .atom("true") ? .ok : outcome,
          isAsync: metadata["async"] == .atom("true")))
    case .executorRequestException:
      .requestException(
        RequestException(
          request: request, durationUs: duration, failure: failure,
          outcome: outcome == .exception ? nil : outcome))
    case .executorRetry: .retry(retry)
    case .executorRetryExhausted:
      .retryExhausted(
        RetryExhausted(
          request: request, mode: metadata["mode"]?.words ?? "", lastError: name("last_error") ?? ""))
    case .rateLimiterCheck: .rateLimitCheck(check)
    case .rateLimiterExceeded: .rateLimitExceeded(exceeded)
    case .rateLimiterReset:
      .rateLimitReset(
        keyValue: name("key") ?? "", scope: scope(metadata["scope"]), key: name("rate_limit_key") ?? "")
    case .rateLimiterCleanup:
      .rateLimitCleanup(
        durationUs: duration, cleanedEntries: Int(clamping: number("cleaned_entries")),
        globalLimits: Int(clamping: metadata["global_limits_count"]?.count ?? 0),
        apiLimits: Int(clamping: metadata["api_limits_count"]?.count ?? 0))
    case .hookBeforeStart: .hookStart(run(.before), systemTime: systemTime)
    case .hookBeforeStop: .hookStop(run(.before), durationUs: duration)
    case .hookBeforeException: .hookException(run(.before), durationUs: duration, failure)
    case .hookAfterStart: .hookStart(run(.after), systemTime: systemTime)
    case .hookAfterStop: .hookStop(run(.after), durationUs: duration)
    case .hookAfterException: .hookException(run(.after), durationUs: duration, failure)
    default: poolOrConfig
    }
  }

  private var poolOrConfig: TelemetryEvent? {
    let change = ConfigChange(
      service: service, requestType: name("request_type") ?? "", version: name("version"))
    return switch name {
    case .workerPoolTaskStart: .taskStart(task, systemTime: systemTime)
    case .workerPoolTaskStop: .taskStop(task, durationUs: duration)
    case .workerPoolTaskException: .taskException(task, durationUs: duration, failure)
    case .workerPoolTaskRejected:
      .taskRejected(
        TaskRejection(
          request: request, pool: pool,
          reason: TaskRejection.Reason(rawValue: (name("reason") ?? "").string) ?? .circuitOpen,
          scope: .worker, worker: process, systemTime: systemTime))
    case .workerPoolCircuitBreakerOpen:
      .breakerOpen(
        BreakerOpen(
          pool: pool, scope: .worker, worker: process,
          consecutiveFailures: Int(clamping: metadata["consecutive_failures"]?.count ?? 0),
          cooldownMs: cooldownMs))
    case .workerPoolCircuitBreakerClose:
      .breakerClose(BreakerClose(pool: pool, scope: .worker, worker: process, openMs: number("open_ms")))
    case .configPullStart: .pullStart(service: service, systemTime: systemTime)
    case .configPullStop:
      .pullStop(
        PullStop(
          service: service, durationUs: duration, count: Int(clamping: number("count")),
          version: name("version"),
          skipped: number("count") == 0 && name("version") != nil))
    case .configPush:
      .push(
        ConfigPush(
          service: service, version: name("version") ?? "", count: Int(clamping: number("count")),
          nodeFrom: nil,
          result: .accepted))
    case .configAdd: .configChange(.add, change)
    case .configDelete: .configChange(.delete, change)
    case .configDisable: .configChange(.disable, change)
    case .configEnable: .configChange(.enable, change)
    case .configBatchAdd: .configBatchAdd(service: service, count: Int(clamping: number("count")))
    case .configClear: .configClear
    default: nil
    }
  }

  private var task: PoolTask { PoolTask(request: request, pool: pool, worker: process ?? 0) }

  /// The library tells how many attempts are left, before this one: it is turned round where the function's setting is known.
  private var retry: RetryAttempt {
    let nodes = metadata["nodes"]?.listElements?.compactMap(\.name)
    let left = number("attempt")
    return RetryAttempt(
      request: request, attempt: Int(clamping: retries.map { max(1, $0 - left + 1) } ?? left),
      backoffMs: number("backoff_ms"),
      mode: metadata["mode"]?.words ?? "", nodes: metadata["type"] == .atom("remote") ? nodes ?? [] : nil)
  }

  private var check: RateLimitCheck {
    let isLimited = metadata["result"] == .atom("rate_limited")
    let result: RateLimitCheck.Result =
      metadata["result"] == .atom("ok") ? .ok : isLimited ? .rateLimited : .error
    let told = metadata["limit"].map(Self.fields)
    return RateLimitCheck(
      request: request, durationUs: duration, result: result, key: told.flatMap { refused($0)?.key },
      scope: told.map { scope($0["scope"]) })
  }

  private var exceeded: RateLimitExceeded {
    let limit = refused(metadata)
    return RateLimitExceeded(
      request: request, key: limit?.key ?? "", keyValue: clientKey(metadata), scope: scope(metadata["scope"]),
      maxRequests: Int(clamping: metadata["max_requests"]?.count ?? 0),
      currentRequests: Int(clamping: metadata["current_requests"]?.count ?? 0),
      windowMs: limit?.windowMs ?? 0,
      retryAfterMs: number("retry_after_ms"))
  }

  /// The client's own key, without what the library's table has before it.
  private func clientKey(_ told: [ByteText: Term]) -> ByteText {
    let key = told["key"]?.name ?? ""
    guard told["scope"]?.tupleElements != nil else { return key }
    return limits.lazy.compactMap { $0.prefix.isEmpty ? nil : key.dropping(prefix: $0.prefix) }.first ?? key
  }

  private func refused(_ told: [ByteText: Term]) -> LimitState? {
    LimitRefusal(
      scope: scope(told["scope"]), most: told["max_requests"]?.count ?? 0,
      window: told["window_ms"]?.integerValue, isUser: request.userID == clientKey(told)
    ).limit(of: limits)
  }

  /// `global`, or the function: the library tells a wrong one where the service's name has a colon.
  private func scope(_ term: Term?) -> ByteText {
    let told = AttachedLimit.scope(term)
    guard told != "global", !request.function.service.isEmpty else { return told }
    return FunctionPath.text(service: request.function.service, requestType: request.function.requestType)
  }
}

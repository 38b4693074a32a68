import GenAPIValue

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

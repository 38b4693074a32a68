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
}

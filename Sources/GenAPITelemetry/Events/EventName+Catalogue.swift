extension EventName {
  /// The 31 events of the specification, in its order.
  public static let catalogue: [EventName] = allCases.filter { !$0.category.isExtension }

  /// What this gateway reports beyond the 31: relay, channel and cluster events.
  public static let extensions: [EventName] = allCases.filter { $0.category.isExtension }

  public var category: EventCategory {
    switch self {
    case .executorRequestStart, .executorRequestStop, .executorRequestException, .executorRetry,
      .executorRetryExhausted:
      .executor
    case .rateLimiterCheck, .rateLimiterExceeded, .rateLimiterReset, .rateLimiterCleanup: .rateLimiter
    case .hookBeforeStart, .hookBeforeStop, .hookBeforeException, .hookAfterStart, .hookAfterStop,
      .hookAfterException:
      .hooks
    case .workerPoolTaskStart, .workerPoolTaskStop, .workerPoolTaskException, .workerPoolTaskRejected,
      .workerPoolCircuitBreakerOpen, .workerPoolCircuitBreakerClose:
      .workerPool
    case .configPullStart, .configPullStop, .configPullException, .configPush, .configAdd, .configBatchAdd,
      .configDelete, .configClear, .configDisable, .configEnable:
      .config
    case .relayGroupCreate, .relayGroupDelete, .relayMemberJoin, .relayMemberLeave, .relayMemberAccept,
      .relayMemberMute, .relayMemberUnmute, .relayMessage:
      .relay
    case .channelSocketOpen, .channelSocketClose, .channelJoin, .channelLeave: .channel
    case .clusterNodeUp, .clusterNodeDown: .cluster
    }
  }
}

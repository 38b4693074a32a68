import GenAPIValue

extension TelemetryEvent {
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
    case .hookStart(let run, _): run.phase == .before ? .hookBeforeStart : .hookAfterStart
    case .hookStop(let run, _): run.phase == .before ? .hookBeforeStop : .hookAfterStop
    case .hookException(let run, _, _): run.phase == .before ? .hookBeforeException : .hookAfterException
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
    case .relayGroup(let change): change.kind == .create ? .relayGroupCreate : .relayGroupDelete
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

  /// The request this event belongs to; nil for events outside any request.
  public var request: RequestContext? {
    switch self {
    case .requestStart(let request, _): request
    case .requestStop(let event): event.request
    case .requestException(let event): event.request
    case .retry(let event): event.request
    case .retryExhausted(let event): event.request
    case .rateLimitCheck(let event): event.request
    case .rateLimitExceeded(let event): event.request
    case .hookStart(let run, _), .hookStop(let run, _), .hookException(let run, _, _): run.request
    case .taskStart(let task, _), .taskStop(let task, _), .taskException(let task, _, _): task.request
    case .taskRejected(let event): event.request
    default: nil
    }
  }

  /// The service this event is about; nil when it is about none.
  public var service: ByteText? {
    switch self {
    case .pullStart(let service, _), .configBatchAdd(let service, _): service
    case .pullStop(let event): event.service
    case .pullException(let event): event.service
    case .push(let event): event.service
    case .configChange(_, let change): change.service
    default: request?.function.service
    }
  }
}

extension ConfigChange.Kind {
  public var eventName: EventName {
    switch self {
    case .add: .configAdd
    case .delete: .configDelete
    case .disable: .configDisable
    case .enable: .configEnable
    }
  }
}

extension RelayMemberChange.Kind {
  public var eventName: EventName {
    switch self {
    case .join: .relayMemberJoin
    case .leave: .relayMemberLeave
    case .accept: .relayMemberAccept
    case .mute: .relayMemberMute
    case .unmute: .relayMemberUnmute
    }
  }
}

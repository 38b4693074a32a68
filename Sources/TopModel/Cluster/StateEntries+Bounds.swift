import GenAPITelemetry

extension TotalsState {
  var bounded: TotalsState {
    TotalsState(
      requests: Bounds.count(requests), ok: Bounds.count(ok), failed: Bounds.count(failed),
      exceptions: Bounds.count(exceptions), rejected: Bounds.count(rejected),
      inFlight: Bounds.count(inFlight), invalid: Bounds.count(invalid), retries: Bounds.count(retries),
      eventsEmitted: Bounds.count(eventsEmitted), eventsDropped: Bounds.count(eventsDropped),
      events: events.mapValues { Bounds.count($0) })
  }
}

extension SeriesState {
  var bounded: SeriesState {
    var state = self
    state.requests = Bounds.count(requests)
    state.outcomes = outcomes.mapValues { Bounds.count($0) }
    state.retries = Bounds.count(retries)
    state.maxUs = Bounds.count(maxUs)
    state.lastErrorAt = Bounds.time(lastErrorAt)
    return state
  }
}

extension LimitState {
  var bounded: LimitState {
    var state = self
    state.maxRequests = Bounds.count(maxRequests)
    state.windowMs = Bounds.count(windowMs)
    state.checks = Bounds.count(checks)
    state.rejections = Bounds.count(rejections)
    state.trackedKeys = Bounds.count(trackedKeys)
    state.lastRejectionAt = Bounds.time(lastRejectionAt)
    return state
  }
}

extension HotKeyState {
  var bounded: HotKeyState {
    var state = self
    state.used = Bounds.count(used)
    state.max = Bounds.count(max)
    state.resetMs = Bounds.count(resetMs)
    state.rejections = Bounds.count(rejections)
    return state
  }
}

extension PoolState {
  var bounded: PoolState {
    var state = self
    state.workers = Bounds.count(workers)
    state.busy = Bounds.count(busy)
    state.queued = Bounds.count(queued)
    state.queueLimit = Bounds.count(queueLimit)
    state.executed = Bounds.count(executed)
    state.failed = Bounds.count(failed)
    state.rejected = Bounds.count(rejected)
    state.openServices = Bounds.count(openServices)
    state.halfOpenServices = Bounds.count(halfOpenServices)
    state.shareRejected = Bounds.count(shareRejected)
    state.clientWorkers = Bounds.count(clientWorkers)
    return state
  }
}

extension BreakerState {
  var bounded: BreakerState {
    var state = self
    state.since = Bounds.count(since)
    state.openedAt = Bounds.time(openedAt)
    state.probeAt = Bounds.time(probeAt)
    state.cooldownMs = Bounds.count(cooldownMs)
    state.openedCount = Bounds.count(openedCount)
    return state
  }
}

extension ServiceState {
  var bounded: ServiceState {
    var state = self
    state.functions = Bounds.count(functions)
    state.disabled = Bounds.count(disabled)
    state.lastSuccessAt = Bounds.time(lastSuccessAt)
    state.pullFailures = Bounds.count(pullFailures)
    return state
  }
}

extension ConfigChangeState {
  var bounded: ConfigChangeState {
    var state = self
    state.at = Bounds.count(at)
    return state
  }
}

extension GroupState {
  var bounded: GroupState {
    var state = self
    state.active = Bounds.count(active)
    state.pending = Bounds.count(pending)
    state.muted = Bounds.count(muted)
    state.messages = Bounds.count(messages)
    state.lastMessageAt = Bounds.time(lastMessageAt)
    return state
  }
}

extension ServiceNodeState {
  var bounded: ServiceNodeState {
    var state = self
    state.since = Bounds.count(since)
    state.calls = Bounds.count(calls)
    state.failures = Bounds.count(failures)
    return state
  }
}

extension ProcessState {
  var bounded: ProcessState {
    ProcessState(
      cpuSeconds: Bounds.seconds(cpuSeconds), residentBytes: Bounds.count(residentBytes),
      threads: Bounds.count(threads), uptimeMs: Bounds.count(uptimeMs))
  }
}

extension HookState {
  var bounded: HookState {
    var state = self
    state.runs = Bounds.count(runs)
    state.failures = Bounds.count(failures)
    return state
  }
}

extension SocketsState {
  var bounded: SocketsState {
    var state = self
    state.open = Bounds.count(open)
    state.joined = Bounds.count(joined)
    state.opened = Bounds.count(opened)
    state.closed = Bounds.count(closed)
    state.byTransport = byTransport.mapValues { Bounds.count($0) }
    return state
  }
}

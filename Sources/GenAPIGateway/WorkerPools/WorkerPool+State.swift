import GenAPITelemetry
import GenAPIValue

extension WorkerPool {
  /// Looks at every slot once.
  public func poolState() -> PoolState {
    read { core, now in
      var open = 0
      var halfOpen = 0
      for slot in core.slots {
        switch slot.state(at: now) {
        case .closed, .unknown: break
        case .open: open += 1
        case .halfOpen: halfOpen += 1
        }
      }
      return PoolState(
        name: core.name, workers: core.configuration.workers, busy: core.running.count,
        queued: core.queue.count, queueLimit: core.configuration.queueLimit,
        breaker: core.breaker.state(at: now), consecutiveFailures: core.breaker.consecutiveFailures,
        threshold: core.configuration.poolThreshold, openWorkers: open, halfOpenWorkers: halfOpen,
        openServices: core.services.count(of: .open, at: now),
        halfOpenServices: core.services.count(of: .halfOpen, at: now), executed: core.executed,
        failed: core.failed, cancelled: core.cancelled, rejected: core.rejected,
        shareRejected: core.shareRejected,
        clientWorkers: core.shares.running,
        busySlots: core.running.values.map(\.slot).sorted())
    }
  }

  /// The pool's own breaker, then those of workers and services that are not closed.
  public func breakerStates() -> [BreakerState] {
    let epoch = epoch.microseconds(by: clock)
    return read { core, now in
      func wall(_ time: Int64) -> Int64 { epoch + time / 1_000 }
      func state(_ breaker: CircuitBreaker, worker: Int? = nil, _ key: BreakerKey? = nil) -> BreakerState {
        let circuit = breaker.state(at: now)
        return BreakerState(
          pool: core.name, worker: worker, service: key?.service, node: key?.node, state: circuit,
          since: wall(breaker.since(at: now)), openedAt: breaker.openedAt.map(wall),
          consecutiveFailures: breaker.consecutiveFailures,
          cooldownMs: core.configuration.cooldown.wholeMilliseconds,
          probeAt: circuit == .open ? wall(breaker.probeAt) : nil,
          isProbing: circuit == .halfOpen ? breaker.isProbing(at: now) : nil,
          openedCount: breaker.openedCount, refused: breaker.refusedCount, lastReason: breaker.lastReason)
      }
      let workers = core.slots.indices.filter { core.slots[$0].state(at: now) != .closed }
      return [state(core.breaker)] + workers.map { state(core.slots[$0], worker: $0) }
        + core.services.notClosed(at: now).map { state($0.breaker, $0.key) }
    }
  }

  /// How many tasks and retries each breaker refused: the pool's own or those of workers together, and those of services that opened
  /// once, closed ones too. A closed breaker of a service is forgotten when more than a thousand are closed.
  public func breakerRefusals() -> [BreakerRefusals] {
    read { core, _ in
      var own = [BreakerRefusals(pool: core.name, scope: .pool, count: core.breaker.refusedCount)]
      switch core.configuration.breakers {
      case .pool:
        let workers = core.slots.reduce(0) { $0 + $1.refusedCount }
        own.append(BreakerRefusals(pool: core.name, scope: .worker, count: workers))
      case .service:
        own = core.services.thatOpened.map {
          BreakerRefusals(
            pool: core.name, scope: .service, service: $0.key.service, node: $0.key.node, count: $0.refused)
        }
      }
      return own
    }
  }

  /// Of `breakerStates()` those that are not closed and that a service's requests meet.
  func circuits(of service: ByteText) -> [BreakerState] {
    let states = breakerStates().filter { $0.state != .closed }
    let workers = states.filter { $0.worker != nil }
    // Requests pass by a worker that is out while others work.
    let areAllOut = workers.count == configuration.workers
    return states.filter { $0.worker == nil && ($0.service ?? service) == service }
      + (areAllOut ? workers.prefix(1) : [])
  }

  /// Why no request of a service on any of these nodes is let through now; nil when one is.
  func refusal(of service: ByteText, on nodes: [ByteText?]) -> PoolRefusal? {
    read { core, now in core.refusal(of: service, on: nodes, at: now) }
  }

  /// Tasks that ended as timed out or cancelled while their work goes on. When there are as many as workers,
  /// the pool takes no more tasks until some return.
  public var zombies: Int { read { core, _ in core.zombies.count } }
}

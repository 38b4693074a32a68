import GenAPITelemetry
import GenAPIValue

/// What the breakers of a pool say of what is asked of it.
extension PoolCore {
  /// Lets a task that runs call again, on this node, or says why not: as for a first call its breaker is asked, and what was let through
  /// before goes on only where the breaker neither opened nor closed since.
  ///
  /// - Parameter node: nil for a local function.
  /// - Returns: nil also for a task that has ended, of which nobody waits for anything.
  mutating func retry(_ id: UInt64, on node: ByteText?, at now: Int64) -> PoolRefusal? {
    let refusal = refusal(ofRetry: id, on: node, at: now)
    if let refusal { countOfBreaker(refusal) }
    return refusal
  }

  private mutating func refusal(ofRetry id: UInt64, on node: ByteText?, at now: Int64) -> PoolRefusal? {
    guard let run = running[id] else { return nil }
    switch configuration.breakers {
    case .service:
      let chosen = run.job.breakerKey
      let key = BreakerKey(service: chosen.service, node: node)
      let given = key == chosen ? run.job.permit : run.job.retryPermits[key]
      if let given, services.lets(key, given) { return nil }
      guard let permit = services.admit(key, at: now) else { return refusal(of: key, at: now) }
      if permit.isProbe { noteProbe(of: run.job, scope: .service, key: key) }
      if key == chosen {
        running[id]?.job.permit = permit
      } else {
        running[id]?.job.retryPermits[key] = permit
      }
    case .pool:
      // A worker's breaker changes by what ends on it, so not while it works.
      if breaker.lets(run.poolPermit) { return nil }
      guard let permit = breaker.admit(at: now) else { return refusalOfPool(at: now) }
      if permit.isProbe { noteProbe(of: run.job, scope: .pool) }
      running[id]?.poolPermit = permit
    }
    return nil
  }

  /// Why no request of a service on any of these nodes is let through now; nil when one is.
  ///
  /// - Parameter nodes: nil among them is the gateway itself.
  func refusal(of service: ByteText, on nodes: [ByteText?], at now: Int64) -> PoolRefusal? {
    if !breaker.admits(at: now) { return refusalOfPool(at: now) }
    let keys = nodes.map { BreakerKey(service: service, node: $0) }
    if let first = keys.first, keys.allSatisfy({ !services.admits($0, at: now) }) {
      return refusal(of: first, at: now)
    }
    guard configuration.breakers == .pool, !slots.contains(where: { $0.admits(at: now) }) else { return nil }
    return refusalOfWorkers
  }

  /// Nodes of a service whose breaker lets through first, each part in the order given.
  func preferring(_ nodes: [ByteText], of service: ByteText, at now: Int64) -> [ByteText] {
    guard configuration.breakers == .service else { return nodes }
    func lets(_ node: ByteText) -> Bool {
      services.admits(BreakerKey(service: service, node: node), at: now)
    }
    guard let first = nodes.first, !lets(first) else { return nodes }
    return nodes.filter(lets) + nodes.filter { !lets($0) }
  }

  /// The refusal of the breaker of a service.
  func refusal(of key: BreakerKey, at now: Int64) -> PoolRefusal {
    PoolRefusal(
      pool: name, reason: .circuitOpen, scope: .service,
      circuit: services.isHalfOpen(key, at: now) ? .halfOpen : .open,
      service: key.service, node: key.node)
  }

  /// The refusal of the pool's own breaker.
  func refusalOfPool(at now: Int64) -> PoolRefusal {
    PoolRefusal(
      pool: name, reason: .circuitOpen, scope: .pool,
      circuit: breaker.state(at: now) == .halfOpen ? .halfOpen : .open)
  }

  /// The refusal of workers none of whose breakers is closed: what runs on them are probes, and one that waits for work may have one.
  ///
  /// They refuse together, and one of them is named: the one that is open longest, else one that waits for its probe, else the one whose
  /// probe began last.
  var refusalOfWorkers: PoolRefusal {
    PoolRefusal(
      pool: name, reason: .circuitOpen, scope: .worker,
      circuit: running.isEmpty && idle.isEmpty ? .open : .halfOpen,
      worker: openIdle.first ?? idle.first ?? lastStarted)
  }
}

import GenAPIChannels
import GenAPITelemetry
import GenAPIValue

/// A gateway's exact counters as Prometheus reads them.
///
/// No label holds a user, a key's value or a request: their number is bounded by the configuration.
package enum MetricsText {
  package static func make(
    _ state: GatewayState, server: ServerState = ServerState(), _ format: MetricsFormat
  ) -> String {
    var text = MetricsWriter(format)
    requests(state, &text)
    clients(state, server, &text)
    limits(state, server, &text)
    pools(state, server, &text)
    services(state, &text)
    telemetry(state, &text)
    process(state, server, &text)
    text.family(.logLinesDropped) { $0.count(server.droppedLogLines) }
    return text.finished
  }

  private static func requests(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(.requests) { text in
      for series in state.series {
        for (outcome, count) in series.outcomes.sorted(by: { $0.key < $1.key }) {
          text.count(series.labels + [("outcome", outcome)], count)
        }
      }
    }
    text.family(.requestsInFlight) { text in
      text.sample(state.totals.inFlight)
    }
    text.family(.requestDurationSeconds) { text in
      for series in state.series where series.latency.count > 0 {
        text.histogram(series.labels, series.latency)
      }
    }
    text.family(.retries) { text in
      for series in state.series { text.count(series.labels, series.retries) }
    }
    text.family(.invalidPayloads) { text in
      text.count(state.totals.invalid)
    }
  }

  private static func clients(_ state: GatewayState, _ server: ServerState, _ text: inout MetricsWriter) {
    let channels = server.channels
    text.family(.sockets) { $0.sample(state.sockets.open) }
    text.family(.connections) { $0.sample(channels.connections) }
    text.family(.connectionsLimit) { $0.sample(server.maxConnections) }
    text.family(.handshakesRefused) { text in
      for reason in RefusalReason.allCases { text.count(reason, channels.refused) }
    }
    text.family(.socketsAccepted) { $0.count(channels.accepted) }
    text.family(.socketsClosed) { text in
      for reason in CloseReason.allCases { text.count(reason, channels.closed) }
    }
    text.family(.socketCloseCodes) { text in
      for code in PhoenixServerStatistics.namedCloseCodes + [0] {
        text.count([("code", code == 0 ? "other" : "\(code)")], channels.closeCodes[code] ?? 0)
      }
    }
    text.family(.messages) { text in
      text.count([("direction", "in")], channels.messagesIn)
      text.count([("direction", "out")], channels.messagesOut)
    }
    text.family(.messagesDropped) { $0.count(channels.messagesDropped) }
    text.family(.callsRefused) { $0.count(state.sockets.refusedCalls) }
  }

  private static func limits(_ state: GatewayState, _ server: ServerState, _ text: inout MetricsWriter) {
    text.family(.rateLimitChecks) { text in
      for limit in state.limits { text.count(limit.labels, limit.checks) }
    }
    text.family(.rateLimitRejections) { text in
      for limit in state.limits { text.count(limit.labels, limit.rejections) }
    }
    text.family(.rateLimitTrackedKeys) { text in
      for limit in state.limits { text.sample("", limit.labels, limit.trackedKeys) }
    }
    text.family(.rateLimitEvictedKeys) { $0.count(server.evictedKeys) }
  }

  private static func pools(_ state: GatewayState, _ server: ServerState, _ text: inout MetricsWriter) {
    text.family(.poolWorkers) { text in
      for pool in state.pools {
        text.sample("", [("pool", pool.name), ("state", "busy")], pool.busy)
        text.sample("", [("pool", pool.name), ("state", "idle")], pool.idle)
        text.sample("", [("pool", pool.name), ("state", "open")], pool.openWorkers)
      }
    }
    text.family(.poolQueued) { text in
      for pool in state.pools { text.sample("", [("pool", pool.name)], pool.queued) }
    }
    text.family(.poolTasks) { text in
      for pool in state.pools {
        // Those that failed were executed too.
        text.count([("pool", pool.name), ("end", "ok")], max(0, pool.executed - pool.failed))
        text.count([("pool", pool.name), ("end", "failed")], pool.failed)
        text.count([("pool", pool.name), ("end", "cancelled")], pool.cancelled)
        text.count([("pool", pool.name), ("end", "rejected")], pool.rejected)
      }
    }
    text.family(.poolShareRejections) { text in
      for pool in state.pools { text.count([("pool", pool.name)], pool.shareRejected) }
    }
    text.family(.circuitOpen) { text in
      for pool in state.pools {
        let value = pool.breaker == .closed ? 0 : pool.breaker == .open ? 1 : 0.5
        text.sample("", [("pool", pool.name)], value)
      }
    }
    text.family(.circuitOpenWorkers) { text in
      for pool in state.pools { text.sample("", [("pool", pool.name)], pool.openWorkers) }
    }
    text.family(.serviceCircuitOpen) { text in
      for breaker in state.breakers where breaker.state != .closed {
        guard let service = breaker.service else { continue }
        text.sample(
          "", [("pool", breaker.pool), ("service", service), ("node", breaker.node ?? "")],
          breaker.state == .open ? 1 : 0.5)
      }
    }
    text.family(.circuitRejections) { text in
      for refusals in server.breakerRefusals {
        text.count(
          [
            ("pool", refusals.pool), ("scope", ByteText(refusals.scope.rawValue)),
            ("service", refusals.service ?? ""), ("node", refusals.node ?? ""),
          ], refusals.count)
      }
    }
  }

  private static func services(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(.functions) { text in
      for service in state.services {
        text.sample(
          "", [("service", service.service), ("state", "enabled")],
          max(0, service.functions - service.disabled))
        text.sample("", [("service", service.service), ("state", "disabled")], service.disabled)
      }
    }
    text.family(.configPullFailures) { text in
      for service in state.services { text.sample("", [("service", service.service)], service.pullFailures) }
    }
    text.family(.nodeUp) { text in
      for node in state.nodes { text.sample("", [("node", node.node)], node.up ? 1 : 0) }
    }
    text.family(.nodeCalls) { text in
      for node in state.nodes { text.count([("node", node.node)], node.calls) }
    }
    text.family(.nodeCallFailures) { text in
      for node in state.nodes { text.count([("node", node.node)], node.failures) }
    }
    text.family(.nodeFailovers) { text in
      for node in state.nodes { text.count([("node", node.node)], node.failovers) }
    }
    text.family(.relayGroups) { $0.sample(state.relay.count) }
  }

  private static func telemetry(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(.telemetryEvents) { text in
      for (name, count) in state.totals.events.sorted(by: { $0.key < $1.key }) {
        text.count([("event", name)], count)
      }
    }
    text.family(.telemetryEventsDropped) { text in
      text.count(state.totals.eventsDropped)
    }
  }

  private static func process(_ state: GatewayState, _ server: ServerState, _ text: inout MetricsWriter) {
    text.family(.buildInfo) { $0.sample("", [("version", ByteText(server.version))], 1) }
    text.family(.ready) { $0.sample(server.isReady ? 1 : 0) }
    text.family(.draining) { $0.sample(server.isDraining ? 1 : 0) }
    text.family(.processStartTimeSeconds) { $0.sample(server.process.startedAt) }
    text.family(.processResidentMemoryBytes) { $0.sample(state.process.residentBytes) }
    text.family(.processCpuSeconds) { $0.sample("_total", [], state.process.cpuSeconds) }
    text.family(.processOpenFds) { $0.sample(server.process.openDescriptors) }
    text.family(.processMaxFds) { $0.sample(server.process.maxDescriptors) }
    text.family(.acceptFailures) { $0.count(server.acceptFailures) }
    text.family(.certificateExpiryTimestampSeconds) { text in
      for certificate in server.reloads.certificates {
        guard let expiresAt = certificate.expiresAt else { continue }
        text.sample("", [("use", ByteText(certificate.use))], expiresAt)
      }
    }
    text.family(.configLastReloadSuccessful) { $0.sample(server.reloads.isLastGood ? 1 : 0) }
    text.family(.configLastReloadSuccessTimestampSeconds) { $0.sample(server.reloads.lastGoodAt) }
    text.family(.configReloads) { text in
      text.count([("result", "ok")], server.reloads.succeeded)
      text.count([("result", "failed")], server.reloads.failed)
    }
    text.family(.configRestartNeeded) { $0.sample(server.reloads.waiting.isEmpty ? 0 : 1) }
  }
}

extension MetricsWriter {
  fileprivate mutating func sample(_ value: some Numeric) { sample("", [], value) }
  fileprivate mutating func count(_ value: Int64) { count([], value) }

  /// Also one that did not happen yet: a rate knows nothing of a series' first value.
  fileprivate mutating func count(_ reason: some RawRepresentable<String>, _ counts: [ByteText: Int64]) {
    let reason = ByteText(reason.rawValue)
    count([("reason", reason)], counts[reason] ?? 0)
  }
}

extension SeriesState {
  fileprivate var labels: [(String, ByteText)] {
    [("service", service), ("request_type", requestType), ("version", version ?? "")]
  }
}

extension LimitState {
  fileprivate var labels: [(String, ByteText)] {
    [("scope", scope), ("key", key), ("max", "\(maxRequests)"), ("window_ms", "\(windowMs)")]
  }
}

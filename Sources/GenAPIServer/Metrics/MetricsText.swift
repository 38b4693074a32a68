import GenAPITelemetry
import GenAPIValue

/// A gateway's exact counters as Prometheus reads them.
///
/// No label holds a user, a key's value or a request: their number is bounded by the configuration.
public enum MetricsText {
  public static func make(_ state: GatewayState, _ format: MetricsFormat) -> String {
    var text = MetricsWriter(format)
    requests(state, &text)
    limits(state, &text)
    pools(state, &text)
    services(state, &text)
    telemetry(state, &text)
    process(state, &text)
    return text.finished
  }

  private static func requests(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(
      "genapi_requests", .counter,
      "Requests that ended since the start, by function and by how they ended. Those whose function does not exist have "
        + "the service (unsupported)."
    ) { text in
      for series in state.series {
        for (outcome, count) in series.outcomes.sorted(by: { $0.key < $1.key }) {
          text.count(series.labels + [("outcome", outcome)], count)
        }
      }
    }
    text.family("genapi_requests_in_flight", .gauge, "Requests that have begun and not ended.") { text in
      text.sample(state.totals.inFlight)
    }
    text.family(
      "genapi_request_duration_seconds", .histogram,
      "How long the requests took that ended, refused ones included, from the moment they were read to their result.",
      unit: "seconds"
    ) { text in
      for series in state.series where series.latency.count > 0 {
        text.histogram(series.labels, series.latency)
      }
    }
    text.family("genapi_retries", .counter, "Calls of a function that were made again after one had failed.")
    { text in
      for series in state.series { text.count(series.labels, series.retries) }
    }
    text.family(
      "genapi_invalid_payloads", .counter,
      "Messages that could not be read as a request; they are in no other count."
    ) { text in
      text.count(state.totals.invalid)
    }
  }

  private static func limits(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(
      "genapi_rate_limit_checks", .counter,
      "Requests that a limit was asked about, allowed and refused ones. A limit whose key a request lacks is not asked."
    ) { text in
      for limit in state.limits { text.count(limit.labels, limit.checks) }
    }
    text.family("genapi_rate_limit_rejections", .counter, "Requests that a limit refused.") { text in
      for limit in state.limits { text.count(limit.labels, limit.rejections) }
    }
    text.family(
      "genapi_rate_limit_tracked_keys", .gauge,
      "Different values of a limit's key, such as users, with a request in the limit's window."
    ) { text in
      for limit in state.limits { text.sample("", limit.labels, limit.trackedKeys) }
    }
  }

  private static func pools(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family("genapi_pool_workers", .gauge, "Workers of a pool, by whether they run a task now.") { text in
      for pool in state.pools {
        text.sample("", [("pool", pool.name), ("state", "busy")], pool.busy)
        text.sample("", [("pool", pool.name), ("state", "idle")], max(0, pool.workers - pool.busy))
      }
    }
    text.family("genapi_pool_queued", .gauge, "Tasks that wait for a worker of the pool.") { text in
      for pool in state.pools { text.sample("", [("pool", pool.name)], pool.queued) }
    }
    text.family(
      "genapi_pool_tasks", .counter,
      "Tasks of a pool by their end: ok, failed, and rejected before they began."
    ) { text in
      for pool in state.pools {
        // Those that failed were executed too.
        text.count([("pool", pool.name), ("end", "ok")], max(0, pool.executed - pool.failed))
        text.count([("pool", pool.name), ("end", "failed")], pool.failed)
        text.count([("pool", pool.name), ("end", "rejected")], pool.rejected)
      }
    }
    text.family(
      "genapi_pool_share_rejections", .counter,
      "Tasks of a pool that were rejected because their client held all it may; they are among the rejected ones."
    ) { text in
      for pool in state.pools { text.count([("pool", pool.name)], pool.shareRejected) }
    }
    text.family(
      "genapi_circuit_open", .gauge, "A pool's own circuit breaker: 0 closed, 0.5 half open, 1 open."
    ) { text in
      for pool in state.pools {
        let value = pool.breaker == .closed ? 0 : pool.breaker == .open ? 1 : 0.5
        text.sample("", [("pool", pool.name)], value)
      }
    }
    text.family("genapi_circuit_open_workers", .gauge, "Workers of a pool whose own circuit breaker is open.")
    {
      text in
      for pool in state.pools { text.sample("", [("pool", pool.name)], pool.openWorkers) }
    }
    text.family(
      "genapi_service_circuit_open", .gauge,
      "Circuit breakers of services that are not closed, by node where a service is on others: 0.5 half open, 1 open."
    ) { text in
      for breaker in state.breakers where breaker.state != .closed {
        guard let service = breaker.service else { continue }
        text.sample(
          "", [("pool", breaker.pool), ("service", service), ("node", breaker.node ?? "")],
          breaker.state == .open ? 1 : 0.5)
      }
    }
  }

  private static func services(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(
      "genapi_functions", .gauge, "Functions that the gateway knows of a service, each version by itself."
    ) { text in
      for service in state.services {
        text.sample(
          "", [("service", service.service), ("state", "enabled")],
          max(0, service.functions - service.disabled))
        text.sample("", [("service", service.service), ("state", "disabled")], service.disabled)
      }
    }
    text.family(
      "genapi_config_pull_failures", .gauge,
      "Tries in a row that failed to pull a service's functions; 0 after one that worked."
    ) { text in
      for service in state.services { text.sample("", [("service", service.service)], service.pullFailures) }
    }
    text.family("genapi_node_up", .gauge, "1 for a service node that can be reached, 0 for one that cannot.")
    {
      text in
      for node in state.nodes { text.sample("", [("node", node.node)], node.up ? 1 : 0) }
    }
    text.family("genapi_relay_groups", .gauge, "Relay groups that exist.") { $0.sample(state.relay.count) }
    text.family("genapi_sockets", .gauge, "Client connections that are open.") {
      $0.sample(state.sockets.open)
    }
    text.family(
      "genapi_calls_refused", .counter, "Calls refused because streams held all places of their connection."
    ) { $0.count(state.sockets.refusedCalls) }
  }

  private static func telemetry(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(
      "genapi_telemetry_events", .counter,
      "Telemetry events by name, whether or not anybody was attached to get them."
    ) { text in
      for (name, count) in state.totals.events.sorted(by: { $0.key < $1.key }) {
        text.count([("event", name)], count)
      }
    }
    text.family(
      "genapi_telemetry_events_dropped", .counter,
      "Telemetry events that a handler or subscriber did not get because its queue was full, each counted once for each."
    ) { text in
      text.count(state.totals.eventsDropped)
    }
  }

  private static func process(_ state: GatewayState, _ text: inout MetricsWriter) {
    text.family(
      "process_resident_memory_bytes", .gauge, "Memory of the gateway's process that is in use, in bytes.",
      unit: "bytes"
    ) { text in
      text.sample(state.process.residentBytes)
    }
    text.family(
      "process_cpu_seconds", .counter,
      "User and system time that the gateway's process has used, in seconds.",
      unit: "seconds"
    ) { text in
      text.sample("_total", [], state.process.cpuSeconds)
    }
  }
}

extension MetricsWriter {
  fileprivate mutating func sample(_ value: some Numeric) { sample("", [], value) }
  fileprivate mutating func count(_ value: Int64) { count([], value) }
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

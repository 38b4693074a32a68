import GenAPITelemetry
import GenAPIValue

/// A gateway's exact counters as OpenMetrics text: https://prometheus.io/docs/specs/om/open_metrics_spec/
///
/// No label holds a user, a key's value or a request: their number is bounded by the configuration.
public enum OpenMetricsText {
  public static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

  public static func make(_ state: GatewayState) -> String {
    var text = Writer()
    text.family("genapi_requests", "counter", "Requests that ended, by outcome.") { text in
      for series in state.series {
        for (outcome, count) in series.outcomes.sorted(by: { $0.key < $1.key }) {
          text.sample("_total", series.labels + [("outcome", outcome)], count)
        }
      }
    }
    text.family("genapi_requests_in_flight", "gauge", "Requests that run now.") { text in
      text.sample("", [], state.totals.inFlight)
    }
    text.family("genapi_request_duration_seconds", "histogram", "How long requests took.", unit: "seconds") {
      text in
      for series in state.series where series.latency.count > 0 { text.histogram(series) }
    }
    text.family("genapi_retries", "counter", "Calls tried again.") { text in
      for series in state.series { text.sample("_total", series.labels, series.retries) }
    }
    text.family("genapi_invalid_payloads", "counter", "Payloads that were no request.") { text in
      text.sample("_total", [], state.totals.invalid)
    }
    text.family("genapi_rate_limit_checks", "counter", "Checks of a limit.") { text in
      for limit in state.limits { text.sample("_total", limit.labels, limit.checks) }
    }
    text.family("genapi_rate_limit_rejections", "counter", "Requests a limit refused.") { text in
      for limit in state.limits { text.sample("_total", limit.labels, limit.rejections) }
    }
    text.family("genapi_rate_limit_tracked_keys", "gauge", "Key values with a request in the window.") {
      text in
      for limit in state.limits { text.sample("", limit.labels, Int64(limit.trackedKeys)) }
    }
    pools(state, &text)
    text.family("genapi_functions", "gauge", "Functions in the config store.") { text in
      for service in state.services {
        text.sample(
          "", [("service", service.service), ("state", "enabled")],
          Int64(service.functions - service.disabled))
        text.sample("", [("service", service.service), ("state", "disabled")], Int64(service.disabled))
      }
    }
    text.family("genapi_config_pull_failures", "gauge", "Pulls of a service that failed in a row.") { text in
      for service in state.services {
        text.sample("", [("service", service.service)], Int64(service.pullFailures))
      }
    }
    text.family("genapi_node_up", "gauge", "1 for a service node that can be reached.") { text in
      for node in state.nodes { text.sample("", [("node", node.node)], node.up ? 1 : 0) }
    }
    text.family("genapi_relay_groups", "gauge", "Relay groups.") { text in
      text.sample("", [], Int64(state.relay.count))
    }
    text.family("genapi_sockets", "gauge", "Open client connections.") { text in
      text.sample("", [], Int64(state.sockets.open))
    }
    text.family("genapi_telemetry_events", "counter", "Telemetry events emitted.") { text in
      for (name, count) in state.totals.events.sorted(by: { $0.key < $1.key }) {
        text.sample("_total", [("event", name)], count)
      }
    }
    text.family("genapi_telemetry_events_dropped", "counter", "Events some queue had no room for.") { text in
      text.sample("_total", [], state.totals.eventsDropped)
    }
    text.family("process_resident_memory_bytes", "gauge", "Memory.", unit: "bytes") { text in
      text.sample("", [], state.process.residentBytes)
    }
    text.family("process_cpu_seconds", "counter", "Processor time.", unit: "seconds") { text in
      text.line("process_cpu_seconds_total \(state.process.cpuSeconds)")
    }
    return text.finished
  }

  private static func pools(_ state: GatewayState, _ text: inout Writer) {
    text.family("genapi_pool_workers", "gauge", "Workers, by what they do.") { text in
      for pool in state.pools {
        text.sample("", [("pool", pool.name), ("state", "busy")], Int64(pool.busy))
        text.sample("", [("pool", pool.name), ("state", "idle")], Int64(pool.workers - pool.busy))
      }
    }
    text.family("genapi_pool_queued", "gauge", "Tasks that wait for a worker.") { text in
      for pool in state.pools { text.sample("", [("pool", pool.name)], Int64(pool.queued)) }
    }
    text.family("genapi_pool_tasks", "counter", "Tasks, by their end.") { text in
      for pool in state.pools {
        text.sample("_total", [("pool", pool.name), ("end", "executed")], pool.executed)
        text.sample("_total", [("pool", pool.name), ("end", "failed")], pool.failed)
        text.sample("_total", [("pool", pool.name), ("end", "rejected")], pool.rejected)
      }
    }
    text.family("genapi_circuit_open", "gauge", "1 while a pool's circuit is open, 0.5 half open.") { text in
      for pool in state.pools {
        let value = pool.breaker == .closed ? "0" : pool.breaker == .open ? "1" : "0.5"
        text.line("genapi_circuit_open{pool=\"\(Writer.escaped(pool.name.string))\"} \(value)")
      }
    }
    text.family("genapi_circuit_open_workers", "gauge", "Workers whose circuit is open.") { text in
      for pool in state.pools { text.sample("", [("pool", pool.name)], Int64(pool.openWorkers)) }
    }
  }

  /// Writes families in their order.
  struct Writer {
    private var text = ""
    private var name = ""

    mutating func family(
      _ name: String, _ type: String, _ help: String, unit: String? = nil, _ samples: (inout Writer) -> Void
    ) {
      self.name = name
      line("# TYPE \(name) \(type)")
      if let unit { line("# UNIT \(name) \(unit)") }
      line("# HELP \(name) \(help)")
      samples(&self)
    }

    mutating func line(_ line: String) { text += line + "\n" }

    mutating func sample(_ suffix: String, _ labels: [(String, ByteText)], _ value: Int64) {
      line(name + suffix + Self.text(labels) + " \(value)")
    }

    /// The bounds are fixed, so that a series never changes its shape.
    mutating func histogram(_ series: SeriesState) {
      let bounds: [Int64] = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        2_500_000,
        5_000_000, 10_000_000, 30_000_000, 60_000_000,
      ]
      var index = 0
      var seen: Int64 = 0
      let buckets = series.latency.buckets
      for bound in bounds {
        while index < buckets.count, LatencyHistogram.representative(of: buckets[index].bucket) <= bound {
          seen += buckets[index].count
          index += 1
        }
        sample("_bucket", series.labels + [("le", ByteText(Self.seconds(bound)))], seen)
      }
      sample("_bucket", series.labels + [("le", "+Inf")], series.latency.count)
      line(name + "_sum" + Self.text(series.labels) + " \(Self.seconds(series.latency.sum))")
      sample("_count", series.labels, series.latency.count)
    }

    var finished: String { text + "# EOF\n" }

    static func seconds(_ microseconds: Int64) -> String { "\(Double(microseconds) / 1_000_000)" }

    static func text(_ labels: [(String, ByteText)]) -> String {
      labels.isEmpty
        ? "" : "{" + labels.map { "\($0)=\"\(escaped($1.string))\"" }.joined(separator: ",") + "}"
    }

    static func escaped(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
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

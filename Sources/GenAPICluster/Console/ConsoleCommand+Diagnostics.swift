import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Health, numbers, and what would happen to a request.
extension ConsoleCommand {
  static let diagnostics: [ConsoleCommand] = [
    .tells(
      "PhoenixGenApi.health_check", "PhoenixGenApi.Diagnostics.health_check", arity: 0...1,
      "the health, part by part; option `max_memory_bytes`"
    ) { call in
      ConsoleReport.health(call.gateway, call.node, maxBytes: try maxBytes(call))
    },
    .prints("PhoenixGenApi.health_print", arity: 0...1, "prints it") { call in
      call.gateway.reports.health(maxResidentBytes: try maxBytes(call))
    },
    .tells(
      "PhoenixGenApi.statistics", "PhoenixGenApi.Diagnostics.statistics", arity: 0...1,
      "the numbers of the process, the configs, pulls, limits, pools and groups"
    ) { call in
      await ConsoleReport.statistics(call)
    },
    .prints("PhoenixGenApi.stats_print", arity: 0...0, "prints requests and latency of every function") {
      call in
      call.gateway.reports.statistics()
    },
    .tells(
      "PhoenixGenApi.debug_report", "PhoenixGenApi.Diagnostics.debug_report", arity: 0...1,
      "a report in the library's form: there are no Erlang processes and tables in it"
    ) { call in
      .fields([
        "node": .atom(call.gateway.configuration.node),
        "collected_at_ms": .integer(call.gateway.clock.wallMicroseconds() / 1_000), "processes": .list([]),
        "ets_tables": .fields([:]), "trace": ConsoleReport.trace(call.gateway),
      ])
    },
    .prints("PhoenixGenApi.debug_print", arity: 0...1, "prints the health and the numbers") { call in
      call.gateway.reports.health() + "\n\n" + call.gateway.reports.statistics()
    },
    .tells(
      "PhoenixGenApi.call_flow", "PhoenixGenApi.Diagnostics.call_flow", arity: 2...3,
      "`(service, request_type, version)`: the config, nodes, limits, permission, hooks and steps of a request"
    ) { call in
      let (service, requestType) = (try call.text(0, "service"), try call.text(1, "request_type"))
      let version = try call.optionalText(2, "version")
      return await ConsoleFlow(call: call, form: call.form()).term(service, requestType, version)
    },
    .prints("PhoenixGenApi.call_flow_print", arity: 2...3, "prints it") { call in
      await call.gateway.reports.callFlow(
        service: try call.text(0, "service"), requestType: try call.text(1, "request_type"),
        version: try call.optionalText(2, "version"))
    },
    .tells(
      "PhoenixGenApi.inspect_request", "PhoenixGenApi.Diagnostics.inspect_request", arity: 1...1,
      "the same for a request, with whether it is permitted, its limits as they stand, and what its arguments lack"
    ) { call in
      await ConsoleFlow(call: call, form: call.form()).term(inspecting: try request(call))
    },
    .prints("PhoenixGenApi.inspect_print", arity: 1...1, "prints it") { call in
      await call.gateway.reports.inspection(of: try request(call))
    },
    .tells(
      "PhoenixGenApi.list_call_flows", "PhoenixGenApi.Diagnostics.list_call_flows", arity: 0...1,
      "the flow of every function, 1 000 of them; options `include_disabled` and `offset`"
    ) { call in
      let isWhole = try call.options(0)["include_disabled"] == .atom("true")
      let offset = try offset(call, 0)
      return await ConsoleFlow(call: call, form: call.form()).list(includingDisabled: isWhole, offset: offset)
    },
    .prints("PhoenixGenApi.flows_print", arity: 0...1, "prints where every function runs") { call in
      await call.gateway.reports.callFlows()
    },
    .tells(
      "PhoenixGenApi.cluster_view", "PhoenixGenApi.Diagnostics.cluster_view", arity: 0...0,
      "the nodes that are connected, and the services on each"
    ) { call in
      ConsoleReport.cluster(call.gateway, call.node)
    },
    .prints("PhoenixGenApi.cluster_print", arity: 0...0, "prints the nodes") { $0.gateway.reports.cluster() },
    .tells(
      "PhoenixGenApi.trace_status", "PhoenixGenApi.Diagnostics.trace_status", arity: 0...0,
      "that nothing is traced: tracing is of Erlang's machine"
    ) { call in
      ConsoleReport.trace(call.gateway)
    },
    .tells(
      "PhoenixGenApi.trace_processes", "PhoenixGenApi.trace_functions", "PhoenixGenApi.stop_trace",
      "PhoenixGenApi.stop_trace_functions", "PhoenixGenApi.Diagnostics.trace_processes",
      "PhoenixGenApi.Diagnostics.trace_functions", "PhoenixGenApi.Diagnostics.stop_trace",
      "PhoenixGenApi.Diagnostics.stop_trace_functions", arity: 0...2, "`{:error, :not_supported}`: the same"
    ) { _ in .error(.atom("not_supported")) },
    .tells("PhoenixGenApi.Telemetry.list_events", arity: 0...0, "the names of the events") { _ in
      .list(EventName.catalogue.map { .atoms($0.elements) })
    },
  ]

  private static func maxBytes(_ call: ConsoleCall) throws -> Int64? {
    try call.options(0)["max_memory_bytes"]?.integerValue
  }

  /// A `%Request{}`, or a map with atoms or texts as keys.
  private static func request(_ call: ConsoleCall) throws -> Request {
    let map = try call.map(0, "request")
    let named = TermMap(
      map.pairs.compactMap { pair in TermValue.text(pair.key).map { (key: .atom($0), value: pair.value) } })
    guard let request = ServiceRequest.request(.map(named)) else {
      throw call.fault("a request needs a service and a request_type")
    }
    return request
  }
}

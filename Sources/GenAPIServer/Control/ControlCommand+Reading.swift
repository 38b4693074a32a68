import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// What only looks.
extension ControlCommand {
  private static let page: [ControlParameter] = [
    .option("limit", .number, "N"), .option("offset", .number, "N"),
  ]

  static let reading: [ControlCommand] = [
    ControlCommand(name: "status", summary: "the health, part by part") { call in
      try ControlAnswer(reporting: call.gateway.health(), call.gateway.reports.health())
    },
    ControlCommand(name: "stats", summary: "requests and latency of every function") { call in
      let state = call.gateway.currentState()
      return ControlAnswer(
        [
          "totals": try ValueEncoder().encode(state.totals),
          "series": .array(try state.series.prefix(1_000).map { try ValueEncoder().encode($0) }),
        ], call.gateway.reports.statistics())
    },
    ControlCommand(
      name: "functions", options: [.option("service", .text, "S")] + page,
      summary: "the functions, where each runs, and who may call it"
    ) { call in
      let service = call.text("service")
      let all = call.gateway.currentState().functions.filter { service == nil || $0.service == service }
      let (shown, value, more) = try call.page(all, "functions") { try ValueEncoder().encode($0) }
      guard !shown.isEmpty else { return ControlAnswer(value, "No functions.") }
      let rows = shown.map { function -> [any CustomStringConvertible] in
        [
          FunctionPath.shown(service: function.service, requestType: function.requestType).string,
          function.version ?? "-",
          function.enabled ? "enabled" : "disabled", function.responseType,
          function.nodes.map(\.asName).joined(separator: ", ").string, function.permission.string,
          function.source,
        ]
      }
      let head: [any CustomStringConvertible] = [
        "FUNCTION", "VERSION", "STATE", "RESPONSE", "NODES", "PERMISSION", "FROM",
      ]
      return ControlAnswer(value, OperatorReports.table([head] + rows) + more)
    },
    ControlCommand(name: "services", summary: "the services, and when each pushed or was pulled") { call in
      let services = call.gateway.currentState().services
      let value = try services.map { try ValueEncoder().encode($0) }
      let rows = services.map { service -> [any CustomStringConvertible] in
        [
          service.service, service.source, service.configVersion ?? "-", service.functions, service.disabled,
          service.pullFailures, service.lastError?.string ?? "",
        ]
      }
      let head: [any CustomStringConvertible] = [
        "SERVICE", "FROM", "VERSION", "FUNCTIONS", "DISABLED", "FAILED PULLS", "LAST ERROR",
      ]
      return ControlAnswer(["services": .array(value)], OperatorReports.table([head] + rows))
    },
    ControlCommand(
      name: "limits", options: [.option("user", .text, "ID")],
      summary:
        "the rate limits, how often each refused, and who is closest to them or refused now; with a user what it has used of them"
    ) { call in
      let reports = call.gateway.reports
      if let user = call.text("user") {
        let usages = reports.usages(ofUser: user)
        return ControlAnswer(
          ["usages": .array(try usages.map { try ValueEncoder().encode($0) })],
          reports.rateLimitStatus(user: user))
      }
      let state = call.gateway.currentState()
      return ControlAnswer(
        [
          "enabled": .bool(call.gateway.rateLimiter.configuration.enabled),
          "limits": .array(try state.limits.map { try ValueEncoder().encode($0) }),
          "hot_keys": .array(try state.hotKeys.map { try ValueEncoder().encode($0) }),
        ], reports.rateLimits())
    },
    ControlCommand(name: "pools", summary: "the worker pools and the circuits that are not closed") { call in
      let state = call.gateway.currentState()
      return ControlAnswer(
        [
          "pools": .array(try state.pools.map { try ValueEncoder().encode($0) }),
          "breakers": .array(try state.breakers.map { try ValueEncoder().encode($0) }),
        ], call.gateway.reports.pools())
    },
    ControlCommand(
      name: "failed", options: [.option("service", .text, "S")],
      summary: "the configs that were refused, with the reasons"
    ) { call in
      let filter = FailedConfigFilter(service: call.text("service"))
      let failed = call.gateway.configs.failedConfigs(filter)
      return ControlAnswer(
        ["failed": .array(try failed.map { try ValueEncoder().encode($0) })],
        call.gateway.reports.failedConfigs(filter))
    },
    ControlCommand(
      name: "call-flow", words: [.word("function", .function, "SERVICE/TYPE")],
      options: [.option("version", .text, "V")],
      summary: "what happens to a request, step by step, and which circuits are not closed"
    ) { call in
      let (service, requestType, version) = try call.function()
      let flow = await call.gateway.callFlow(service: service, requestType: requestType, version: version)
      return try ControlAnswer(
        reporting: flow,
        await call.gateway.reports.callFlow(service: service, requestType: requestType, version: version))
    },
    ControlCommand(
      name: "inspect",
      words: [
        .word("function", .function, "SERVICE/TYPE"), .word("args", .object, "JSON", isRequired: false),
      ],
      options: [
        .option("version", .text, "V"), .option("user", .text, "ID"), .option("device", .text, "ID"),
        .option("roles", .texts, "R,R"),
      ],
      summary:
        "what would become of a request: permission, limits, arguments, node, circuits. Nothing is called or counted"
    ) { call in
      let (service, requestType, version) = try call.function()
      var request = Request(
        service: service, requestType: requestType, requestID: "inspect",
        args: call.fields["args"]?.object ?? [:],
        userID: call.text("user"), userRoles: call.fields["roles"]?.array?.compactMap(\.string),
        version: version)
      request.deviceID = call.text("device")
      return try ControlAnswer(
        reporting: await call.gateway.inspect(request), await call.gateway.reports.inspection(of: request))
    },
    ControlCommand(
      name: "cluster",
      summary: "the nodes that are up or down, with why one is down, and what was called on each"
    ) {
      call in
      try ControlAnswer(reporting: call.gateway.clusterView(), call.gateway.reports.cluster())
    },
    ControlCommand(name: "streams", options: page, summary: "the streams that run, oldest first") { call in
      let (shown, value, more) = try call.page(call.gateway.activeStreams(), "streams") {
        try ValueEncoder().encode($0)
      }
      guard !shown.isEmpty else { return ControlAnswer(value, "No streams.") }
      let rows = shown.map { stream -> [any CustomStringConvertible] in
        [
          stream.connection, stream.requestID, stream.userID ?? "-",
          FunctionPath.shown(service: stream.service, requestType: stream.requestType).string,
          "\(stream.ageMs) ms", stream.chunks,
        ]
      }
      let head: [any CustomStringConvertible] = ["CONNECTION", "REQUEST", "USER", "FUNCTION", "AGE", "PARTS"]
      return ControlAnswer(value, OperatorReports.table([head] + rows) + more)
    },
    ControlCommand(name: "groups", options: page, summary: "the relay groups") { call in
      let (shown, value, more) = try call.page(call.gateway.relay.groupStates(), "groups") {
        try ValueEncoder().encode($0)
      }
      guard !shown.isEmpty else { return ControlAnswer(value, "No groups.") }
      let rows = shown.map { group -> [any CustomStringConvertible] in
        [group.groupID, group.groupType, group.active, group.pending, group.muted, group.messages]
      }
      let head: [any CustomStringConvertible] = ["GROUP", "KIND", "ACTIVE", "PENDING", "MUTED", "MESSAGES"]
      return ControlAnswer(value, OperatorReports.table([head] + rows) + more)
    },
  ]
}

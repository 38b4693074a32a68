import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// What changes something: each needs its admin action.
extension ControlCommand {
  private static let function = ControlParameter.word("function", .function, "SERVICE/TYPE")
  private static let version = ControlParameter.option("version", .text, "V")
  private static let ofFunction = ControlParameter.option("function", .function, "SERVICE/TYPE")

  static let changing: [ControlCommand] = [
    ControlCommand(
      name: "disable", words: [function], options: [version], action: .changeFunctions,
      summary: "switches a version off: its requests are refused"
    ) { call in
      let (service, requestType, version) = try call.function()
      try call.attempt { () throws(ConfigStoreError) in
        try call.gateway.configs.disable(service, requestType, version: version)
      }
      return .done("\(FunctionPath.shown(service: service, requestType: requestType)) is disabled")
    },
    ControlCommand(
      name: "enable", words: [function], options: [version], action: .changeFunctions,
      summary: "switches it on"
    ) { call in
      let (service, requestType, version) = try call.function()
      try call.attempt { () throws(ConfigStoreError) in
        try call.gateway.configs.enable(service, requestType, version: version)
      }
      return .done("\(FunctionPath.shown(service: service, requestType: requestType)) is enabled")
    },
    ControlCommand(
      name: "delete", words: [function], options: [version], action: .changeFunctions, summary: "removes it"
    ) { call in
      let (service, requestType, version) = try call.function()
      try call.attempt { () throws(ConfigStoreError) in
        let isRemoved = try call.gateway.configs.delete(service, requestType, version: version)
        guard isRemoved else {
          throw .notFound(call.gateway.configs.missing(service, requestType, version: version))
        }
      }
      return .done("\(FunctionPath.shown(service: service, requestType: requestType)) is removed")
    },
    ControlCommand(
      name: "push", words: [.word("push", .object, "FILE")], action: .pushConfig,
      summary: "stores what a service would push, from a JSON file or `-`; no push token is needed"
    ) { call in
      let config: PushConfig
      do throws(ConfigFaults) {
        config = try PushConfig(call.fields["push"] ?? .null)
      } catch {
        throw ControlFault.arguments(error.description)
      }
      do throws(PushError) {
        switch try call.gateway.receiver.take(config, from: nil, force: true) {
        case .skipped: return .done("this version is here already")
        case .accepted(let stored, let faults):
          let left = faults.isEmpty ? "" : "; left out: \(faults.faultsLine)"
          return .done("\(stored) functions of \(config.service.asName) are stored\(left)")
        }
      } catch {
        throw ControlFault.failed(error.description)
      }
    },
    ControlCommand(
      name: "pull", words: [.word("service", .text, "SERVICE", isRequired: false)], action: .pushConfig,
      summary: "fetches the functions of a service now, or of all that are pulled"
    ) { call in
      let service = call.text("service")
      let pulled = call.gateway.puller.pulled.map(\.service).filter { service == nil || $0 == service }
      guard !pulled.isEmpty else { throw ControlFault.notFound("no such service is pulled") }
      // Their nodes may take longer than whoever asks waits.
      Task { for service in pulled { await call.gateway.puller.pull(service, force: true) } }
      return .done("\(pulled.count) services are asked")
    },
    ControlCommand(
      name: "set-limit", words: [.word("key", .text, "KEY")],
      options: [
        .option("max", .number, "N", isRequired: true), .option("window_ms", .number, "N", isRequired: true),
        ofFunction,
      ],
      action: .updateRateLimitConfig,
      summary:
        "a limit in place of the one of the same key and window, over all requests or over a function's"
    ) { call in
      let limit = RateLimit(
        scope: try call.scope(), key: RequestKey(call.text("key") ?? ""),
        maxRequests: Int(clamping: call.number("max") ?? 0),
        window: .milliseconds(call.number("window_ms") ?? 0))
      let doubt = try call.doubt(of: limit)
      let limiter = call.gateway.rateLimiter
      try call.attempt { () throws(RateLimitError) in
        do throws(RateLimitError) {
          try limiter.updateLimit(limit)
        } catch {
          guard case .noSuchLimit = error else { throw error }
          try limiter.addLimit(limit)
        }
      }
      return .done("in force: \(limit.shown)" + (doubt.map { "; it counts nothing: \($0)" } ?? ""))
    },
    ControlCommand(
      name: "remove-limit", words: [.word("key", .text, "KEY")],
      options: [.option("window_ms", .number, "N"), ofFunction], action: .updateRateLimitConfig,
      summary: "removes the limits on a key, or the one of a window"
    ) { call in
      let (scope, key) = (try call.scope(), RequestKey(call.text("key") ?? ""))
      try call.attempt { () throws(RateLimitError) in
        try call.gateway.rateLimiter.removeLimit(
          scope: scope, key: key, window: call.number("window_ms").map { .milliseconds($0) })
      }
      return .done(
        "the limits of \(FunctionPath.shown(ByteText(scope.description))) on \(key.name.asName) are removed")
    },
    ControlCommand(
      name: "reset-limit", words: [.word("value", .text, "VALUE")],
      options: [.option("key", .text, "KEY", isRequired: true), ofFunction], action: .updateRateLimitConfig,
      summary: "forgets what a user, a device or another value has used"
    ) { call in
      let found = call.gateway.rateLimiter.reset(
        keyValue: call.text("value") ?? "", scope: try call.scope(), key: RequestKey(call.text("key") ?? ""))
      guard found else { throw ControlFault.notFound("nothing is counted for it") }
      return .done("it may begin anew")
    },
    ControlCommand(
      name: "stop-stream", words: [.word("request", .text, "REQUEST")],
      options: [.option("connection", .number, "N")], action: .stopStream,
      summary:
        "ends a stream, by what `streams` shows; without a connection one that the program itself began"
    ) { call in
      let request = call.text("request") ?? ""
      let connection = UInt64(exactly: call.number("connection") ?? 0) ?? 0
      let found =
        connection == 0
        ? call.gateway.stopStream(requestID: request)
        : call.gateway.stopStream(requestID: request, on: ConnectionID(connection))
      guard found else { throw ControlFault.notFound("no such stream runs") }
      return .done("the stream has ended")
    },
    ControlCommand(
      name: "clear-failed", options: [.option("service", .text, "S")], action: .clearFailedConfigs,
      summary: "forgets the refused configs"
    ) { call in
      let count = call.gateway.configs.clearFailedConfigs(FailedConfigFilter(service: call.text("service")))
      return .done("\(count) refused configs are forgotten")
    },
    ControlCommand(
      name: "error-detail", words: [.word("state", .text, "on|off")], action: .changeDetailError,
      summary: "whether clients read the cause behind \"Internal Server Error\""
    ) { call in
      guard let isOn = ["on": true, "off": false][call.text("state") ?? ""] else {
        throw ControlFault.arguments("error-detail takes on or off")
      }
      call.gateway.showsErrorDetail = isOn
      return .done(isOn ? "clients read causes" : "clients read no causes")
    },
    ControlCommand(
      name: "delete-group", words: [.word("group", .text, "GROUP")], action: .changeGroups,
      summary: "deletes a relay group with all memberships"
    ) { call in
      let group = call.text("group") ?? ""
      do throws(RelayError) {
        try call.gateway.relay.deleteGroup(groupID: group)
      } catch {
        throw error == .notFound ? ControlFault.notFound("there is no such group") : .failed("\(error)")
      }
      return .done("the group is deleted")
    },
  ]
}

import GenAPITelemetry
import GenAPIValue

/// Words the steps of a call flow from a config.
struct CallFlowSteps {
  let config: FunctionConfig
  let limits: Int
  /// Why every request is refused now; nil when none is.
  var refusal: ByteText?

  func steps() -> [CallFlow.Step] {
    var steps: [CallFlow.Step] = []
    func add(_ phase: CallFlow.Phase, _ text: String) {
      steps.append(CallFlow.Step(phase: phase, text: text))
    }
    add(.channel, "a client pushes the request; user, roles and address come from its connection")
    add(.decode, "size, types and required fields are checked")
    add(
      .configLookup,
      "\(FunctionPath.shown(service: config.service, requestType: config.requestType)) \(config.version?.asName ?? "without a version")"
    )
    add(.hooksBefore, hook(config.beforeExecute, "may change the request or abort it"))
    add(.permission, permission)
    add(.rateLimit, limits == 0 ? "no limit applies" : "\(limits) limits, all counted or none")
    add(.argumentValidation, arguments)
    if config.nodes != .local { add(.nodeSelection, nodeSelection) }
    add(.execution, execution)
    if let retry = config.retry {
      let others =
        retry.mode == "same_node" ? "on the nodes first selected" : "on the nodes listed anew each time"
      add(.retry, "up to \(retry.attempts) times \(others), after 100 ms, doubled each time up to 5 s")
    }
    add(.hooksAfter, hook(config.afterExecute, "may change the response"))
    add(.response, response)
    return steps
  }

  private func hook(_ reference: FunctionReference?, _ what: String) -> String {
    guard let reference else { return "none" }
    return "\(reference.name) \(what), within \(config.hookTimeoutMs) ms"
  }

  private var permission: String {
    if let callback = config.permissionCallback {
      let place = config.nodes == .local ? "here" : "on the node that runs the call"
      return "\(callback.name) is asked \(place); only exactly true lets the request pass"
    }
    switch config.permission {
    case .unstated, .open: return "anybody"
    case .anyAuthenticated: return "any authenticated user"
    case .argument(let name): return "only the user whom the argument \(name) names"
    case .role(let roles): return "only users with one of the roles \(roles.joined(separator: ", "))"
    }
  }

  private var arguments: String {
    guard !config.arguments.isEmpty else { return "no arguments are passed" }
    let names = config.arguments.keys.sorted().map { "\($0) \(config.arguments[$0]!.type.rawValue)" }
    let list = names.joined(separator: ", ")
    switch config.argumentOrder {
    case .inferred: return config.arguments.count == 1 ? list : "\(list); passed in the order of their names"
    case .names(let order): return "\(list); passed as \(order.joined(separator: ", "))"
    case .map: return "\(list); passed as one object"
    }
  }

  private var nodeSelection: String {
    let choice =
      switch config.chooseNode {
      case .random: "any node"
      case .hash: "by the request id; a node that leaves moves only its own keys"
      case .hashKey(let key): "by the argument \(key), any node without it"
      case .roundRobin: "in turn"
      case .sticky(let key): "the node that \(key) went to in the last hour, any node without it"
      }
    return choice + "; the others, in order, when it cannot be reached"
  }

  private var execution: String {
    let place = config.nodes == .local ? "here" : "on the node selected"
    let time = config.timeoutMs.map { "within \($0) ms" } ?? "without a bound of time"
    let pool =
      switch config.responseType {
      case .sync: ""
      case .async, .none: ", on async_pool"
      case .stream: ", on stream_pool"
      }
    return "\(config.function.name) \(place) \(time)\(pool)" + (refusal.map { "; refused now: \($0)" } ?? "")
  }

  private var response: String {
    switch config.responseType {
    case .sync: "the result"
    case .async: "accepted at once, the result later in a message of its own"
    case .stream: "\"init\" at once, then the parts, then the end"
    case .none: "none at all"
    }
  }
}

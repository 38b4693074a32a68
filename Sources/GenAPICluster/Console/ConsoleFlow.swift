import ErlangNode
import GenAPIGateway
import GenAPIValue

/// What would happen to a request, in the library's shape.
struct ConsoleFlow: Sendable {
  let call: ConsoleCall
  let form: ElixirConfigTerm

  private var gateway: Gateway { call.gateway }

  func term(_ service: ByteText, _ requestType: ByteText, _ version: ByteText?) async -> Term {
    .map(
      TermMap(
        pairs(await gateway.callFlow(service: service, requestType: requestType, version: version))))
  }

  /// With the request, and what the gateway says of it without calling or counting anything.
  func term(inspecting request: Request) async -> Term {
    let inspection = await gateway.inspect(request)
    let extra: [(key: Term, value: Term)] = [
      (
        .atom("request"),
        .fields([
          "service": .text(request.service), "request_type": .text(request.requestType),
          "version": .text(orNil: request.version), "user_id": .text(orNil: request.userID),
          "device_id": .text(orNil: request.deviceID),
          "request_id": request.requestID.isEmpty ? .atom("nil") : .text(request.requestID),
        ])
      ),
      (.atom("permitted?"), inspection.isPermitted.map(Term.bool) ?? .atom("nil")),
      (.atom("argument_error"), .text(orNil: inspection.argumentError)),
      (.atom("first_node"), .atom(orNil: inspection.firstNode)),
      (
        .atom("limits"),
        .list(
          inspection.limits.map { usage in
            .fields([
              "limit": .text(usage.limit), "key": .text(usage.keyValue), "current_requests": .int(usage.used),
              "remaining": .int(usage.remaining), "reset_ms": .integer(usage.resetMs),
            ])
          })
      ),
    ]
    return .map(TermMap(pairs(inspection.flow) + extra))
  }

  func list(includingDisabled: Bool, offset: Int) async -> Term {
    let flows = await gateway.callFlows(
      includingDisabled: includingDisabled, offset: offset, most: ConsolePage.mostConfigs)
    var terms = flows.flows.map { flow in
      Term.map(TermMap(pairs(flow) + [(key: .atom("disabled"), value: .bool(!flow.enabled))]))
    }
    if flows.left > 0 { terms.append(.tuple([ConsolePage.mark, .int(flows.left)])) }
    return .list(terms)
  }

  private func pairs(_ flow: CallFlow) -> [(key: Term, value: Term)] {
    let steps = Term.list(
      flow.steps.map {
        .fields(["phase": .atom(ByteText($0.phase.rawValue)), "desc": .text(ByteText($0.text))])
      })
    guard
      let config = gateway.configs.config(flow.service, flow.requestType, version: flow.version)
    else {
      return [
        (.atom("service"), .text(flow.service)), (.atom("request_type"), .text(flow.requestType)),
        (.atom("config"), .atom("nil")), (.atom("error"), .atom("not_found")), (.atom("steps"), steps),
      ]
    }
    var pairs: [(key: Term, value: Term)] = [
      (.atom("service"), .text(flow.service)), (.atom("request_type"), .text(flow.requestType)),
      (.atom("version"), .text(orNil: flow.version)),
      (.atom("config"), form.term(of: config, isDisabled: !flow.enabled)),
      (.atom("local?"), .bool(flow.isLocal)),
      (.atom("nodes"), .atoms(flow.nodes)), (.atom("reachable_nodes"), .atoms(flow.reachableNodes)),
      (
        .atom("unreachable_nodes"),
        .atoms(flow.nodes.filter { (flow.unreachableNodes + flow.unknownNodes).contains($0) })
      ),
      (.atom("response_type"), .atom(ByteText(config.responseType.rawValue))),
      (.atom("choose_node_mode"), ElixirConfigTerm.choice(config.chooseNode)),
      (.atom("timeout"), config.timeoutMs.map(Term.integer) ?? .atom("infinity")),
      (.atom("rate_limit"), limits(config)), (.atom("permission"), permission(config)),
      (
        .atom("hooks"),
        .fields(["before_execute": hook(config.beforeExecute), "after_execute": hook(config.afterExecute)])
      ),
      (.atom("retry"), retry(config.retry)), (.atom("mfa"), ElixirConfigTerm.reference(config.function)),
      (.atom("steps"), steps),
    ]
    if let error = flow.nodesError { pairs.append((.atom("nodes_error"), .text(error))) }
    if !flow.enabled { pairs.append((.atom("error"), .atom("disabled"))) }
    return pairs
  }

  private func limits(_ config: FunctionConfig) -> Term {
    let limiter = gateway.rateLimiter
    let scope = RateLimitScope.api(service: config.service, requestType: config.requestType)
    func terms(_ limits: [RateLimit], _ name: ByteText) -> Term {
      .list(
        limits.map { limit in
          .fields([
            "scope": .atom(name), "key": ConsoleLimit.key(limit.key), "max_requests": .int(limit.maxRequests),
            "window_ms": .integer(limit.windowMs),
          ])
        })
    }
    guard limiter.configuration.enabled else { return .fields(["global": .list([]), "api": .list([])]) }
    return .fields([
      "global": terms(limiter.limits.filter { $0.scope == .global }, "global"),
      "api": terms(limiter.limits.filter { $0.scope == scope }, "api"),
    ])
  }

  private func permission(_ config: FunctionConfig) -> Term {
    if let callback = config.permissionCallback {
      return .fields([
        "strategy": .atom("custom_mfa"),
        "mfa": .tuple([TermValue.module(callback.module), .atom(callback.function)]),
        "description": .text("\(callback.name) is asked"),
      ])
    }
    switch config.permission {
    case .unstated, .open: return .fields(["strategy": .atom("none"), "description": .text("anybody")])
    case .anyAuthenticated:
      return .fields(["strategy": .atom("authenticated"), "description": .text("any authenticated user")])
    case .argument(let name):
      return .fields([
        "strategy": .atom("arg_based"), "field": .text(name),
        "description": .text("the user whom the argument \(name) names"),
      ])
    case .role(let roles):
      return .fields([
        "strategy": .atom("role_based"), "roles": .texts(roles),
        "description": .text("users with one of the roles \(roles.joined(separator: ", "))"),
      ])
    }
  }

  private func hook(_ reference: FunctionReference?) -> Term {
    guard let reference else {
      return .fields(["configured": .bool(false), "description": .text("No hook configured")])
    }
    return .fields([
      "configured": .bool(true),
      "mfa": .tuple([TermValue.module(reference.module), .atom(reference.function)]),
      "args": .int(2 + reference.arguments.count), "description": .text(reference.name),
    ])
  }

  private func retry(_ retry: RetryPolicy?) -> Term {
    guard let retry else { return .fields(["configured": .bool(false), "description": .text("No retry")]) }
    return .fields([
      "configured": .bool(true), "mode": .atom(retry.mode), "attempts": .int(retry.attempts),
      "description": .text(ByteText(retry.description)),
    ])
  }
}

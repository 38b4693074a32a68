import GenAPIValue

extension Gateway {
  /// What would become of a request: its permission, its limits as they stand, its arguments, its node.
  ///
  /// Nothing is called and nothing is counted; hooks and permission callbacks, which only running tells, are
  /// not asked.
  public func inspect(_ request: Request) async -> RequestInspection {
    var inspection = RequestInspection(
      flow: await callFlow(
        service: request.service, requestType: request.requestType, version: request.version), limits: [])
    guard inspection.flow.error == nil,
      case .found(let stored) = configs.lookup(
        service: request.service, requestType: request.requestType, version: request.version)
    else { return inspection }
    let config = stored.config
    if config.permissionCallback == nil {
      inspection.isPermitted = PermissionCheck.allows(
        request, config.permission, readsOneLevelDown: config.argumentOrder == .map)
    }
    inspection.limits = usages(request)
    do {
      _ = try converter.arguments(of: request, for: config)
    } catch {
      inspection.argumentError = ClientTexts.invalidArgument(ByteText(error.description))
    }
    if !inspection.flow.isLocal {
      inspection.firstNode = caller.selector.foreseen(
        inspection.flow.nodes, by: config.chooseNode, for: request)
    }
    return inspection
  }

  private func usages(_ request: Request) -> [RequestInspection.Usage] {
    let scopes = [
      RateLimitScope.global, .api(service: request.service, requestType: request.requestType),
    ]
    var usages: [RequestInspection.Usage] = []
    guard rateLimiter.configuration.enabled else { return [] }
    let limits = rateLimiter.limits
    for scope in scopes {
      var keys: [RequestKey] = []
      for limit in limits where limit.scope == scope && !keys.contains(limit.key) { keys.append(limit.key) }
      for key in keys {
        guard let value = key.counted(of: request) else { continue }
        for status in rateLimiter.status(keyValue: value, scope: scope, key: key) {
          usages.append(RequestInspection.Usage(keyValue: value, status))
        }
      }
    }
    return usages
  }
}

import GenAPIValue

extension FunctionRegistry {
  /// What a config names and is not registered here, each with its field. What runs on other nodes is not looked for.
  ///
  /// - Parameter reachesNodes: a list of nodes is asked for there, and hooks of functions there run there.
  func unresolved(in config: FunctionConfig, reachesNodes: Bool) -> [ByteText] {
    var missing: [ByteText] = []
    func check(_ field: ByteText, _ reference: FunctionReference?, _ isThere: (FunctionReference) -> Bool) {
      if let reference, !isThere(reference) { missing.append("\(field) \(reference.name)") }
    }
    let isLocal = config.nodes == .local
    check("mfa", isLocal ? config.function : nil) { function($0) != nil }
    if case .function(let reference) = config.nodes, !reachesNodes {
      check("nodes", reference) { nodeList($0) != nil }
    }
    check("permission_callback", isLocal ? config.permissionCallback : nil) { permission($0) != nil }
    if isLocal || !reachesNodes {
      check("before_execute", config.beforeExecute) { beforeHook($0) != nil }
      check("after_execute", config.afterExecute) { afterHook($0) != nil }
      check("result_encoder", config.resultEncoder) { function($0) != nil }
    }
    return missing
  }
}

extension Gateway {
  /// Every name in the configs of functions, and of services to pull, that nothing is registered for:
  /// `user_service/get_user: mfa MyApp.get`.
  public func unresolvedNames() -> [ByteText] {
    let ofFunctions = configs.allStored.flatMap { stored in
      functions.unresolved(in: stored.config, reachesNodes: remote.reachesNodes).map {
        "\(stored.config.service)/\(stored.config.requestType): \($0)" as ByteText
      }
    }
    guard !remote.reachesNodes else { return ofFunctions }
    let ofServices = configuration.pull.services.compactMap { service -> ByteText? in
      guard case .function(let reference) = service.nodes, functions.nodeList(reference) == nil else {
        return nil
      }
      return "pull of \(service.service): nodes \(reference.name)"
    }
    return ofFunctions + ofServices
  }
}

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

  /// What is registered for the same field, in words that follow "is not registered".
  ///
  /// - Parameter missing: a field and a name, as `unresolved(in:reachesNodes:)` gives them.
  func known(_ missing: ByteText, in words: FaultWords) -> ByteText {
    guard let (field, name) = missing.parted(at: UInt8(ascii: " ")) else { return "" }
    // Closures of endpoints have names that nobody writes.
    let names = registered(for: field).filter { !$0.hasPrefix("Swift.") }.sorted()
    guard !names.isEmpty else { return "; nothing is registered for \(words.field(field))" }
    let end = name.parted(at: UInt8(ascii: ".")).map { "." + $0.1 } ?? name
    // What differs in the module alone is what was meant more often than not.
    let near = names.filter { $0.hasSuffix(end) }
    let shown = (near.isEmpty ? names : near).prefix(5).map { $0.cut(bytes: 64) }.joined(separator: ", ")
    let more = names.count - min(5, near.isEmpty ? names.count : near.count)
    return "; registered for \(words.field(field)): \(shown)\(more > 0 ? " and \(more) more" : "")"
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

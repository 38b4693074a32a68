import GenAPITelemetry
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
    unresolved().map { found in
      found.type.map { "\(found.service)/\($0): \(found.what)" } ?? "pull of \(found.service): \(found.what)"
    }
  }

  /// The service, its function or nil for its pull, and the field with the name.
  private func unresolved() -> [(service: ByteText, type: ByteText?, what: ByteText)] {
    let ofFunctions = configs.allStored.flatMap { stored in
      functions.unresolved(in: stored.config, reachesNodes: remote.reachesNodes).map {
        (service: stored.config.service, type: Optional(stored.config.requestType), what: $0)
      }
    }
    guard !remote.reachesNodes else { return ofFunctions }
    return ofFunctions
      + configuration.pull.services.compactMap { service in
        guard case .function(let reference) = service.nodes, functions.nodeList(reference) == nil else {
          return nil
        }
        return (service.service, nil, "nodes \(reference.name)")
      }
  }

  /// Names that a state tells of one service.
  private static let mostUnresolved = 50

  /// By service what its configs name and nothing is registered for, for a state, which is asked for every second: looked for anew
  /// when configs change, and when something was registered or removed.
  func unresolvedByService() -> [ByteText: [ByteText]] {
    let made = UnresolvedNames(
      functions: configs.overview.states, revision: functions.revision, reachesNodes: remote.reachesNodes)
    return unresolvedKept.withLock { kept in
      if let kept, kept.isOf(made) { return kept.names }
      var names: [ByteText: [ByteText]] = [:]
      for found in unresolved() where names[found.service, default: []].count < Self.mostUnresolved {
        names[found.service, default: []].append("\(found.type ?? "pull"): \(found.what)")
      }
      kept = made
      kept?.names = names
      return names
    }
  }
}

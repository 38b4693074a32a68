import GenAPITelemetry
import GenAPIValue

/// What a state says of the services, and what that was made of.
struct ServiceStates: Sendable {
  struct Sources: Sendable {
    let functions: FunctionOverview
    let pushed: [ByteText: ConfigReceiver.Push]
    let pulled: [ConfigPuller.ServicePullState]
    let unresolved: [ByteText: [ByteText]]

    /// Whether the same comes of both.
    func isAs(_ other: Self) -> Bool {
      functions.states.shares(other.functions.states) && pushed == other.pushed && pulled == other.pulled
        && unresolved == other.unresolved
    }
  }

  let sources: Sources
  /// By service.
  let states: [ServiceState]

  init(_ all: Sources) {
    sources = all
    var states = all.functions.services
    var kinds = all.functions.sources
    for (service, pushed) in all.pushed {
      var state = states[service] ?? ServiceState(service: service)
      state.configVersion = pushed.version
      state.lastSuccessAt = pushed.at
      states[service] = state
      kinds[service, default: []].insert("push")
    }
    for pulled in all.pulled {
      var state = states[pulled.service] ?? ServiceState(service: pulled.service)
      state.configVersion = pulled.version ?? state.configVersion
      state.lastSuccessAt = [pulled.lastSuccessAt, state.lastSuccessAt].compactMap { $0 }.max()
      state.lastPullAt = pulled.lastPullAt
      state.nextPullAt = pulled.nextPullAt
      state.pullFailures = pulled.failures
      state.lastError = pulled.lastError
      states[pulled.service] = state
      kinds[pulled.service, default: []].insert("pull")
    }
    for (service, kinds) in kinds {
      states[service]?.source = ["push", "pull", "local"].filter(kinds.contains).joined(separator: "+")
    }
    for (service, names) in all.unresolved {
      states[service, default: ServiceState(service: service)].unresolved = names
    }
    self.states = states.values.sorted { $0.service < $1.service }
  }
}

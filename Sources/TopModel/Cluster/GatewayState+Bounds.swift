import GenAPITelemetry

extension GatewayState {
  /// Cuts what is longer than is believed and shown; how many texts that were.
  mutating func cutTexts() -> Int64 {
    var bound = TextBound()
    cut(&bound)
    return bound.cuts
  }

  /// The same state with every number in the range that is believed.
  var bounded: GatewayState {
    var state = self
    state.totals = totals.bounded
    state.series = series.map(\.bounded)
    state.limits = limits.map(\.bounded)
    state.hotKeys = hotKeys.map(\.bounded)
    state.pools = pools.map(\.bounded)
    state.breakers = breakers.map(\.bounded)
    state.services = services.map(\.bounded)
    state.configChanges = configChanges.map(\.bounded)
    state.relay = relay.map(\.bounded)
    state.hooks = hooks.map(\.bounded)
    state.sockets = sockets.bounded
    state.nodes = nodes.map(\.bounded)
    state.process = process.bounded
    return state
  }
}

extension GatewayStateChange {
  /// Cuts what is longer than is believed and shown; how many texts that were.
  mutating func cutTexts() -> Int64 {
    var bound = TextBound()
    cut(&bound)
    return bound.cuts
  }

  /// The same change with every number in the range that is believed.
  var bounded: GatewayStateChange {
    var change = self
    change.totals = totals?.bounded
    change.series = series?.map(\.bounded)
    change.limits = limits?.map(\.bounded)
    change.hotKeys = hotKeys?.map(\.bounded)
    change.pools = pools?.map(\.bounded)
    change.breakers = breakers?.map(\.bounded)
    change.services = services?.map(\.bounded)
    change.configChanges = configChanges?.map(\.bounded)
    change.relay = relay?.map(\.bounded)
    change.hooks = hooks?.map(\.bounded)
    change.sockets = sockets?.bounded
    change.nodes = nodes?.map(\.bounded)
    change.process = process?.bounded
    return change
  }
}

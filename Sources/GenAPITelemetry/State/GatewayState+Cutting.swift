extension GatewayState {
  /// Cuts every text that is too long, in every entry.
  public mutating func cut(_ bound: inout TextBound) {
    bound.counts(&totals.events)
    bound.counts(&sockets.byTransport)
    bound.entries(&series)
    bound.entries(&limits)
    bound.entries(&hotKeys)
    bound.entries(&pools)
    bound.entries(&breakers)
    bound.entries(&functions)
    bound.entries(&services)
    bound.entries(&configChanges)
    bound.entries(&failedConfigs)
    bound.entries(&relay)
    bound.entries(&hooks)
    bound.entries(&nodes)
    bound.entries(&subscribers)
  }
}

extension GatewayStateChange {
  /// Cuts every text that is too long, in every entry.
  public mutating func cut(_ bound: inout TextBound) {
    if totals != nil { bound.counts(&totals!.events) }
    if sockets != nil { bound.counts(&sockets!.byTransport) }
    if series != nil { bound.entries(&series!) }
    if limits != nil { bound.entries(&limits!) }
    if hotKeys != nil { bound.entries(&hotKeys!) }
    if pools != nil { bound.entries(&pools!) }
    if breakers != nil { bound.entries(&breakers!) }
    if functions != nil { bound.entries(&functions!) }
    if services != nil { bound.entries(&services!) }
    if configChanges != nil { bound.entries(&configChanges!) }
    if failedConfigs != nil { bound.entries(&failedConfigs!) }
    if relay != nil { bound.entries(&relay!) }
    if hooks != nil { bound.entries(&hooks!) }
    if nodes != nil { bound.entries(&nodes!) }
    if subscribers != nil { bound.entries(&subscribers!) }
  }
}

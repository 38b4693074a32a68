import GenAPIValue

extension Endpoint {
  /// What the catalogue of examples says of it.
  public func summary(_ text: ByteText) -> Endpoint {
    var copy = self
    copy.summary = text
    return copy
  }

  /// The same with what its service says, where it says nothing of its own.
  func within(_ service: EndpointOptions) -> Endpoint {
    var copy = self
    copy.options = options.within(service)
    return copy
  }

  /// The config of this endpoint as part of a service.
  ///
  /// Its function is named `Swift.SERVICE.REQUEST_TYPE`, followed by `@` and the version where it has one.
  public func config(service: ByteText, nodes: NodeSource = .local) -> FunctionConfig {
    var config = FunctionConfig(
      service: service, requestType: requestType, nodes: nodes, function: FunctionReference("", ""),
      arguments: arguments, argumentOrder: argumentOrder, responseType: isStream ? .stream : .sync)
    if case .mode(let mode) = options.permission { config.permission = mode }
    for change in options.changes { change(&config) }
    // Whatever the settings said, these are the function's own.
    config.service = service
    config.requestType = requestType
    config.arguments = arguments
    config.argumentOrder = argumentOrder
    if isStream { config.responseType = .stream }
    let name = requestType + (config.version.map { "@\($0)" } ?? "")
    func reference(_ kind: ByteText) -> FunctionReference {
      FunctionReference("Swift.\(service)", name + kind)
    }
    config.function = reference("")
    if options.beforeHook != nil { config.beforeExecute = reference("#before") }
    if options.afterHook != nil { config.afterExecute = reference("#after") }
    if case .callback = options.permission { config.permissionCallback = reference("#permission") }
    return config
  }

  /// Its limits, as the gateway that it is registered on counts them.
  func limits(_ config: FunctionConfig) -> [RateLimit] {
    options.limits.map {
      .api(
        service: config.service, requestType: config.requestType, key: $0.key, maxRequests: $0.maxRequests,
        windowMs: $0.windowMs)
    }
  }

  /// The function with the middleware around it: without any the function itself.
  var function: FunctionRegistry.Function {
    var function = makeFunction(options.coding ?? ValueCoding())
    for middleware in options.middleware.reversed() {
      let next = function
      function = { call in
        do {
          return try await middleware(call, next)
        } catch let error as FunctionError {
          return .error(error)
        }
      }
    }
    return function
  }
}

extension FunctionRegistry {
  /// Makes an endpoint's functions callable, under the names in its config.
  @discardableResult
  public func register(_ endpoint: Endpoint, service: ByteText, nodes: NodeSource = .local) -> FunctionConfig
  {
    let config = endpoint.config(service: service, nodes: nodes)
    let options = endpoint.options
    register(config.function.name, endpoint.function)
    if let hook = options.beforeHook, let name = config.beforeExecute?.name {
      registerBeforeHook(name, hook)
    }
    if let hook = options.afterHook, let name = config.afterExecute?.name { registerAfterHook(name, hook) }
    if case .callback(let callback) = options.permission, let name = config.permissionCallback?.name {
      registerPermission(name, callback)
    }
    return config
  }
}

extension Gateway {
  /// Answers a service's requests with Swift functions of this process.
  ///
  /// - Throws: `ConfigStoreError.invalid` with every fault of the first endpoint that is at fault; those
  ///   before it are registered.
  public func register(_ service: ServiceEndpoints) throws(ConfigStoreError) {
    for endpoint in service.endpoints { try register(endpoint, service: service.service) }
  }

  /// Answers one request type of a service with a Swift function of this process.
  ///
  /// - Throws: `ConfigStoreError.invalid` with every fault, each naming its field.
  @discardableResult
  public func register(_ endpoint: Endpoint, service: ByteText) throws(ConfigStoreError) -> FunctionConfig {
    let config = endpoint.config(service: service)
    let limits = endpoint.limits(config)
    do {
      for limit in limits { try limit.validate() }
    } catch {
      throw .invalid(["limit: \(error)"])
    }
    try configs.add(config)
    do {
      try apply(limits, config)
    } catch {
      throw .invalid(["limit: \(error)"])
    }
    return functions.register(endpoint, service: service)
  }

  /// Puts an endpoint's limits in the place of those that it stated before. What stays has counted what it has counted.
  private func apply(_ limits: [RateLimit], _ config: FunctionConfig) throws(RateLimitError) {
    let scope = RateLimitScope.api(service: config.service, requestType: config.requestType)
    let old = endpointLimits.withLock { known in
      let old = known.updateValue(limits, forKey: scope)
      if limits.isEmpty { known[scope] = nil }
      return old ?? []
    }
    for limit in old where !limits.contains(where: limit.replaces) {
      // An operator may have removed it.
      try? rateLimiter.removeLimit(scope: scope, key: limit.key, windowMs: limit.windowMs)
    }
    for limit in limits {
      do {
        try rateLimiter.updateLimit(limit)
      } catch .noSuchLimit {
        try rateLimiter.addLimit(limit)
      }
    }
  }
}

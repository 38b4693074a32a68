import GenAPIValue

extension Endpoint {
  /// The config of this endpoint as part of a service.
  ///
  /// Its function is named `Swift.SERVICE.REQUEST_TYPE`, followed by `@` and the version where it has one.
  public func config(service: ByteText, nodes: NodeSource = .local) -> FunctionConfig {
    var config = FunctionConfig(
      service: service, requestType: requestType, nodes: nodes, function: FunctionReference("", ""),
      arguments: arguments, argumentOrder: argumentOrder)
    for change in settings { change(&config) }
    // Whatever the settings said, these are the function's own.
    config.service = service
    config.requestType = requestType
    config.arguments = arguments
    config.argumentOrder = argumentOrder
    let name = requestType + (config.version.map { "@\($0)" } ?? "")
    func reference(_ kind: ByteText) -> FunctionReference {
      FunctionReference("Swift.\(service)", name + kind)
    }
    config.function = reference("")
    if beforeHook != nil { config.beforeExecute = reference("#before") }
    if afterHook != nil { config.afterExecute = reference("#after") }
    if permissionCallback != nil { config.permissionCallback = reference("#permission") }
    return config
  }
}

extension FunctionRegistry {
  /// Makes an endpoint's functions callable, under the names in its config.
  @discardableResult
  public func register(_ endpoint: Endpoint, service: ByteText, nodes: NodeSource = .local) -> FunctionConfig
  {
    let config = endpoint.config(service: service, nodes: nodes)
    register(config.function.name, endpoint.function)
    if let hook = endpoint.beforeHook, let name = config.beforeExecute?.name {
      registerBeforeHook(name, hook)
    }
    if let hook = endpoint.afterHook, let name = config.afterExecute?.name { registerAfterHook(name, hook) }
    if let callback = endpoint.permissionCallback, let name = config.permissionCallback?.name {
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
    try configs.add(config)
    return functions.register(endpoint, service: service)
  }
}

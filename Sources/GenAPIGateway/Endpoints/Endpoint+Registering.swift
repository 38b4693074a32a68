import GenAPIValue

extension Endpoint {
  /// What it does, in a sentence for whoever calls it, at most 1 kB: `ConfigStore.schemas` and the examples tell it.
  public func description(_ text: ByteText) -> Endpoint {
    var copy = self
    copy.description = text
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
  /// Its function is named `Swift.SERVICE.REQUEST_TYPE`, followed by `@` and the version where it has one. A `.`, `@`, `#` or `%` in a part
  /// is written `%2E`, `%40`, `%23`, `%25` there (in a version the dot is not), so no two endpoints have one function.
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
    if let description { config.description = description }
    func reference(_ kind: ByteText) -> FunctionReference {
      EndpointName.reference(service: service, requestType, version: config.version, kind: kind)
    }
    config.function = reference("")
    if options.beforeHook != nil { config.beforeExecute = reference("#before") }
    if options.afterHook != nil { config.afterExecute = reference("#after") }
    if case .callback = options.permission { config.permissionCallback = reference("#permission") }
    return config
  }
}

extension FunctionRegistry {
  /// Makes an endpoint's functions callable, under the names in its config.
  @discardableResult
  public func register(_ endpoint: Endpoint, service: ByteText, nodes: NodeSource = .local) -> FunctionConfig
  {
    let config = endpoint.config(service: service, nodes: nodes)
    let options = endpoint.options
    if endpoint.isBlocking {
      registerBlocking(config.function.name, endpoint.function)
    } else {
      register(config.function.name, endpoint.function)
    }
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
  /// Answers a service's requests with Swift functions of this process: with these, and with none that an earlier set of
  /// the same service had and this one has not. Functions that were registered one by one stay.
  ///
  /// Limits go with their endpoints: those of this set take the place of those of the earlier one. An empty set,
  /// `ServiceEndpoints("name") {}`, removes the earlier one. An endpoint of the set takes the place of one of the same name and
  /// version that was registered by itself, and is then the set's.
  ///
  /// - Throws: `ConfigStoreError.invalid` with every fault of every endpoint; nothing is registered or removed then.
  public func register(_ service: ServiceEndpoints) throws(ConfigStoreError) {
    try configs.register(service.endpoints, of: service.service, isSet: true)
  }

  /// Answers one request type of a service with a Swift function of this process.
  ///
  /// It takes the place of an earlier one of the same name and version, also of one that came in a set: that set's successor
  /// leaves it alone. `configs.delete` ends that, frees the function with whatever it holds, and ends the limits that it declared.
  ///
  /// - Throws: `ConfigStoreError.invalid` with every fault, each naming the endpoint and its field.
  @discardableResult
  public func register(_ endpoint: Endpoint, service: ByteText) throws(ConfigStoreError) -> FunctionConfig {
    try configs.register([endpoint], of: service, isSet: false)[0]
  }
}

import GenAPIValue

/// Configs as values: what crosses nodes, and what files hold.
extension FunctionConfig {
  /// Reads a config, with the documented defaults for what is absent.
  ///
  /// - Throws: `ConfigFaults` naming every field that is of the wrong form. The result is not yet validated.
  public init(_ value: Value) throws(ConfigFaults) {
    var unknown: [ByteText]?
    try self.init(value, unknown: &unknown)
  }

  /// The same of what another node sent, which may know more than this gateway does.
  ///
  /// - Parameter unknown: gets the names of the fields and options that there are not.
  init(fromNode value: Value, unknown: inout [ByteText]) throws(ConfigFaults) {
    var names: [ByteText]? = []
    defer { unknown += (names ?? []) + Self.others(in: value).map { PlaceText.key($0) } }
    try self.init(value, unknown: &names)
  }

  private init(_ value: Value, unknown: inout [ByteText]?) throws(ConfigFaults) {
    guard let object = value.object else {
      throw ConfigFaults(faults: ["a function config is an object, not \(value.instead(of: "an object"))"])
    }
    if let faults = object[Self.faultsField]?.array {
      throw ConfigFaults(faults: faults.compactMap(\.string))
    }
    var reader = FunctionConfigReader(object: object, ignoresUnknown: unknown != nil)
    let reference = reader.reference("mfa")
    if reference == nil && reader.faults.isEmpty {
      reader.faults.append("mfa must name a module and a function")
    }
    self.init(
      service: reader.string("service") ?? "", requestType: reader.string("request_type") ?? "",
      nodes: reader.nodes(), chooseNode: reader.chooseNode(),
      timeout: reader.timeout(),
      function: reference ?? FunctionReference("", ""), arguments: reader.arguments(),
      argumentOrder: reader.argumentOrder(), responseType: reader.responseType(),
      permission: reader.permission(), permissionCallback: reader.reference("permission_callback"),
      passesRequestInfo: reader.bool("request_info") ?? false, version: reader.string("version"),
      disabled: reader.bool("disabled") ?? false, retry: reader.retry(),
      beforeExecute: reader.reference("before_execute"), afterExecute: reader.reference("after_execute"),
      hookTimeout: reader.hookTimeout(), resultEncoder: reader.reference("result_encoder"),
      description: reader.string("description"))
    unknown = reader.unknown
    guard reader.faults.isEmpty else { throw ConfigFaults(faults: reader.faults) }
  }

  /// The config as a value, as another node or a file writes it.
  public var value: Value {
    var object: ValueObject = [
      "service": .string(service), "request_type": .string(requestType), "nodes": nodes.value,
      "choose_node_mode": chooseNode.value, "timeout": timeoutMs.map(Value.int) ?? "infinity",
      "mfa": function.value, "response_type": .string(ByteText(responseType.rawValue)),
    ]
    object["check_permission"] = permission.value
    if !arguments.isEmpty {
      var types = ValueObject()
      for (name, spec) in arguments.sorted(by: { $0.key < $1.key }) { types[name] = spec.value }
      object["arg_types"] = .object(types)
    }
    switch argumentOrder {
    case .inferred: break
    case .names(let names): object["arg_orders"] = .array(names.map(Value.string))
    case .map: object["arg_orders"] = "map"
    }
    object["permission_callback"] = permissionCallback?.value
    if passesRequestInfo { object["request_info"] = true }
    object["version"] = version.map(Value.string)
    if disabled { object["disabled"] = true }
    if let retry { object["retry"] = [retry.mode: .int(Int64(retry.attempts))] }
    object["before_execute"] = beforeExecute?.value
    object["after_execute"] = afterExecute?.value
    if hookTimeoutMs != 5_000 { object["hook_timeout"] = .int(hookTimeoutMs) }
    object["result_encoder"] = resultEncoder?.value
    object["description"] = description.map(Value.string)
    return .object(object)
  }
}

extension FunctionReference {
  var value: Value { arguments.isEmpty && terms == nil && isParsed ? .string(name) : object }

  /// Whether its name alone tells where the module ends; a dot of the function's own is taken for that.
  private var isParsed: Bool {
    FunctionReference(parsing: name).map { $0.module == module } ?? true
  }

  /// The longer form.
  var object: Value {
    var object: ValueObject = ["function": .string(name), "args": .array(arguments)]
    object["terms"] = terms.map(Value.bytes)
    if !isParsed { object["module"] = .string(module) }
    return .object(object)
  }
}

extension NodeSource {
  var value: Value {
    switch self {
    case .local: "local"
    case .list(let names): .array(names.map(Value.string))
    case .function(let reference): reference.object
    }
  }
}

extension NodeChoice {
  var value: Value {
    switch self {
    case .hashKey(let key): ["hash": .string(key)]
    case .sticky(let key): ["sticky": .string(key.name)]
    default: .string(ByteText(description))
    }
  }
}

extension PermissionMode {
  /// nil for nothing.
  var value: Value? {
    switch self {
    case .unstated: nil
    case .open: false
    case .anyAuthenticated: "any_authenticated"
    case .argument(let name): ["arg": .string(name)]
    case .role(let roles): ["role": .array(roles.map(Value.string))]
    }
  }
}

extension FunctionConfig {
  /// Every field a config may have.
  public static let fields: Set<ByteText> = [
    "request_type", "service", "nodes", "choose_node_mode", "timeout", "mfa", "arg_types", "arg_orders",
    "response_type", "check_permission", "permission_callback", "request_info", "version", "disabled",
    "retry",
    "before_execute", "after_execute", "hook_timeout", "result_encoder", "description",
  ]

  /// What a reader of terms found wrong with a config that no value can hold: it stands in place of the config.
  package static let faultsField: ByteText = "faults"

  /// Whether a value cannot be read as a config of another node: it is refused whatever the rest of its push holds.
  package static func isUnreadable(_ value: Value) -> Bool {
    var unknown: [ByteText]? = []
    return (try? FunctionConfig(value, unknown: &unknown)) == nil
  }

  private static func others(in value: Value) -> [ByteText] {
    value.object?.keys.filter { !fields.contains($0) && $0 != faultsField } ?? []
  }

  /// A fault for each field that no config has: a slip of the pen in a file. Configs from other nodes may have
  /// more fields than this gateway knows, and are read without asking this.
  public static func unknownFields(of value: Value) -> [ByteText] {
    (value.object?.keys ?? []).filter { !fields.contains($0) }.map {
      "\(PlaceText.key($0)) is no field of a config; allowed: \(fields.sorted().joined(separator: ", "))"
    }
  }
}

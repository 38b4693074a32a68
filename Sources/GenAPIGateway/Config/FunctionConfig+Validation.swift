import GenAPIValue

/// What is wrong with a config: every fault, each naming its field and what is allowed.
public struct ConfigFaults: Error, Equatable, CustomStringConvertible {
  /// Every fault that was found.
  public var faults: [ByteText]

  public var description: String { faults.joined(separator: "; ") }
}

extension FunctionConfig {
  /// Every fault of this config; empty when it is valid.
  public func validate() -> [ByteText] {
    var faults: [ByteText] = []
    func require(_ holds: Bool, _ fault: @autoclosure () -> ByteText) {
      if !holds { faults.append(fault()) }
    }
    func name(_ name: ByteText, _ field: ByteText) {
      if let fault = ConfigBounds.fault(ofName: name, field) { faults.append(fault) }
    }
    name(requestType, "request_type")
    name(service, "service")
    if case .list(let names) = nodes {
      require(!names.isEmpty, "nodes must be a non-empty list of node names, local, or a function reference")
      faults += ConfigBounds.faults(ofNames: names, "nodes", most: ConfigBounds.nodes)
    }
    switch chooseNode {
    case .hashKey(let key), .sticky(.argument(let key)):
      require(!key.isEmpty, "choose_node_mode needs the name of an argument or field as its key")
      if !key.isEmpty { name(key, "choose_node_mode") }
    default: break
    }
    if let timeoutMs {
      require(
        ConfigBounds.timeoutMs.contains(timeoutMs),
        "timeout must be between 100 and 300000 milliseconds, or infinity; it is \(timeoutMs)")
    }
    for (field, reference) in references { faults += ConfigBounds.faults(of: reference, field) }
    require(
      arguments.count <= ConfigBounds.arguments,
      "arg_types has \(arguments.count) arguments, allowed are \(ConfigBounds.arguments)")
    for (argument, spec) in arguments.sorted(by: { $0.key < $1.key }) {
      require(!ConfigBounds.isBlank(argument), "arg_types must not hold an empty name")
      if !ConfigBounds.isBlank(argument) { name(argument, "arg_types.\(argument.cut(bytes: 64))") }
      for fault in spec.validate() { faults.append("arg_types.\(argument.cut(bytes: 64)): \(fault)") }
    }
    if case .names(let names) = argumentOrder {
      let declared = Set(arguments.keys)
      let missing = declared.subtracting(names).sorted()
      let extra = Set(names).subtracting(declared).sorted()
      require(Set(names).count == names.count, "arg_orders must not name an argument twice")
      require(
        missing.isEmpty && extra.isEmpty,
        "arg_orders and arg_types must name the same arguments; missing: \(Self.shown(missing)), extra: \(Self.shown(extra))"
      )
    }
    switch permission {
    case .argument(let argument):
      require(!argument.isEmpty, "check_permission arg needs an argument's name")
      if !argument.isEmpty { name(argument, "check_permission arg") }
      require(
        arguments.isEmpty || arguments[argument] != nil || argumentOrder == .map,
        "check_permission names the argument \"\(argument.cut(bytes: 64))\", which arg_types does not declare; it declares \(Self.shown(arguments.keys.sorted()))"
      )
    case .role(let roles):
      require(
        !roles.isEmpty && !roles.contains(where: ConfigBounds.isBlank),
        "check_permission role needs a list of non-empty role names")
      faults += ConfigBounds.faults(
        ofNames: roles.filter { !ConfigBounds.isBlank($0) }, "check_permission role", most: ConfigBounds.names
      )
    case .unstated, .open, .anyAuthenticated: break
    }
    if let version {
      require(
        !ConfigBounds.isBlank(version) && version != "0.0.0",
        "version must be a non-empty string other than \"0.0.0\", or absent; it is \"\(version.cut(bytes: 64))\""
      )
      if !ConfigBounds.isBlank(version) { name(version, "version") }
    }
    if let retry {
      require(
        ConfigBounds.retries.contains(retry.attempts),
        "retry must be 1 to \(ConfigBounds.retries.upperBound); it is \(retry.attempts)")
    }
    require(
      ConfigBounds.hookTimeoutMs.contains(hookTimeoutMs),
      "hook_timeout must be 1 to \(ConfigBounds.hookTimeoutMs.upperBound) milliseconds; it is \(hookTimeoutMs)"
    )
    if let description {
      require(
        description.byteCount <= ConfigBounds.description,
        "description has \(description.byteCount) bytes, allowed are \(ConfigBounds.description)")
    }
    let count = faults.isEmpty ? value.jsonBytes.count : 0
    require(
      count <= ConfigBounds.bytes,
      "mfa and the rest have \(count) bytes as JSON, allowed are \(ConfigBounds.bytes)")
    return faults
  }

  /// An argument that an endpoint names and its function does not take, with those that it takes.
  func untaken(argument name: ByteText) -> String {
    let taken = arguments.isEmpty ? "none" : Self.shown(arguments.keys.sorted())
    return "the argument \"\(name.cut(bytes: 64))\", which the function does not take; it takes \(taken)"
  }

  private static func shown(_ names: [ByteText]) -> String {
    ByteText("\(names.prefix(20).map { $0.cut(bytes: 64) })\(names.count > 20 ? " and more" : "")").string
  }

  /// Every function this config names, with the field that names it.
  var references: [(field: ByteText, reference: FunctionReference)] {
    var result: [(field: ByteText, reference: FunctionReference)] = [("mfa", function)]
    if case .function(let reference) = nodes { result.append(("nodes", reference)) }
    if let permissionCallback { result.append(("permission_callback", permissionCallback)) }
    if let beforeExecute { result.append(("before_execute", beforeExecute)) }
    if let afterExecute { result.append(("after_execute", afterExecute)) }
    if let resultEncoder { result.append(("result_encoder", resultEncoder)) }
    return result
  }
}

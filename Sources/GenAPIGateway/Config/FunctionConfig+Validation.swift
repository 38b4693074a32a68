import GenAPIValue

/// What is wrong with a config: every fault, each naming its field and what is allowed.
public struct ConfigFaults: Error, Equatable, CustomStringConvertible {
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
    require(!requestType.isEmpty, "request_type must be a non-empty string")
    require(!service.isEmpty, "service must be a non-empty string")
    if case .list(let names) = nodes {
      require(!names.isEmpty, "nodes must be a non-empty list of node names, local, or a function reference")
      require(names.allSatisfy { !$0.isEmpty }, "nodes must not hold an empty name")
    }
    switch chooseNode {
    case .hashKey(let key), .sticky(let key):
      require(!key.isEmpty, "choose_node_mode needs the name of an argument or field as its key")
    default: break
    }
    if let timeoutMs {
      require(
        (100...300_000).contains(timeoutMs),
        "timeout must be between 100 and 300000 milliseconds, or infinity; it is \(timeoutMs)")
    }
    for (field, reference) in references {
      require(
        !reference.module.isEmpty && !reference.function.isEmpty, "\(field) must name a module and a function"
      )
    }
    for (name, spec) in arguments.sorted(by: { $0.key < $1.key }) {
      require(!name.isEmpty, "arg_types must not hold an empty name")
      for fault in spec.validate() { faults.append("arg_types.\(name): \(fault)") }
    }
    if case .names(let names) = argumentOrder {
      let declared = Set(arguments.keys)
      let missing = declared.subtracting(names).sorted()
      let extra = Set(names).subtracting(declared).sorted()
      require(Set(names).count == names.count, "arg_orders must not name an argument twice")
      require(
        missing.isEmpty && extra.isEmpty,
        "arg_orders and arg_types must name the same arguments; missing: \(missing), extra: \(extra)")
    }
    switch permission {
    case .argument(let name):
      require(!name.isEmpty, "check_permission arg needs an argument's name")
      require(
        arguments.isEmpty || arguments[name] != nil || argumentOrder == .map,
        "check_permission names the argument \"\(name)\", which arg_types does not declare")
    case .role(let roles):
      require(
        !roles.isEmpty && roles.allSatisfy { !$0.isEmpty },
        "check_permission role needs a list of non-empty role names")
    case .open, .anyAuthenticated: break
    }
    if let version {
      require(
        !version.isEmpty && version != "0.0.0",
        "version must be a non-empty string other than \"0.0.0\", or absent")
    }
    if let retry { require(retry.attempts > 0, "retry must be above 0; it is \(retry.attempts)") }
    require(hookTimeoutMs > 0, "hook_timeout must be above 0 milliseconds; it is \(hookTimeoutMs)")
    return faults
  }

  /// Every function this config names, with the field that names it.
  var references: [(field: ByteText, reference: FunctionReference)] {
    var result: [(field: ByteText, reference: FunctionReference)] = [("mfa", function)]
    if case .function(let reference) = nodes { result.append(("nodes", reference)) }
    if let permissionCallback { result.append(("permission_callback", permissionCallback)) }
    if let beforeExecute { result.append(("before_execute", beforeExecute)) }
    if let afterExecute { result.append(("after_execute", afterExecute)) }
    return result
  }
}

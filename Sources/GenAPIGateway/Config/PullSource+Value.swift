import GenAPIValue

extension PullSource {
  /// Reads a service to pull: `{service, nodes, module, function, args?, version_module?, version_function?,
  /// version_args?}`; nodes are a list of names, or `{"function": "Module.function"}` that lists them.
  ///
  /// - Throws: `ConfigFaults` naming every field at fault.
  public init(_ value: Value) throws(ConfigFaults) {
    guard let object = value.object else {
      throw ConfigFaults(faults: ["a service is an object, not \(value.instead(of: "an object"))"])
    }
    var reader = FunctionConfigReader(object: object)
    let service = reader.string("service") ?? ""
    let nodes = reader.nodes()
    let function = reader.reference(module: "module", function: "function", arguments: "args")
    if let fault = ConfigBounds.fault(ofName: service, "service") { reader.faults.append(fault) }
    reader.faults += Self.faults(of: nodes)
    if function == nil && reader.faults.isEmpty { reader.faults.append("module and function are missing") }
    let version = reader.reference(
      module: "version_module", function: "version_function", arguments: "version_args")
    let known: Set<ByteText> = [
      "service", "nodes", "module", "function", "args", "version_module", "version_function", "version_args",
    ]
    reader.faults += object.keys.filter { !known.contains($0) }.map {
      "\($0.cut(bytes: 64)) is not known; allowed: \(known.sorted().joined(separator: ", "))"
    }
    guard reader.faults.isEmpty, let function else { throw ConfigFaults(faults: reader.faults) }
    self.init(service: service, nodes: nodes, function: function, versionFunction: version)
    let faults = validate()
    guard faults.isEmpty else { throw ConfigFaults(faults: faults) }
  }

  /// What `init` reads.
  public var value: Value {
    var object: ValueObject = [
      "service": .string(service), "nodes": nodes.value, "module": .string(function.module),
      "function": .string(function.function),
    ]
    if !function.arguments.isEmpty { object["args"] = .array(function.arguments) }
    if let versionFunction {
      object["version_module"] = .string(versionFunction.module)
      object["version_function"] = .string(versionFunction.function)
      if !versionFunction.arguments.isEmpty { object["version_args"] = .array(versionFunction.arguments) }
    }
    return .object(object)
  }

  /// Every fault of a service to pull; empty when it is valid.
  public func validate() -> [ByteText] {
    (ConfigBounds.fault(ofName: service, "service").map { [$0] } ?? []) + Self.faults(of: nodes)
      + ConfigBounds.faults(of: function, "function")
      + (versionFunction.map { ConfigBounds.faults(of: $0, "version_function") } ?? [])
  }

  private static func faults(of nodes: NodeSource) -> [ByteText] {
    switch nodes {
    case .local, .list([]): ["nodes must name at least one node"]
    case .list(let names): ConfigBounds.faults(ofNodes: names)
    case .function(let reference): ConfigBounds.faults(of: reference, "nodes")
    }
  }
}

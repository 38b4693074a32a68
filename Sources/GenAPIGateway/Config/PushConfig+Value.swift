import GenAPIValue

/// Pushes as values: what service nodes send.
extension PushConfig {
  /// Reads a push: `{service, nodes, config_version, fun_configs, module?, function?, args?, version_module?,
  /// version_function?, version_args?, push_token?}`.
  ///
  /// A function that cannot be read does not keep the others out: it is told among the failed configs when the push is taken.
  ///
  /// - Throws: `ConfigFaults` naming every field of the push itself that is of the wrong form.
  public init(_ value: Value) throws(ConfigFaults) {
    guard let object = value.object else {
      throw ConfigFaults(faults: ["a push is an object, not \(value.instead(of: "an object"))"])
    }
    var reader = FunctionConfigReader(object: object)
    let service = reader.string("service") ?? ""
    let version = reader.string("config_version") ?? ""
    let token = reader.secret("push_token")
    let nodes = reader.names("nodes")
    let pullFunction = reader.reference(module: "module", function: "function", arguments: "args")
    let versionFunction = reader.reference(
      module: "version_module", function: "version_function", arguments: "version_args")
    var functions: [FunctionConfig] = []
    var unreadable: [UnreadableConfig] = []
    var unknown: [ByteText] = []
    let listed = reader.list("fun_configs")
    if listed.count > ConfigBounds.functionsOfPush {
      reader.faults.append(
        "fun_configs has \(listed.count) functions, allowed are \(ConfigBounds.functionsOfPush)")
    }
    for (index, item) in listed.prefix(ConfigBounds.functionsOfPush).enumerated() where reader.faults.isEmpty
    {
      do {
        functions.append(try FunctionConfig(fromNode: item, unknown: &unknown))
      } catch {
        unreadable.append(UnreadableConfig(index: index, value: item, faults: error.faults))
        if unreadable.count > ConfigBounds.unreadable {
          let left = listed.count - index - 1
          reader.faults = [
            "\(unreadable.count) of the first \(index + 1) functions cannot be read\(UnreadableConfig.words(notLookedAt: left))"
          ]
          reader.faults += unreadable.prefix(100).flatMap { one in
            one.faults.map { "fun_configs[\(one.index)]: \($0)" }
          }
        }
      }
    }
    guard reader.faults.isEmpty else { throw ConfigFaults(faults: reader.faults) }
    self.init(
      service: service, nodes: nodes, configVersion: version, functions: functions,
      pullFunction: pullFunction, versionFunction: versionFunction, token: token)
    self.unreadable = unreadable
    self.unknown = UnknownNames.distinct(unknown)
  }
}

extension FunctionConfigReader {
  /// A text that nobody reads in a fault, whatever it stands in.
  mutating func secret(_ name: ByteText) -> ByteText? {
    guard let value = object[name], !value.isNull else { return nil }
    if let string = value.string { return string }
    faults.append("\(name) must be a string, not \(value.instead(of: "a string"))")
    return nil
  }

  mutating func list(_ name: ByteText) -> [Value] {
    guard let value = object[name], !value.isNull else { return [] }
    if let list = value.array { return list }
    faults.append("\(name) must be a list, not \(value.instead(of: "a list"))")
    return []
  }

  mutating func names(_ name: ByteText) -> [ByteText] {
    let list = list(name)
    guard list.count <= ConfigBounds.bytes else {
      faults.append("\(name) has \(list.count) names, allowed are \(ConfigBounds.nodes)")
      return []
    }
    let names = list.compactMap(\.string)
    if names.count != list.count { faults.append("\(name) must be a list of names") }
    return names
  }

  /// A function that is named in two fields, and its arguments in a third; nil when both are absent.
  mutating func reference(module: ByteText, function: ByteText, arguments: ByteText) -> FunctionReference? {
    let names = (string(module), string(function))
    let given = list(arguments)
    switch names {
    case (let module?, let function?):
      var reference = FunctionReference(module, function, given)
      if case .bytes(let terms) = object["\(arguments)_terms"] { reference.terms = terms }
      return reference
    case (nil, nil): return nil
    default:
      faults.append("\(module) and \(function) need each other")
      return nil
    }
  }
}

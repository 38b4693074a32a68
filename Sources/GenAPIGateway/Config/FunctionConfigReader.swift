import GenAPIValue

/// Reads the fields of a config one by one and collects what is of the wrong form.
struct FunctionConfigReader {
  let object: ValueObject
  var faults: [ByteText] = []
  /// Options of arguments that are not known, as `arg_types.name.option`; nil when such are faults.
  var unknown: [ByteText]?

  init(object: ValueObject, ignoresUnknown: Bool = false) {
    self.object = object
    unknown = ignoresUnknown ? [] : nil
  }

  /// Absent and null are the same.
  private func field(_ name: ByteText) -> Value? {
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  private mutating func fault(_ name: ByteText, _ allowed: ByteText, _ value: Value) {
    faults.append("\(name) must be \(allowed), not \(value.json(cut: 80))")
  }

  /// Tells of what has more items than a config may have bytes, none of which is looked at then. Fewer that are too many are
  /// read, and refused as what they are.
  private mutating func tooMany(
    _ count: Int, _ name: ByteText, _ things: ByteText, _ most: Int
  ) -> Bool {
    guard count > ConfigBounds.bytes else { return false }
    faults.append("\(name) has \(count) \(things), allowed are \(most)")
    return true
  }

  mutating func string(_ name: ByteText) -> ByteText? {
    guard let value = field(name) else { return nil }
    if let string = value.string { return string }
    fault(name, "a string", value)
    return nil
  }

  mutating func bool(_ name: ByteText) -> Bool? {
    guard let value = field(name) else { return nil }
    if let bool = value.bool { return bool }
    fault(name, "true or false", value)
    return nil
  }

  mutating func int(_ name: ByteText) -> Int64? {
    guard let value = field(name) else { return nil }
    if let int = value.int { return int }
    fault(name, "a whole number", value)
    return nil
  }

  mutating func number(_ name: ByteText) -> Value? {
    guard let value = field(name) else { return nil }
    if value.double != nil { return value }
    fault(name, "a number", value)
    return nil
  }

  /// A list of names; nil where nothing is said.
  mutating func texts(_ name: ByteText) -> [ByteText]? {
    guard let value = field(name) else { return nil }
    if let list = value.array {
      guard !tooMany(list.count, name, "names", ConfigBounds.names) else { return nil }
      let names = list.compactMap(\.string)
      if names.count == list.count { return names }
    }
    fault(name, "a list of names", value)
    return nil
  }

  mutating func reference(_ name: ByteText) -> FunctionReference? {
    guard let value = field(name) else { return nil }
    if let reference = Self.reference(value) { return reference }
    fault(name, "\"Module.function\" or {\"function\": \"Module.function\", \"args\": […]}", value)
    return nil
  }

  private static func reference(_ value: Value) -> FunctionReference? {
    if let text = value.string { return FunctionReference(parsing: text) }
    guard let text = value["function"]?.string, var reference = FunctionReference(parsing: text) else {
      return nil
    }
    if let module = value["module"]?.string {
      guard let function = text.dropping(prefix: module + "."), !module.isEmpty, !function.isEmpty else {
        return nil
      }
      (reference.module, reference.function) = (module, function)
    }
    if let arguments = value["args"] {
      guard let list = arguments.array else { return nil }
      reference.arguments = list
    }
    if let terms = value["terms"] {
      guard case .bytes(let bytes) = terms else { return nil }
      reference.terms = bytes
    }
    return reference
  }

  mutating func nodes() -> NodeSource {
    guard let value = field("nodes") else { return .local }
    if value == "local" { return .local }
    if let names = value.array {
      guard !tooMany(names.count, "nodes", "names", ConfigBounds.nodes) else { return .local }
      let strings = names.compactMap(\.string)
      if strings.count == names.count { return .list(strings) }
    } else if let reference = Self.reference(value), value.object != nil {
      return .function(reference)
    }
    fault("nodes", "a list of node names, \"local\", or {\"function\": …}", value)
    return .local
  }

  mutating func chooseNode() -> NodeChoice {
    guard let value = field("choose_node_mode") else { return .random }
    switch value {
    case "random": return .random
    case "hash": return .hash
    case "round_robin": return .roundRobin
    default:
      if let key = value["hash"]?.string { return .hashKey(key) }
      if let key = value["sticky"]?.string { return .sticky(RequestKey(key)) }
      fault("choose_node_mode", "random, hash, {\"hash\": key}, round_robin or {\"sticky\": key}", value)
      return .random
    }
  }

  mutating func timeout() -> Duration? {
    let standard = Duration.seconds(5)
    guard let value = field("timeout") else { return standard }
    if value == "infinity" { return nil }
    if let milliseconds = value.int { return .milliseconds(milliseconds) }
    fault("timeout", "milliseconds or \"infinity\"", value)
    return standard
  }

  mutating func hookTimeout() -> Duration {
    guard let milliseconds = int("hook_timeout") else { return .seconds(5) }
    return .milliseconds(milliseconds)
  }

  mutating func responseType() -> ResponseType {
    guard let value = field("response_type") else { return .sync }
    if let type = value.string.flatMap({ ResponseType(rawValue: $0.string) }) { return type }
    fault("response_type", "sync, async, stream or none", value)
    return .sync
  }

  mutating func permission() -> PermissionMode {
    guard let value = field("check_permission") else { return .unstated }
    if value == false { return .open }
    if value == "any_authenticated" { return .anyAuthenticated }
    if let name = value["arg"]?.string { return .argument(name) }
    if let roles = value["role"]?.array {
      guard !tooMany(roles.count, "check_permission role", "names", ConfigBounds.names) else {
        return .role([])
      }
      let names = roles.compactMap(\.string)
      if names.count == roles.count { return .role(names) }
    }
    fault("check_permission", "false, any_authenticated, {\"arg\": name} or {\"role\": [names]}", value)
    // Refused at registration; should it ever run, nobody passes.
    return .role([])
  }

  mutating func retry() -> RetryPolicy? {
    guard let value = field("retry") else { return nil }
    if let attempts = value.int { return .allNodes(Int(clamping: attempts)) }
    if let attempts = value["same_node"]?.int { return .sameNode(Int(clamping: attempts)) }
    if let attempts = value["all_nodes"]?.int { return .allNodes(Int(clamping: attempts)) }
    fault("retry", "a number, {\"same_node\": n} or {\"all_nodes\": n}", value)
    return nil
  }

  mutating func argumentOrder() -> ArgumentOrder {
    guard let value = field("arg_orders") else { return .inferred }
    if value == "map" { return .map }
    if let names = value.array {
      guard !tooMany(names.count, "arg_orders", "names", ConfigBounds.arguments) else { return .inferred }
      let strings = names.compactMap(\.string)
      if strings.count == names.count { return strings.isEmpty ? .inferred : .names(strings) }
    }
    fault("arg_orders", "a list of argument names or \"map\"", value)
    return .inferred
  }

  mutating func arguments() -> [ByteText: ArgumentSpec] {
    guard let value = field("arg_types") else { return [:] }
    guard let types = value.object else {
      fault("arg_types", "an object of names and types", value)
      return [:]
    }
    guard !tooMany(types.count, "arg_types", "arguments", ConfigBounds.arguments) else { return [:] }
    var result: [ByteText: ArgumentSpec] = [:]
    for (name, type) in types {
      do {
        var others: [ByteText]? = unknown == nil ? nil : []
        result[name] = try ArgumentSpec(type, unknown: &others)
        unknown?.append(contentsOf: others?.map { "arg_types.\(PlaceText.key(name)).\($0)" } ?? [])
      } catch {
        faults += error.faults.map { "arg_types.\(PlaceText.key(name)): \($0)" }
      }
    }
    return result
  }
}

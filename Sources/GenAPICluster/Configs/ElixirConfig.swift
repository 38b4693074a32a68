import ErlangNode
import GenAPIGateway
import GenAPIValue

/// Function configs as Elixir nodes have them, `%FunConfig{}` structs or plain maps with atom keys, in the form that
/// `FunctionConfig` reads.
enum ElixirConfig {
  /// What a service answered that was asked for its configs: those of a list, each in the form that `FunctionConfig` reads. A
  /// longer list than is taken has only its length, and of what is no list there is the beginning.
  static func values(of term: Term) -> Value {
    switch term {
    // A list of its terms would be another answer, whose last is no config.
    case .improperList:
      return .object([FunctionConfig.faultsField: ["an improper list"]])
    case .list(let items), .tuple(let items):
      // It is refused for its length, whatever it holds.
      guard items.count <= ConfigBounds.functionsOfPush else {
        return .array(Array(repeating: .null, count: items.count))
      }
      // Behind as many as are read in vain nobody looks, so no more of them is gone through: the number stays.
      var unreadable = 0
      return .array(
        items.map { item in
          guard unreadable <= ConfigBounds.unreadable else { return .null }
          let value = value(of: item)
          if FunctionConfig.isUnreadable(value) { unreadable += 1 }
          return value
        })
    default: return value(of: term)
    }
  }

  /// One of them.
  static func value(of term: Term) -> Value {
    guard case .map(let map) = term else {
      return ConfigTerms.isLarge(term) ? TermValue.sample(term) : TermValue.value(term)
    }
    if let config = value(of: map) { return config }
    // Read without what is behind the bound it would be another.
    if let fault = ConfigTerms.isLarge(term)
      ? "it \(ConfigTerms.largeWords)" : ConfigTerms.shapeFault("it", term)
    {
      return .object([FunctionConfig.faultsField: [.string(fault)]])
    }
    return TermValue.value(term)
  }

  /// nil when the map is no function config.
  static func value(of map: TermMap) -> Value? {
    let isStruct = map[atom: "__struct__"]?.atomName?.hasSuffix(".FunConfig") == true
    guard isStruct || (map[atom: "request_type"] != nil && map[atom: "mfa"] != nil) else { return nil }
    var object = ValueObject()
    let faults = ConfigTerms.faults(of: map)
    if !faults.isEmpty {
      // What it is about, for who mends it; nothing else of it is read.
      for name in ["service", "request_type", "version"] as [ByteText] {
        object[name] = map[atom: name].flatMap { TermValue.text($0) }.map(Value.string)
      }
      object[FunctionConfig.faultsField] = .array(faults.map(Value.string))
      return .object(object)
    }
    let unstated = map[atom: ElixirConfigTerm.unstatedField]?.listElements ?? []
    for (key, term) in map.pairs {
      guard let name = key.atomName, name != "__struct__", term != .atom("nil"), !unstated.contains(key),
        name != ElixirConfigTerm.unstatedField, name != FunctionConfig.faultsField
      else { continue }
      object[name] = field(name, term)
    }
    return .object(object)
  }

  /// Fields that name a function, with arguments of its own.
  static let references: Set<ByteText> = [
    "mfa", "before_execute", "after_execute", "permission_callback", "result_encoder", "nodes",
  ]

  /// Fields that hold more than a text, a number or a truth. Of what stands in others only the beginning is read.
  static let largeFields = references.union([
    "choose_node_mode", "check_permission", "retry", "arg_types", "arg_orders",
  ])

  private static func field(_ name: ByteText, _ term: Term) -> Value {
    switch name {
    case "mfa", "before_execute", "after_execute", "permission_callback", "result_encoder":
      return reference(term)
    case "nodes":
      // A tuple is a function that lists them.
      return term.tupleElements == nil ? TermValue.value(term) : reference(term)
    case "choose_node_mode", "check_permission": return tagged(term)
    case "retry": return retry(term)
    case "arg_types": return argumentTypes(term)
    case "arg_orders": return TermValue.value(term)
    // A text, a number or a truth, and what no config has.
    default: return TermValue.sample(term)
    }
  }

  /// `{Module, :function}` or `{Module, :function, [args]}`.
  private static func reference(_ term: Term) -> Value {
    guard let parts = term.tupleElements, parts.count == 2 || parts.count == 3,
      let module = TermValue.text(parts[0]), let function = TermValue.text(parts[1])
    else { return TermValue.value(term) }
    let name = Value.string("\(module).\(function)")
    guard parts.count == 3 else { return name }
    // What is no list of arguments is refused where it is read.
    guard let arguments = parts[2].listElements else {
      return ["function": name, "args": TermValue.value(parts[2])]
    }
    guard !arguments.isEmpty else { return name }
    var object: ValueObject = ["function": name, "args": .array(arguments.map(TermValue.value))]
    object["terms"] = ArgumentTerms.bytes(arguments).map(Value.bytes)
    return .object(object)
  }

  /// `:random`, or `{:hash, "key"}` as `{"hash": "key"}`.
  private static func tagged(_ term: Term) -> Value {
    guard let parts = term.tupleElements, parts.count == 2, let tag = parts[0].atomName else {
      return TermValue.value(term)
    }
    return .object([tag: TermValue.value(parts[1])])
  }

  /// Elixir takes any number, and counts the whole ones of it.
  private static func retry(_ term: Term) -> Value {
    func whole(_ value: Value) -> Value {
      guard case .double(let number) = value else { return value }
      return Int64(exactly: number.rounded(.towardZero)).map(Value.int) ?? value
    }
    let value = tagged(term)
    guard let object = value.object else { return whole(value) }
    var counted = ValueObject()
    for (mode, attempts) in object { counted[mode] = whole(attempts) }
    return .object(counted)
  }

  private static func argumentTypes(_ term: Term) -> Value {
    guard let map = term.map else { return TermValue.value(term) }
    var types = ValueObject()
    for (key, type) in map.pairs {
      types[TermValue.text(key) ?? ByteText(key.erlangText)] = argumentType(type)
    }
    return .object(types)
  }

  /// `:string`, `{:string, 255}`, or `[type: :string, max_bytes: 255]`.
  private static func argumentType(_ term: Term) -> Value {
    if let parts = term.tupleElements, parts.count == 2, let type = parts[0].atomName {
      if let options = keywords(parts[1]) {
        var object = renamed(options)
        object["type"] = .string(type)
        return .object(object)
      }
      return .object([type: TermValue.value(parts[1])])
    }
    if let options = keywords(term) { return .object(renamed(options)) }
    return TermValue.value(term)
  }

  /// The options as `ArgumentSpec` reads them. An empty list of accepted keys is Elixir's default, which accepts any.
  private static func renamed(_ options: ValueObject) -> ValueObject {
    var result = ValueObject()
    for (name, value) in options where !(name == "accept" && value == []) {
      result[name == "allow_nil?" ? "allow_nil" : name] = value
    }
    return result
  }

  /// A keyword list, of whose keys the first counts as in Elixir; nil for anything else, also for the empty list.
  private static func keywords(_ term: Term) -> ValueObject? {
    guard let items = term.listElements, !items.isEmpty else { return nil }
    var object = ValueObject()
    for item in items {
      guard let pair = item.tupleElements, pair.count == 2, let name = pair[0].atomName else { return nil }
      if object[name] == nil { object[name] = TermValue.value(pair[1]) }
    }
    return object
  }

  /// Fields of a push that hold more than a text.
  private static let fieldsOfPush: Set<ByteText> = ["nodes", "args", "version_args"]
  private static let listsOfPush = fieldsOfPush.union(["fun_configs"])
  private static let textsOfPush: Set<ByteText> = [
    "service", "config_version", "module", "function", "version_module", "version_function",
  ]

  /// A `%PushConfig{}` or a map of its fields, as `PushConfig` reads it; nil for what is no map.
  ///
  /// - Throws: `ConfigFaults` for a field that holds what is no data.
  static func pushValue(of term: Term) throws(ConfigFaults) -> Value? {
    guard let map = term.map else { return nil }
    guard map.pairs.count <= ConfigTerms.mostFields else {
      throw ConfigFaults(
        faults: ["the push \(ConfigTerms.tooMany(map.pairs.count, "fields", ConfigTerms.mostFields))"])
    }
    let faults = map.pairs.compactMap { key, term -> ByteText? in
      let name = TermValue.text(key) ?? ByteText(key.erlangText)
      if let fault = ConfigTerms.faultOfName(key) { return fault }
      // Each of the functions is looked at by itself.
      if name == "fun_configs", let items = term.listElements {
        return items.count <= ConfigBounds.functionsOfPush
          ? nil : "\(name) \(ConfigTerms.tooMany(items.count, "functions", ConfigBounds.functionsOfPush))"
      }
      if fieldsOfPush.contains(name), ConfigTerms.isLarge(term) { return "\(name) \(ConfigTerms.largeWords)" }
      let isArguments = name == "args" || name == "version_args"
      if let fault = ConfigTerms.fault(name, term, isArgument: isArguments) { return fault }
      // Read as a list of its terms each of them would have another's faults.
      guard listsOfPush.contains(name), term != .atom("nil") else {
        return textsOfPush.contains(name) ? ConfigTerms.shapeFault(name, term) : nil
      }
      return ConfigTerms.listFault(name, term) ?? (isArguments ? nil : ConfigTerms.shapeFault(name, term))
    }
    guard faults.isEmpty else { throw ConfigFaults(faults: faults) }
    var object = ValueObject()
    for (key, term) in map.pairs {
      guard let name = TermValue.text(key), term != .atom("nil") else { continue }
      switch name {
      case "push_token": object[name] = TermValue.sample(term)
      case _ where textsOfPush.contains(name): object[name] = TermValue.sample(term)
      case "nodes": object[name] = TermValue.value(term)
      case "fun_configs": object[name] = term.listElements == nil ? TermValue.sample(term) : values(of: term)
      case "args", "version_args":
        object[name] = TermValue.value(term)
        guard let arguments = term.listElements else { break }
        object[name + "_terms"] = ArgumentTerms.bytes(arguments).map(Value.bytes)
      // Nobody reads another.
      default: break
      }
    }
    return .object(object)
  }
}

import GenAPIValue

/// What is wrong with a config: every fault, each naming its field and what is allowed.
public struct ConfigFaults: Error, Equatable, CustomStringConvertible {
  /// Every fault that was found.
  public var faults: [ByteText]

  package init(faults: [ByteText]) { self.faults = faults }

  /// The first of them, on one line.
  public var description: String { faults.faultsLine.shown }
}

extension [ByteText] {
  /// As many faults as somebody reads, none of them longer than a text may be, and how many more there are: what a stranger
  /// sends may have a million, and names of a megabyte.
  package func firstFaults(_ most: Int = 100) -> [ByteText] {
    let first = prefix(most).map { $0.cut(bytes: TextLimit.text) }
    return count <= most ? first : first + ["and \(count - most) more"]
  }

  /// The first twenty of them on one line.
  package var faultsLine: ByteText { firstFaults(20).joined(separator: "; ") }
}

extension [ByteText] {
  /// As many names as have 96 bytes together, and how many more there are.
  var firstNames: String {
    var bytes = 0
    let first = prefix { name in
      defer { bytes += Swift.min(name.byteCount, 64) }
      return bytes == 0 || bytes + Swift.min(name.byteCount, 64) <= 96
    }.map { $0.cut(bytes: 64) }
    let shown = ByteText("\(first)").string
    return first.count == count ? shown : "\(shown) and \(count - first.count) more"
  }
}

extension FunctionConfig {
  /// Every fault of this config; empty when it is valid.
  public func validate() -> [ByteText] { faults(in: .config) }

  /// The same in the words of whoever wrote it.
  func faults(in words: FaultWords) -> [ByteText] {
    let permissionField = words.field("check_permission")
    var faults: [ByteText] = []
    func require(_ holds: Bool, _ fault: @autoclosure () -> ByteText) {
      if !holds { faults.append(fault()) }
    }
    func name(_ name: ByteText, _ field: ByteText) {
      if let fault = ConfigBounds.fault(ofName: name, field) { faults.append(fault) }
    }
    name(requestType, words.field("request_type"))
    name(service, "service")
    if case .list(let names) = nodes {
      require(!names.isEmpty, "nodes must be a non-empty list of node names, local, or a function reference")
      faults += ConfigBounds.faults(ofNodes: names)
    }
    switch chooseNode {
    case .hashKey(let key), .sticky(.argument(let key)):
      let field = words.field("choose_node_mode")
      require(!key.isEmpty, "\(field) needs the name of an argument or field as its key")
      if !key.isEmpty { name(key, field) }
    default: break
    }
    if let timeoutMs {
      require(
        ConfigBounds.timeoutMs.contains(timeoutMs),
        words == .swift
          ? "timeout must be \(words.milliseconds(ConfigBounds.timeoutMs)), or nil for none; it is \(words.milliseconds(timeoutMs))"
          : "timeout must be between 100 and 300000 milliseconds, or infinity; it is \(timeoutMs)")
    }
    // The function of an endpoint is named after it.
    let isNamed = words == .config || !ConfigBounds.isBlank(requestType) && !ConfigBounds.isBlank(service)
    let own = EndpointName.reference(
      service: service, requestType, version: version, kind: "")
    for (field, reference) in references where isNamed {
      // Of what is named after an endpoint its own names are told.
      if words == .swift, reference.name == own.name || reference.name.hasPrefix(own.name + "#") { continue }
      faults += ConfigBounds.faults(of: reference, words.field(field))
    }
    faults += foreignEndpoints(own, words)
    require(
      arguments.count <= ConfigBounds.arguments,
      "\(words == .swift ? "the function" : "arg_types") has \(arguments.count) arguments, allowed are \(ConfigBounds.arguments)"
    )
    for (argument, spec) in arguments.sorted(by: { $0.key < $1.key }) {
      let field = words.argument(argument)
      require(
        !ConfigBounds.isBlank(argument),
        "\(words == .swift ? "the arguments" : "arg_types") must not hold an empty name")
      if !ConfigBounds.isBlank(argument) { name(argument, field) }
      for fault in spec.faults(in: words) { faults.append("\(field): \(fault)") }
    }
    if case .names(let names) = argumentOrder {
      let declared = Set(arguments.keys)
      let missing = declared.subtracting(names).sorted()
      let extra = Set(names).subtracting(declared).sorted()
      require(
        Set(names).count == names.count,
        words == .swift ? "two arguments have one name" : "arg_orders must not name an argument twice")
      require(
        missing.isEmpty && extra.isEmpty,
        "\(words == .swift ? "argumentOrder and arguments" : "arg_orders and arg_types") must name the same arguments; missing: \(Self.shown(missing)), extra: \(Self.shown(extra))"
      )
    }
    if case .argument(let name) = permission, permissionCallback == nil, let spec = arguments[name],
      !spec.type.mayBeUserID
    {
      faults.append(
        userless(name, words == .swift ? ArgumentOption.swiftName(of: spec.type) : spec.type.rawValue, words))
    }
    switch permission {
    case .argument(let argument):
      let field: ByteText = words == .swift ? "permission by argument" : "check_permission arg"
      require(!argument.isEmpty, "\(field) needs an argument's name")
      if !argument.isEmpty { name(argument, field) }
      require(
        arguments.isEmpty || arguments[argument] != nil || argumentOrder == .map,
        words == .swift
          ? "\(permissionField) names \(untaken(argument: argument))"
          : "check_permission names the argument \"\(argument.cut(bytes: 64))\", which arg_types does not declare; it declares \(Self.shown(arguments.keys.sorted()))"
      )
    case .role(let roles):
      require(
        !roles.isEmpty && !roles.contains(where: ConfigBounds.isBlank),
        "\(permissionField) role needs a list of non-empty role names")
      faults += ConfigBounds.faults(
        ofNames: roles.filter { !ConfigBounds.isBlank($0) }, "\(permissionField) role",
        most: ConfigBounds.names)
    case .unstated, .open, .anyAuthenticated: break
    }
    if let version {
      require(
        !ConfigBounds.isBlank(version) && version != "0.0.0",
        "version must be a non-empty string other than \"0.0.0\", or \(words == .swift ? "left out" : "absent"); it is \"\(version.cut(bytes: 64))\""
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
      "\(words.field("hook_timeout")) must be \(words.milliseconds(ConfigBounds.hookTimeoutMs)); it is \(words.milliseconds(hookTimeoutMs))"
    )
    if let description {
      require(
        description.byteCount <= ConfigBounds.description,
        "description has \(description.byteCount) bytes, allowed are \(ConfigBounds.description)")
    }
    // Written only as far as it may be long: its arguments are of any size.
    require(
      !faults.isEmpty || !value.isLongerAsJSON(than: ConfigBounds.bytes),
      "\(words == .swift ? "the config has" : "mfa and the rest have") more than \(ConfigBounds.bytes) bytes as JSON"
    )
    return faults
  }

  /// Functions of other endpoints, which run here: this config would call them past their permission, limits and bounds.
  private func foreignEndpoints(_ own: FunctionReference, _ words: FaultWords) -> [ByteText] {
    guard nodes == .local else { return [] }
    let called: [(ByteText, FunctionReference?)] = [("mfa", function), ("result_encoder", resultEncoder)]
    return called.compactMap { field, reference -> ByteText? in
      guard let reference, EndpointName.isOne(reference.name), reference.name != own.name else { return nil }
      return """
        \(words.field(field)) is \(ByteText(reference.name.cut(bytes: 128).shown)), the function of an endpoint, which only the \
        endpoint's own config calls
        """
    }
  }

  /// An argument that an endpoint names and its function does not take, with those that it takes.
  func untaken(argument name: ByteText) -> String {
    let taken = arguments.isEmpty ? "none" : Self.shown(arguments.keys.sorted())
    return "the argument \"\(name.cut(bytes: 64))\", which the function does not take; it takes \(taken)"
  }

  /// A permission by an argument that can never be the text of a user's id.
  func userless(_ name: ByteText, _ kind: String, _ words: FaultWords) -> ByteText {
    """
    \(words.field("check_permission")) names the argument "\(name.cut(bytes: 64))", which is \(kind): the user's id that it is \
    compared with is a text, so nobody would pass
    """
  }

  private static func shown(_ names: [ByteText]) -> String { names.firstNames }

  /// Its faults, each with the function that it is of.
  func named(_ faults: [ByteText]) -> [ByteText] {
    faults.map { "\(requestType.cut(bytes: 64)): \($0)" }
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

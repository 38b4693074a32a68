import ErlangNode
import GenAPIGateway
import GenAPIValue

/// Configs as Elixir has them: structs with tuples and atoms, for one node.
///
/// `ElixirConfig` reads them back.
struct ElixirConfigTerm: Sendable {
  static let module: ByteText = "Elixir.PhoenixGenApi.Structs.FunConfig"
  static let pushModule: ByteText = "Elixir.PhoenixGenApi.Structs.PushConfig"
  static let serviceModule: ByteText = "Elixir.PhoenixGenApi.Structs.ServiceConfig"

  private let functionStruct: KnownStruct
  private let pushStruct: KnownStruct
  private let serviceStruct: KnownStruct

  /// With every field that there is.
  init() {
    functionStruct = KnownStruct(Self.module)
    pushStruct = KnownStruct(Self.pushModule)
    serviceStruct = KnownStruct(Self.serviceModule)
  }

  /// With the fields that the structs of a node have.
  init(for nodeName: ByteText, from node: LocalNode) async {
    async let function = KnownStruct(Self.module, at: nodeName, from: node)
    async let push = KnownStruct(Self.pushModule, at: nodeName, from: node)
    async let service = KnownStruct(Self.serviceModule, at: nodeName, from: node)
    (functionStruct, pushStruct, serviceStruct) = await (function, push, service)
  }

  // MARK: Structs

  /// A `%FunConfig{}`.
  ///
  /// - Parameter isDisabled: what an operator said of it, where that is not what the config says.
  func term(of config: FunctionConfig, isDisabled: Bool? = nil) -> Term {
    let values: [(field: ByteText, value: Term)] = [
      ("request_type", .text(config.requestType)), ("service", .text(config.service)),
      ("nodes", Self.nodes(config.nodes)), ("choose_node_mode", Self.choice(config.chooseNode)),
      ("timeout", config.timeoutMs.map(Term.integer) ?? .atom("infinity")),
      ("mfa", Self.reference(config.function)), ("arg_types", Self.types(config.arguments)),
      ("arg_orders", Self.order(config)), ("response_type", .atom(ByteText(config.responseType.rawValue))),
      ("request_info", .bool(config.passesRequestInfo)),
      ("check_permission", Self.permission(config.permission)),
      ("permission_callback", Self.optional(config.permissionCallback)),
      ("version", config.version.map(Term.text) ?? .atom("nil")),
      ("disabled", .bool(isDisabled ?? config.disabled)), ("retry", Self.retry(config.retry)),
      ("before_execute", Self.optional(config.beforeExecute)),
      ("after_execute", Self.optional(config.afterExecute)),
      ("hook_timeout", .integer(config.hookTimeoutMs)),
      ("result_encoder", Self.optional(config.resultEncoder)),
    ]
    // A struct has a permission, also where nothing was said of it; a gateway that requires that it is must know.
    let unstated: [(field: ByteText, value: Term)] =
      config.permission == .unstated ? [(Self.unstatedField, .list([.atom("check_permission")]))] : []
    return functionStruct.term(values, own: unstated)
  }

  /// The fields of a struct that hold what nothing was said of.
  static let unstatedField: ByteText = "unstated"

  /// A `%PushConfig{}`.
  ///
  /// - Parameter token: what proves that the service may push; nil for none.
  func term(of push: PushConfig, token: ByteText? = nil) -> Term {
    pushStruct.term(
      [
        ("service", .text(push.service)), ("nodes", .list(push.nodes.map(Term.atom))),
        ("config_version", .text(push.configVersion)),
        ("fun_configs", .list(push.functions.map { term(of: $0) })),
        ("push_token", token.map(Term.text) ?? .atom("nil")),
      ] + Self.fields(push.pullFunction, "module", "function", "args")
        + Self.fields(push.versionFunction, "version_module", "version_function", "version_args"))
  }

  /// A `%ServiceConfig{}`.
  func term(of source: PullSource) -> Term {
    serviceStruct.term(
      [("service", .text(source.service)), ("nodes", Self.nodes(source.nodes))]
        + Self.fields(source.function, "module", "function", "args")
        + Self.fields(source.versionFunction, "version_module", "version_function", "version_args"))
  }

  // MARK: Fields

  private static func fields(
    _ reference: FunctionReference?, _ module: ByteText, _ function: ByteText, _ arguments: ByteText
  ) -> [(field: ByteText, value: Term)] {
    guard let reference else {
      return [(module, .atom("nil")), (function, .atom("nil")), (arguments, .list([]))]
    }
    return [
      (module, TermValue.module(reference.module)), (function, .atom(reference.function)),
      (arguments, Self.arguments(of: reference)),
    ]
  }

  /// `{Module, :function, [args]}`
  static func reference(_ reference: FunctionReference) -> Term {
    .tuple([
      TermValue.module(reference.module), .atom(reference.function), arguments(of: reference),
    ])
  }

  /// The one place that writes what a reference passes before the call's own arguments.
  private static func arguments(of reference: FunctionReference) -> Term {
    .list((try? ArgumentTerms.terms(of: reference)) ?? reference.arguments.map(TermValue.term))
  }

  private static func optional(_ reference: FunctionReference?) -> Term {
    reference.map(Self.reference) ?? .atom("nil")
  }

  static func nodes(_ nodes: NodeSource) -> Term {
    switch nodes {
    case .local: .atom("local")
    case .list(let names): .list(names.map(Term.atom))
    case .function(let reference): self.reference(reference)
    }
  }

  static func choice(_ choice: NodeChoice) -> Term {
    switch choice {
    case .random: .atom("random")
    case .hash: .atom("hash")
    case .roundRobin: .atom("round_robin")
    case .hashKey(let key): .tuple([.atom("hash"), .text(key)])
    case .sticky(let key): .tuple([.atom("sticky"), .text(key.name)])
    }
  }

  static func permission(_ permission: PermissionMode) -> Term {
    switch permission {
    case .unstated, .open: .atom("false")
    case .anyAuthenticated: .atom("any_authenticated")
    case .argument(let name): .tuple([.atom("arg"), .text(name)])
    case .role(let roles): .tuple([.atom("role"), .list(roles.map(Term.text))])
    }
  }

  private static func retry(_ retry: RetryPolicy?) -> Term {
    guard let retry else { return .atom("nil") }
    return .tuple([.atom(retry.mode), .integer(Int64(retry.attempts))])
  }

  private static func types(_ arguments: [ByteText: ArgumentSpec]) -> Term {
    .map(TermMap(arguments.sorted { $0.key < $1.key }.map { (key: .text($0.key), value: type($0.value)) }))
  }

  /// `:string`, or `[type: :string, max_bytes: 255]`. Elixir passes over an option that it does not know.
  private static func type(_ spec: ArgumentSpec) -> Term {
    let name = Term.atom(ByteText(spec.type.rawValue))
    var options: [(ByteText, Term)] = []
    func add(_ name: ByteText, _ bound: Int?) {
      if let bound { options.append((name, .integer(Int64(bound)))) }
    }
    if let min = spec.min { options.append(("min", TermValue.term(min))) }
    if let max = spec.max { options.append(("max", TermValue.term(max))) }
    add("max_bytes", spec.maxBytes)
    add("max_items", spec.maxItems)
    add("max_item_bytes", spec.maxItemBytes)
    if !spec.required.isEmpty { options.append(("required", .list(spec.required.map(Term.text)))) }
    if let accept = spec.accept { options.append(("accept", .list(accept.map(Term.text)))) }
    if spec.isWhole { options.append(("whole", .atom("true"))) }
    if spec.isNested { options.append(("nested", .atom("true"))) }
    if spec.isDecimal { options.append(("decimal", .atom("true"))) }
    if spec.allowsNil { options.append(("allow_nil?", .atom("true"))) }
    if let value = spec.defaultValue { options.append(("default_value", TermValue.term(value))) }
    guard !options.isEmpty else { return name }
    return .list(([("type", name)] + options).map { .tuple([.atom($0.0), $0.1]) })
  }

  /// Elixir needs the order of the names as soon as there are some, and none where there are none.
  private static func order(_ config: FunctionConfig) -> Term {
    guard !config.arguments.isEmpty else { return .list([]) }
    switch config.argumentOrder {
    case .inferred: return .list(config.arguments.keys.sorted().map(Term.text))
    case .names(let names): return .list(names.map(Term.text))
    case .map: return .atom("map")
    }
  }
}

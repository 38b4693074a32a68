import GenAPIValue

/// A function's declared arguments in the order of its call: worked out once, when the function is stored.
final class ArgumentPlan: Sendable {
  /// A reference, so that a request passes it on without copying the declaration.
  final class Declaration: Sendable {
    let name: ByteText
    let spec: ArgumentSpec

    init(_ name: ByteText, _ spec: ArgumentSpec) {
      self.name = name
      self.spec = spec
    }
  }

  /// The reference's own arguments, which come first.
  let fixed: [Value]
  let declared: [ByteText: ArgumentSpec]
  let order: [Declaration]
  /// All go into one object.
  let isMap: Bool
  /// It takes no argument and says so: any is unknown. A config that declares none takes none, whatever comes.
  let takesNone: Bool
  /// Those that are times; most functions have none.
  let times: [TimeArgument]

  init(_ config: FunctionConfig) {
    fixed = config.function.arguments
    declared = config.arguments
    takesNone = config.arguments.isEmpty && config.isOfEndpoint
    isMap = config.argumentOrder == .map
    let names: [ByteText] =
      switch config.argumentOrder {
      case .names(let names) where config.arguments.count > 1: names
      default: config.arguments.keys.sorted()
      }
    let order = names.compactMap { name in config.arguments[name].map { Declaration(name, $0) } }
    let (isMap, first) = (isMap, fixed.count)
    times = order.enumerated().compactMap { offset, declaration in
      guard declaration.spec.type.isTime else { return nil }
      return TimeArgument(
        index: isMap ? first : first + offset, name: isMap ? declaration.name : nil,
        type: declaration.spec.type)
    }
    self.order = order
  }
}

extension FunctionConfig {
  /// Whether its function is one of Swift that runs here, whose signature says what it takes.
  var isOfEndpoint: Bool { nodes == .local && function.module == EndpointName.module(of: service) }
}

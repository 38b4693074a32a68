import GenAPIValue

/// Which configs a gateway takes, by the modules they name, of which a deny list always holds and an allow list when one is given,
/// and by whether they say who may call.
public struct ModulePolicy: Sendable, Equatable {
  /// `Module` or `Module.function`; nil allows every module that is not denied. Endpoints are `Swift.SERVICE`, or
  /// `Swift.SERVICE.REQUEST_TYPE` with and without their `@VERSION`; a `.` inside of a name is `%2E`, see `Endpoint.config(service:nodes:)`.
  public var allowed: Set<ByteText>?

  /// Refuses configs that do not say who may call.
  public var requiresPermission: Bool

  public init(allowed: Set<ByteText>? = nil, requiresPermission: Bool = false) {
    self.allowed = allowed
    self.requiresPermission = requiresPermission
  }

  /// nil when the function may be named, else why not.
  ///
  /// A dot in the function's own name moves the border between the two: `A` with `b.c` is called by the same name as `A.b` with
  /// `c`, so it has to be allowed as both.
  func fault(_ reference: FunctionReference) -> ByteText? {
    if let fault = faultAsGiven(reference) { return fault }
    guard reference.function.utf8.contains(UInt8(ascii: ".")),
      let called = FunctionReference(parsing: reference.name)
    else { return nil }
    return faultAsGiven(called)
  }

  private func denial(_ reference: FunctionReference) -> ByteText? {
    if DeniedModules.contains(reference.module.string) {
      return "\(reference.name.cut(bytes: 128)) is not allowed: the module is denied"
    }
    if DeniedModules.contains(reference.module.string, reference.function.string) {
      return "\(reference.name.cut(bytes: 128)) is not allowed: the function is denied"
    }
    return nil
  }

  private func faultAsGiven(_ reference: FunctionReference) -> ByteText? {
    if let denial = denial(reference) { return denial }
    guard let allowed else { return nil }
    if allowed.contains(reference.module) || allowed.contains(reference.name) { return nil }
    if let unversioned = reference.endpointName, allowed.contains(unversioned) { return nil }
    return "\(reference.name.cut(bytes: 128)) is not allowed: it is not on the allow list"
  }

  /// Every function a config names that it may not, with the field that names it, and that it does not say who may call where
  /// it must.
  public func faults(of config: FunctionConfig) -> [ByteText] { faults(of: config, in: .config) }

  func faults(of config: FunctionConfig, in words: FaultWords) -> [ByteText] {
    let faults = config.references.compactMap { field, reference in
      fault(reference).map { "\(words.field(field)): \($0)" as ByteText }
    }
    guard requiresPermission, config.permission == .unstated, config.permissionCallback == nil else {
      return faults
    }
    if words == .swift {
      return faults + [
        """
        permission must say who may call, as this gateway is told to require it; .permission(.open) is anybody
        """
      ]
    }
    return faults + [
      """
      check_permission must say who may call, as this gateway is told to require it; false, .permission(.open) in code, is \
      anybody
      """
    ]
  }
}

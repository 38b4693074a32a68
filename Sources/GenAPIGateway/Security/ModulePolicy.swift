import GenAPIValue

/// Which modules configs may name: a deny list that always holds, and an allow list when one is given.
public struct ModulePolicy: Sendable, Equatable {
  /// `Module` or `Module.function`; nil allows every module that is not denied.
  public var allowed: Set<ByteText>?

  public init(allowed: Set<ByteText>? = nil) { self.allowed = allowed }

  /// nil when the function may be named, else why not.
  func fault(_ reference: FunctionReference) -> ByteText? {
    if DeniedModules.contains(reference.module.string) {
      return "\(reference.name) is not allowed: the module is denied"
    }
    if DeniedModules.contains(reference.module.string, reference.function.string) {
      return "\(reference.name) is not allowed: the function is denied"
    }
    guard let allowed else { return nil }
    if allowed.contains(reference.module) || allowed.contains(reference.name) { return nil }
    return "\(reference.name) is not allowed: it is not on the allow list"
  }

  /// Every function a config names that it may not, with the field that names it.
  public func faults(of config: FunctionConfig) -> [ByteText] {
    config.references.compactMap { field, reference in fault(reference).map { "\(field): \($0)" } }
  }
}

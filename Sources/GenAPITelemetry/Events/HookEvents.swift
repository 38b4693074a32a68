import GenAPIValue

/// One run of a hook, for `hook.before.*` and `hook.after.*`.
public struct HookRun: Sendable {
  /// When a hook runs.
  public enum Phase: String, Sendable, Codable {
    /// The hook runs before the function, and may end the request.
    case before
    /// The hook runs after the function, and may change its result.
    case after
  }

  /// The request that this belongs to.
  public var request: RequestContext
  /// Whether the hook runs before or after the function.
  public var phase: Phase
  /// The module of the hook's function.
  public var module: ByteText
  /// The name of the hook's function.
  public var function: ByteText

  public init(request: RequestContext, phase: Phase, module: ByteText, function: ByteText) {
    self.request = request
    self.phase = phase
    self.module = module
    self.function = function
  }
}

extension HookRun {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("module", module)
    visitor.field("function", function)
    visitor.field("type", phase)
  }
}

extension HookRun.Phase {
  /// The event that tells of a run's start.
  public var startName: EventName {
    switch self {
    case .before: .hookBeforeStart
    case .after: .hookAfterStart
    }
  }

  /// The event that tells of a run's end.
  public var stopName: EventName {
    switch self {
    case .before: .hookBeforeStop
    case .after: .hookAfterStop
    }
  }

  /// The event that tells of a run that threw or took too long.
  public var exceptionName: EventName {
    switch self {
    case .before: .hookBeforeException
    case .after: .hookAfterException
    }
  }
}

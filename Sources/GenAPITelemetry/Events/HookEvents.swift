import GenAPIValue

/// One run of a hook, for `hook.before.*` and `hook.after.*`.
public struct HookRun: Sendable {
  public enum Phase: String, Sendable, Codable {
    case before
    case after
  }

  public var request: RequestContext
  public var phase: Phase
  public var module: ByteText
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
  public var startName: EventName {
    switch self {
    case .before: .hookBeforeStart
    case .after: .hookAfterStart
    }
  }

  public var stopName: EventName {
    switch self {
    case .before: .hookBeforeStop
    case .after: .hookAfterStop
    }
  }

  public var exceptionName: EventName {
    switch self {
    case .before: .hookBeforeException
    case .after: .hookAfterException
    }
  }
}

/// One run of a hook, for `hook.before.*` and `hook.after.*`.
public struct HookRun: Sendable {
  public enum Phase: String, Sendable, Codable {
    case before
    case after
  }

  public var request: RequestContext
  public var phase: Phase
  public var module: String
  public var function: String

  public init(request: RequestContext, phase: Phase, module: String, function: String) {
    self.request = request
    self.phase = phase
    self.module = module
    self.function = function
  }
}

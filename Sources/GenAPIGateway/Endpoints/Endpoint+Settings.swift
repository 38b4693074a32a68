import GenAPIValue

extension Endpoint {
  /// Changes anything of the config that is not derived from the function: its arguments and their order stay
  /// what the function takes.
  public func setting(_ change: @escaping @Sendable (inout FunctionConfig) -> Void) -> Endpoint {
    var copy = self
    copy.settings.append(change)
    return copy
  }

  /// The version of this function; several versions of one request type live side by side.
  public func version(_ version: ByteText) -> Endpoint { setting { $0.version = version } }

  /// Milliseconds one attempt may take, 100 … 300 000; nil for no bound.
  public func timeout(milliseconds: Int64?) -> Endpoint { setting { $0.timeoutMs = milliseconds } }

  /// Who may call.
  public func permission(_ mode: PermissionMode) -> Endpoint { setting { $0.permission = mode } }

  /// Who may call, decided by a function: it replaces the permission mode, and only `true` lets a request pass.
  public func permission(_ callback: @escaping @Sendable (Request) async throws -> Bool) -> Endpoint {
    var copy = self
    copy.permissionCallback = { request, _ in try await callback(request) }
    return copy
  }

  /// Acknowledges at once; the result follows as a message of its own.
  public var asynchronous: Endpoint { setting { $0.responseType = .async } }

  /// Never answers.
  public var unanswered: Endpoint { setting { $0.responseType = .none } }

  public func retry(_ policy: RetryPolicy) -> Endpoint { setting { $0.retry = policy } }

  /// Runs before every call; may change the request, or abort it.
  public func before(_ hook: @escaping @Sendable (Request) async throws -> BeforeDecision) -> Endpoint {
    var copy = self
    copy.beforeHook = { request, config, _ in
      switch try await hook(request) {
      case .proceed(let changed): .proceed(changed, config)
      case .abort(let reason): .abort(reason)
      }
    }
    return copy
  }

  /// Runs after every call, also a failed one; gives the response to send.
  public func after(_ hook: @escaping @Sendable (Request, Response) async throws -> Response) -> Endpoint {
    var copy = self
    copy.afterHook = { request, _, response, _ in try await hook(request, response) }
    return copy
  }

  /// Milliseconds a hook may take; above 0.
  public func hookTimeout(milliseconds: Int64) -> Endpoint { setting { $0.hookTimeoutMs = milliseconds } }

  /// What the catalogue of examples says of it.
  public func summary(_ text: ByteText) -> Endpoint {
    var copy = self
    copy.summary = text
    return copy
  }
}

/// What the before hook of an endpoint decides.
public enum BeforeDecision: Sendable {
  /// Go on, with this request.
  case proceed(Request)
  /// Answer "hook rejected: reason".
  case abort(ByteText)
}

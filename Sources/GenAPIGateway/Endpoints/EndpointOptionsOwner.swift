import GenAPIValue

/// An endpoint, or a service's endpoints: what is said of these is said of each, where it says nothing of its own.
///
/// ```swift
/// ServiceEndpoints("accounts") {
///   Endpoint("search", Argument("text", String.self)) { text in await store.search(text) }.permission(.open)
///   Endpoint("balance") { await store.balance() }.timeout(.seconds(1))
/// }
/// .permission(.anyAuthenticated)
/// .timeout(.seconds(3))
/// .limit(100, per: .seconds(60))
/// ```
public protocol EndpointOptionsOwner: Sendable {
  /// What has been said.
  var options: EndpointOptions { get set }
}

extension EndpointOptionsOwner {
  private func with(_ change: (inout EndpointOptions) -> Void) -> Self {
    var copy = self
    change(&copy.options)
    return copy
  }

  /// Changes anything of the config that is not derived from the function: its arguments and their order stay
  /// what the function takes.
  public func setting(_ change: @escaping @Sendable (inout FunctionConfig) -> Void) -> Self {
    with { $0.ownChanges.append(change) }
  }

  /// The version of this function; several versions of one request type live side by side.
  public func version(_ version: ByteText) -> Self { setting { $0.version = version } }

  /// How long one attempt may take, 100 ms … 300 s, of a stream until its end; nil for no bound. Without it: 5 s.
  public func timeout(_ duration: Duration?) -> Self {
    var copy = setting { $0.timeout = duration }
    copy.options.statedTimeout = duration
    return copy
  }

  @available(
    *, unavailable,
    message:
      "a name alone may be a role or an argument: say .permission(.role([\"admin\"])) or .permission(.argument(\"user_id\"))"
  )
  public func permission(_ name: String) -> Self { fatalError() }

  /// Who may call.
  public func permission(_ mode: PermissionMode) -> Self { with { $0.permission = .mode(mode) } }

  /// Who may call, decided by a function: only `true` lets a request pass.
  public func permission(_ callback: @escaping @Sendable (Request) async throws -> Bool) -> Self {
    with { $0.permission = .callback { request, _ in try await callback(request) } }
  }

  /// Acknowledges at once; the result follows as a message of its own, on the connection of the request. An endpoint that
  /// streams is refused with it, and passes it over where its service says it.
  public var asynchronous: Self { setting { $0.responseType = .async } }

  /// Never answers. An endpoint that streams is refused with it, and passes it over where its service says it.
  public var unanswered: Self { setting { $0.responseType = .none } }

  /// Whether and where a failed call is tried again: `.retry(.sameNode(2))` twice more on the node that was called, which is this
  /// one for an endpoint of a gateway, `.retry(.allNodes(3))` three times more on any node.
  public func retry(_ policy: RetryPolicy) -> Self { setting { $0.retry = policy } }

  /// Runs before every call; may change the request, or abort it.
  public func before(_ hook: @escaping @Sendable (Request) async throws -> BeforeDecision) -> Self {
    with {
      $0.beforeHook = { request, config, _ in
        switch try await hook(request) {
        case .proceed(let changed): .proceed(changed, config)
        case .abort(let reason): .abort(reason)
        }
      }
    }
  }

  /// Runs after every call, also a failed one; gives the response to send.
  public func after(_ hook: @escaping @Sendable (Request, Response) async throws -> Response) -> Self {
    with { $0.afterHook = { request, _, response, _ in try await hook(request, response) } }
  }

  /// How long a hook may take: 1 ms … 300 s; without it 5 s. An endpoint that has no hook is refused with it.
  public func hookTimeout(_ duration: Duration) -> Self {
    var copy = setting { $0.hookTimeout = duration }
    copy.options.statedHookTimeout = duration
    return copy
  }

  /// Wraps every call of the function, on the node that runs it. Of several the first is the outermost, a service's before an
  /// endpoint's.
  public func middleware(_ middleware: @escaping EndpointMiddleware) -> Self {
    with { $0.middleware.append(middleware) }
  }

  /// Lets so many requests through in any window of this length, for each value of the key: of each function, the gateway that it
  /// is registered on counts. Several may be stated; an endpoint's own take the place of its service's. They belong to the
  /// endpoint: they change and go with it, and touch no limit that somebody else states.
  ///
  /// A request that has nothing of the key is not counted, so a limit by user does not hold for clients without one: count those
  /// by `.field(.ipAddress)` beside it. The gateway logs a notice when the first such request comes. An argument that the function
  /// does not take is refused when the endpoint is registered, and so are two limits on one key and window.
  public func limit(_ maxRequests: Int, per window: Duration, by key: RequestKey = .field(.userID)) -> Self {
    with {
      $0.limits.append(EndpointLimit(key: key, maxRequests: maxRequests, window: window))
    }
  }

  /// How dates, decimal numbers and durations are written in results and in the parts of streams.
  public func results(_ coding: ValueCoding) -> Self { with { $0.coding = coding } }
}

/// What the before hook of an endpoint decides.
public enum BeforeDecision: Sendable {
  /// Go on, with this request.
  case proceed(Request)
  /// Answer "hook rejected: reason".
  case abort(ByteText)
}

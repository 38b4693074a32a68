import ErlangNode
import GenAPIGateway
import GenAPIValue

/// Hooks of services in Elixir, on their own nodes: called as an Elixir gateway calls them, with structs.
extension ErlangCluster {
  public func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult {
    try await before(hook, request, config, on: node, timeout: timeout, connectingWithin: timeout)
  }

  public func before(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
    timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> BeforeHookResult {
    let sent = ElixirConfigTerm().term(of: config)
    let arguments = [Self.term(of: request), sent] + (try Self.ownArguments(of: hook))
    let answer = try await perform(hook, arguments, on: node, timeout, connectingWithin: connecting)
    guard let parts = answer.tupleElements, let tag = parts.first else { return .proceed(request, config) }
    switch (tag, parts.count) {
    case (.atom("ok"), 3):
      let changed = parts[1].map.map { Self.request(request, changedBy: $0) } ?? request
      // What came back as it went is what it was, with all that a struct cannot say.
      return .proceed(changed, parts[2] == sent ? config : try Self.config(parts[2], of: hook))
    case (.atom("error"), 2):
      guard let reason = TermValue.text(parts[1]) else {
        throw .raised("\(hook.name) rejected it: \(ByteText(parts[1].erlangText).cut(bytes: 1_024))")
      }
      return .abort(reason)
    case (.atom("error"), _), (.atom("badrpc"), _):
      throw .raised("\(hook.name) answered \(ByteText(answer.erlangText).cut(bytes: 1_024))")
    // As in an Elixir gateway: whatever else it answers changes nothing.
    default: return .proceed(request, config)
    }
  }

  public func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?
  ) async throws(RemoteCallError) -> Response {
    try await after(hook, request, config, response, on: node, timeout: timeout, connectingWithin: timeout)
  }

  public func after(
    _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
    on node: ByteText, timeout: Duration?, connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Response {
    let arguments =
      [Self.term(of: request), ElixirConfigTerm().term(of: config), Self.term(of: response)]
      + (try Self.ownArguments(of: hook))
    let answer = try await perform(hook, arguments, on: node, timeout, connectingWithin: connecting)
    guard let map = answer.map, map[atom: "request_id"] != nil, let success = map[atom: "success"] else {
      return response
    }
    var changed = response
    // For whom it says it is; the gateway sends nothing that is for another request.
    if let id = Self.identifier(map, "request_id") { changed.requestID = id }
    changed.success = success == .atom("true")
    changed.result = map[atom: "result"].map(TermValue.value) ?? .null
    changed.error = TermValue.text(map[atom: "error"])
    changed.canRetry = map[atom: "can_retry"] == .atom("true")
    return changed
  }

  /// A field that is a text or a number, as a text; nil for anything else.
  private static func identifier(_ map: TermMap, _ field: ByteText) -> ByteText? {
    Request.identifier(map[atom: field].map(TermValue.value))?.text
  }

  /// The request with the fields of a hook's `%Request{}`. Which request it answers and what for stay in the end, and the gateway tells that
  /// they were changed; how its client was told apart stays.
  private static func request(_ request: Request, changedBy map: TermMap) -> Request {
    var changed = request
    if let id = identifier(map, "request_id") { changed.requestID = id }
    if let service = TermValue.text(map[atom: "service"]) { changed.service = service }
    if let type = TermValue.text(map[atom: "request_type"]) { changed.requestType = type }
    if let args = map[atom: "args"].map(TermValue.value)?.object { changed.args = args }
    if let user = map[atom: "user_id"], user != .text(orNil: request.userID) {
      changed.userID = TermValue.text(user)
    }
    if let version = map[atom: "version"] { changed.version = TermValue.text(version) }
    if let roles = map[atom: "user_roles"] {
      changed.userRoles = roles.listElements.map { $0.compactMap { TermValue.text($0) } }
    }
    return changed
  }

  private static func config(_ term: Term, of hook: FunctionReference) throws(RemoteCallError)
    -> FunctionConfig
  {
    guard let value = term.map.flatMap(ElixirConfig.value) else {
      throw .raised("\(hook.name) answered no %FunConfig{}")
    }
    do {
      return try FunctionConfig(value)
    } catch {
      throw .raised("\(hook.name) answered a config that cannot be read: \(error)")
    }
  }

  /// A `%Response{}`.
  static func term(of response: Response) -> Term {
    .fields([
      "__struct__": .atom("Elixir.PhoenixGenApi.Structs.Response"),
      "request_id": .text(response.requestID), "result": TermValue.term(response.result),
      "success": .bool(response.success), "error": .text(orNil: response.error),
      "async": .bool(response.isAsync), "has_more": .bool(response.hasMore),
      "can_retry": .bool(response.canRetry),
    ])
  }
}

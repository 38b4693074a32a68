import GenAPIValue

/// Maps a service's request type to a function, and says who may call it and how.
///
/// The document calls it FunConfig.
public struct FunctionConfig: Sendable, Hashable {
  /// The request type: the function's name within its service.
  public var requestType: ByteText
  /// The service's name.
  public var service: ByteText
  /// Where it runs.
  public var nodes: NodeSource
  /// How one of several nodes is chosen.
  public var chooseNode: NodeChoice
  /// How long one attempt may take, 100 ms … 300 s in whole milliseconds, rounded up; nil for no bound.
  public var timeout: Duration? {
    get { timeoutMs.map { .milliseconds($0) } }
    set { timeoutMs = newValue?.wholeMilliseconds }
  }
  /// As every request reads it.
  package var timeoutMs: Int64?
  /// What is called.
  public var function: FunctionReference
  /// The arguments by name, each with its type and bounds.
  public var arguments: [ByteText: ArgumentSpec]
  /// How the arguments are passed.
  public var argumentOrder: ArgumentOrder
  /// How the function answers.
  public var responseType: ResponseType
  /// Who may call it.
  public var permission: PermissionMode
  /// Replaces `permission` when set.
  public var permissionCallback: FunctionReference?
  /// Appends {request_id, user_id, device_id} as the last argument.
  public var passesRequestInfo: Bool
  /// The version of this config; nil for a function that has none.
  public var version: ByteText?
  /// Whether it is there and not to be called.
  public var disabled: Bool
  /// How failed calls are tried again; nil for not at all.
  public var retry: RetryPolicy?
  /// The hook that runs before it; nil for none.
  public var beforeExecute: FunctionReference?
  /// The hook that runs after it; nil for none.
  public var afterExecute: FunctionReference?
  /// How long a hook may take, in whole milliseconds, rounded up: 1 ms … 300 s.
  public var hookTimeout: Duration {
    get { .milliseconds(hookTimeoutMs) }
    set { hookTimeoutMs = newValue.wholeMilliseconds }
  }
  package var hookTimeoutMs: Int64
  /// What turns a successful result into what clients get: it is called where the function ran, with the result in front of
  /// its own arguments; nil for nothing. Parts of a stream, and a result from Elixir without `:ok`, go out as they are.
  public var resultEncoder: FunctionReference?
  /// What it does, in a sentence for whoever calls it, at most 1 kB; nil for nothing. `ConfigStore.schemas` tells it.
  public var description: ByteText?

  /// Makes a config; what is left out has PhoenixGenApi's defaults. `validate()` tells what is wrong with it.
  public init(
    service: ByteText, requestType: ByteText, nodes: NodeSource = .local, chooseNode: NodeChoice = .random,
    timeout: Duration? = .seconds(5), function: FunctionReference, arguments: [ByteText: ArgumentSpec] = [:],
    argumentOrder: ArgumentOrder = .inferred, responseType: ResponseType = .sync,
    permission: PermissionMode = .unstated, permissionCallback: FunctionReference? = nil,
    passesRequestInfo: Bool = false, version: ByteText? = nil, disabled: Bool = false,
    retry: RetryPolicy? = nil,
    beforeExecute: FunctionReference? = nil, afterExecute: FunctionReference? = nil,
    hookTimeout: Duration = .seconds(5), resultEncoder: FunctionReference? = nil,
    description: ByteText? = nil
  ) {
    self.service = service
    self.requestType = requestType
    self.nodes = nodes
    self.chooseNode = chooseNode
    timeoutMs = timeout?.wholeMilliseconds
    self.function = function
    self.arguments = arguments
    self.argumentOrder = argumentOrder
    self.responseType = responseType
    self.permission = permission
    self.permissionCallback = permissionCallback
    self.passesRequestInfo = passesRequestInfo
    self.version = version
    self.disabled = disabled
    self.retry = retry
    self.beforeExecute = beforeExecute
    self.afterExecute = afterExecute
    hookTimeoutMs = hookTimeout.wholeMilliseconds
    self.resultEncoder = resultEncoder
    self.description = description
  }
}

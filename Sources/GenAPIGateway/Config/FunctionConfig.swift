import GenAPIValue

/// Maps a service's request type to a function, and says who may call it and how.
///
/// The document calls it FunConfig.
public struct FunctionConfig: Sendable, Hashable {
  public var requestType: ByteText
  public var service: ByteText
  public var nodes: NodeSource
  public var chooseNode: NodeChoice
  /// Milliseconds one attempt may take, 100 … 300 000; nil for no bound.
  public var timeoutMs: Int64?
  public var function: FunctionReference
  public var arguments: [ByteText: ArgumentSpec]
  public var argumentOrder: ArgumentOrder
  public var responseType: ResponseType
  public var permission: PermissionMode
  /// Replaces `permission` when set.
  public var permissionCallback: FunctionReference?
  /// Appends {request_id, user_id, device_id} as the last argument.
  public var passesRequestInfo: Bool
  public var version: ByteText?
  public var disabled: Bool
  public var retry: RetryPolicy?
  public var beforeExecute: FunctionReference?
  public var afterExecute: FunctionReference?
  /// Milliseconds a hook may take; above 0.
  public var hookTimeoutMs: Int64

  public init(
    service: ByteText, requestType: ByteText, nodes: NodeSource = .local, chooseNode: NodeChoice = .random,
    timeoutMs: Int64? = 5_000, function: FunctionReference, arguments: [ByteText: ArgumentSpec] = [:],
    argumentOrder: ArgumentOrder = .inferred, responseType: ResponseType = .sync,
    permission: PermissionMode = .unstated, permissionCallback: FunctionReference? = nil,
    passesRequestInfo: Bool = false, version: ByteText? = nil, disabled: Bool = false,
    retry: RetryPolicy? = nil,
    beforeExecute: FunctionReference? = nil, afterExecute: FunctionReference? = nil,
    hookTimeoutMs: Int64 = 5_000
  ) {
    self.service = service
    self.requestType = requestType
    self.nodes = nodes
    self.chooseNode = chooseNode
    self.timeoutMs = timeoutMs
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
    self.hookTimeoutMs = hookTimeoutMs
  }
}

import GenAPIValue

/// So many requests a window, for each value of a key.
struct EndpointLimit: Sendable {
  var key: RequestKey
  var maxRequests: Int
  var window: Duration
}

/// What can be said of an endpoint, or of all endpoints of a service at once: see `EndpointOptionsOwner`.
public struct EndpointOptions: Sendable {
  enum Permission: Sendable {
    case mode(PermissionMode)
    case callback(FunctionRegistry.PermissionCallback)
  }

  var changes: [@Sendable (inout FunctionConfig) -> Void] { serviceChanges + ownChanges }
  /// What its service says, which an endpoint's own come after.
  var serviceChanges: [@Sendable (inout FunctionConfig) -> Void] = []
  var ownChanges: [@Sendable (inout FunctionConfig) -> Void] = []
  var permission: Permission?
  var beforeHook: FunctionRegistry.BeforeHook?
  var afterHook: FunctionRegistry.AfterHook?
  var middleware: [EndpointMiddleware] = []
  var limits: [EndpointLimit] = []
  var coding: ValueCoding?
  /// `.timeout` and `.hookTimeout` as they were written, before they are rounded to milliseconds.
  var statedTimeout: Duration?
  var statedHookTimeout: Duration?

  public init() {}

  /// These, and the service's where these say nothing. Middleware runs within the service's.
  func within(_ service: EndpointOptions) -> EndpointOptions {
    var options = self
    options.serviceChanges = service.changes
    options.permission = permission ?? service.permission
    options.beforeHook = beforeHook ?? service.beforeHook
    options.afterHook = afterHook ?? service.afterHook
    options.middleware = service.middleware + middleware
    options.limits = limits.isEmpty ? service.limits : limits
    options.coding = coding ?? service.coding
    options.statedTimeout = statedTimeout ?? service.statedTimeout
    return options
  }
}

/// Wraps a function's call: what it does before and after `next`, it does around every attempt to call the function.
///
/// It may change the call, answer without calling `next`, change the result, or throw, as a function may: a `FunctionError` that is
/// for clients is told to them, anything else is a failure of which they read nothing, an `ArgumentError` of its own too.
public typealias EndpointMiddleware =
  @Sendable (
    _ call: FunctionCall, _ next: @escaping FunctionRegistry.Function
  ) async throws -> FunctionResult

import GenAPIValue
import Locking
import StripedSlots

/// The Swift functions that configs can name: what runs on this node.
public final class FunctionRegistry: Sendable {
  /// What runs when a function is called.
  public typealias Function = @Sendable (FunctionCall) async throws -> FunctionResult
  /// One that never suspends.
  public typealias PlainFunction = @Sendable (FunctionCall) throws -> FunctionResult
  /// Gets the request, its config and the reference's arguments.
  public typealias BeforeHook = @Sendable (Request, FunctionConfig, [Value]) async throws -> BeforeHookResult
  /// Gets the response too, and gives the one to send.
  public typealias AfterHook = @Sendable (Request, FunctionConfig, Response, [Value]) async throws -> Response
  /// True lets the request pass.
  public typealias PermissionCallback = @Sendable (Request, [Value]) async throws -> Bool
  /// Lists node names.
  public typealias NodeList = @Sendable ([Value]) async throws -> [ByteText]

  /// A function as it was registered.
  enum Implementation: Sendable {
    case plain(PlainFunction)
    case suspending(Function)
    case blocking(Function)

    var function: Function {
      switch self {
      case .plain(let function): { try function($0) }
      case .suspending(let function), .blocking(let function): function
      }
    }
  }

  private struct Tables {
    var functions: [ByteText: Implementation] = [:]
    var beforeHooks: [ByteText: BeforeHook] = [:]
    var afterHooks: [ByteText: AfterHook] = [:]
    var permissions: [ByteText: PermissionCallback] = [:]
    var nodeLists: [ByteText: NodeList] = [:]
  }

  /// One copy of the tables a slot, so that threads which look up at once share no lock.
  private let slots = StripedValues { _ in Tables() }
  /// Held while something is registered: all slots agree on which of two is the latest.
  private let registering = Mutex(())
  private let changes = Atomic(0)

  public init() {}

  /// Another number whenever something was registered or removed.
  var revision: Int { changes.load(ordering: .acquiring) }

  private func change(_ body: (inout Tables) -> Void) {
    registering.withLock { _ in
      slots.forEach { body(&$1) }
      changes.wrappingAdd(1, ordering: .releasing)
    }
  }

  @inline(__always)
  private func read<Found: Sendable>(_ body: (borrowing Tables) -> Found?) -> Found? {
    let slot = slots.takeAny()
    defer { slots.giveBack(slot) }
    return body(slots.value(slot).pointee)
  }

  /// Makes a function callable as `Module.function`. An earlier one of that name is replaced.
  public func register(_ name: ByteText, _ function: @escaping Function) {
    change { $0.functions[name] = .suspending(function) }
  }

  /// The same for a function that never suspends: calling it costs less.
  ///
  /// Once it has been seen to end soon, it is called on the thread that brought the request, where no timeout can
  /// end it; one that takes long is called on another.
  public func register(_ name: ByteText, _ function: @escaping PlainFunction) {
    change { $0.functions[name] = .plain(function) }
  }

  /// The same for a function that blocks its thread: with files, locks, a library that waits. It runs on a thread of its
  /// own among those of `GatewayConfiguration.offload`.
  public func registerBlocking(_ name: ByteText, _ function: @escaping Function) {
    change { $0.functions[name] = .blocking(function) }
  }

  /// Registers a hook that runs before a function, under the name that configs call it by.
  public func registerBeforeHook(_ name: ByteText, _ hook: @escaping BeforeHook) {
    change { $0.beforeHooks[name] = hook }
  }

  /// Registers a hook that runs after a function, under the name that configs call it by.
  public func registerAfterHook(_ name: ByteText, _ hook: @escaping AfterHook) {
    change { $0.afterHooks[name] = hook }
  }

  /// Registers a permission callback, under the name that configs call it by.
  public func registerPermission(_ name: ByteText, _ callback: @escaping PermissionCallback) {
    change { $0.permissions[name] = callback }
  }

  /// Registers a function that lists nodes, under the name that configs call it by.
  public func registerNodeList(_ name: ByteText, _ list: @escaping NodeList) {
    change { $0.nodeLists[name] = list }
  }

  /// Forgets what is registered as `Module.function`: function, hooks, callback and list of nodes. What they hold is free
  /// as soon as the calls under way have ended.
  public func remove(_ name: ByteText) { remove([name]) }

  func remove(_ names: [ByteText]) {
    guard !names.isEmpty else { return }
    change { tables in
      for name in names {
        tables.functions[name] = nil
        tables.beforeHooks[name] = nil
        tables.afterHooks[name] = nil
        tables.permissions[name] = nil
        tables.nodeLists[name] = nil
      }
    }
  }

  /// The function of this name; nil when none is registered.
  public func function(_ reference: FunctionReference) -> Function? {
    function(named: reference.name)?.function
  }

  func function(named name: ByteText) -> Implementation? { read { $0.functions[name] } }

  /// nil when there is none of this name, and when it may suspend.
  func plainFunction(named name: ByteText) -> PlainFunction? {
    if case .plain(let function) = function(named: name) { function } else { nil }
  }

  package func isBlocking(_ name: ByteText) -> Bool {
    if case .blocking = function(named: name) { true } else { false }
  }

  func beforeHook(_ reference: FunctionReference) -> BeforeHook? {
    read { $0.beforeHooks[reference.name] }
  }

  func afterHook(_ reference: FunctionReference) -> AfterHook? {
    read { $0.afterHooks[reference.name] }
  }

  package func permission(_ reference: FunctionReference) -> PermissionCallback? {
    read { $0.permissions[reference.name] }
  }

  func nodeList(_ reference: FunctionReference) -> NodeList? {
    read { $0.nodeLists[reference.name] }
  }

  /// The names that a field of a config can have here.
  func registered(for field: ByteText) -> [ByteText] {
    let names = read { tables -> [ByteText]? in
      switch field {
      case "before_execute": Array(tables.beforeHooks.keys)
      case "after_execute": Array(tables.afterHooks.keys)
      case "permission_callback": Array(tables.permissions.keys)
      case "nodes": Array(tables.nodeLists.keys)
      default: Array(tables.functions.keys)
      }
    }
    return names ?? []
  }
}

/// What a before hook decides.
public enum BeforeHookResult: Sendable {
  /// Go on, with these.
  case proceed(Request, FunctionConfig)
  /// Answer "hook rejected: reason".
  case abort(ByteText)
}

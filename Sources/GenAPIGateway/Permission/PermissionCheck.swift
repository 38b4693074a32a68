import GenAPIValue

/// Decides whether a request may call a function.
struct PermissionCheck: Sendable {
  let registry: FunctionRegistry
  let clock: any GatewayClock

  func allows(_ request: Request, _ config: FunctionConfig) async -> Bool {
    guard let callback = config.permissionCallback else {
      return Self.allows(request, config.permission, readsOneLevelDown: config.argumentOrder == .map)
    }
    // A callback that is not there, throws or does not answer in time denies.
    guard let function = registry.permission(callback) else { return false }
    let answer = try? await withDeadline(milliseconds: config.timeoutMs ?? 5_000, on: clock) {
      try await function(request, callback.arguments)
    }
    return answer == true
  }

  static func allows(_ request: Request, _ mode: PermissionMode, readsOneLevelDown: Bool) -> Bool {
    switch mode {
    case .open: return true
    case .anyAuthenticated: return request.userID?.isEmpty == false
    case .argument(let name):
      guard let userID = request.userID, !userID.isEmpty else { return false }
      if let value = request.args[name], !value.isNull { return value == .string(userID) }
      guard readsOneLevelDown else { return false }
      let nested = request.args.values.lazy.compactMap { $0[name] }.first
      return nested == .string(userID)
    case .role(let roles):
      guard let own = request.userRoles else { return false }
      return own.contains { roles.contains($0) }
    }
  }
}

import GenAPIValue

/// What came of a question whether a request may call a function.
enum PermissionAnswer: Sendable {
  case allowed
  case denied
  /// Nobody said no: who asks again may be answered. With why, for the operator.
  case unknown(ByteText)

  init(_ isAllowed: Bool) { self = isAllowed ? .allowed : .denied }
}

/// Decides whether a request may call a function.
struct PermissionCheck: Sendable {
  let registry: FunctionRegistry
  let clock: any GatewayClock
  let remote: any RemoteCaller
  let errors: ThrownErrorLog

  /// Asks a config's callback.
  ///
  /// - Parameter nodes: those selected for the call, nil when it runs here. The callback is asked on the first of
  ///   them that can be reached: the one that will run the call.
  /// - Returns: `unknown` when it was not asked, as no thread was free for it or none of its nodes could be reached, and when its node went
  ///   before it answered.
  nonisolated(nonsending) func allows(
    _ request: Request, _ config: FunctionConfig, _ callback: FunctionReference, nodes: [ByteText]?,
    threads: any TaskExecutor
  ) async -> PermissionAnswer {
    if let nodes { return await isAllowed(request, config, callback, by: nodes) }
    // A callback that is not there, throws or does not answer in time denies.
    guard let function = registry.permission(callback) else { return .denied }
    do {
      return PermissionAnswer(
        try await withDeadline(milliseconds: config.timeoutMs ?? 5_000, on: clock, threads: threads) {
          try await OwnTimeout.marking { try await function(request, callback.arguments) }
        })
    } catch {
      if let late = error as? DeadlineExceeded {
        tell(
          .latePermission,
          late.hasBegun ? "no answer within \(late.milliseconds) ms" : ByteText(late.description), request)
        if !late.hasBegun { return .unknown(Self.unasked) }
      } else if !error.isOfCancelledTask {
        tell(.permission, "\(error)", request)
      }
      return .denied
    }
  }

  private static let unasked: ByteText = "the permission callback was not asked"

  private nonisolated(nonsending) func isAllowed(
    _ request: Request, _ config: FunctionConfig, _ callback: FunctionReference, by nodes: [ByteText]
  ) async -> PermissionAnswer {
    var unreached: ByteText?
    let budget = NodeBudget(config.timeout ?? .seconds(5), on: clock)
    for (index, node) in nodes.enumerated() {
      guard case .left(let timeout) = budget.rest else { break }
      do {
        return PermissionAnswer(
          try await remote.allows(
            callback, request, on: node, timeout: timeout,
            connectingWithin: NodeBudget.connecting(of: timeout, isLast: index + 1 == nodes.count)))
      } catch .unreachable(let reason) {
        unreached = NodeReason.text(node, reason)
      } catch .lost(let reason) {
        // It was asked, and said nothing: neither yes nor no.
        tell(.lostPermission, NodeReason.text(node, reason), request)
        return .unknown("the permission callback was lost: its node went before the answer")
      } catch {
        if case .timeout = error {
          tell(.latePermission, NodeReason.text(node, ByteText("\(error)")), request)
        } else if error != .cancelled {
          tell(.permission, NodeReason.text(node, ByteText("\(error)")), request)
        }
        return .denied
      }
    }
    guard let unreached else { return .unknown(Self.unasked) }
    tell(.unasked, unreached, request)
    return .unknown(Self.unasked)
  }

  private func tell(_ thrower: ThrownErrorLog.Thrower, _ reason: ByteText, _ request: Request) {
    errors.tell(
      thrower, reason, id: request.requestID, service: request.service, requestType: request.requestType)
  }

  /// What the config itself says.
  static func allows(_ request: Request, _ stored: StoredFunction) -> Bool {
    allows(
      request, stored.config.permission, readsOneLevelDown: stored.arguments.isMap,
      declared: stored.config.arguments)
  }

  /// - Parameter declared: the config's arguments, of which those that are UUIDs are equal in capitals and small letters.
  static func allows(
    _ request: Request, _ mode: PermissionMode, readsOneLevelDown: Bool,
    declared: [ByteText: ArgumentSpec] = [:]
  ) -> Bool {
    switch mode {
    case .unstated, .open: return true
    case .anyAuthenticated: return request.userID?.isEmpty == false
    case .argument(let name):
      guard let userID = request.userID, !userID.isEmpty else { return false }
      if let value = request.args[name], !value.isNull {
        if value == .string(userID) { return true }
        guard declared[name]?.type == .uuid, let text = value.string else { return false }
        return UUIDText.areEqual(text.string, userID.string)
      }
      guard readsOneLevelDown else { return false }
      let nested = request.args.values.lazy.compactMap { $0[name] }.first
      return nested == .string(userID)
    case .role(let roles):
      guard let own = request.userRoles else { return false }
      return own.contains { roles.contains($0) }
    }
  }
}

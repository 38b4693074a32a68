import GenAPIValue

/// The relay's operations as functions that a config can name: they act for the user of the request, on the
/// request's own connection.
///
/// `Relay.handle_relay(group_id, message)`, `Relay.create_group(group_id, type)`, `Relay.join_group(group_id)`,
/// `Relay.leave_group(group_id)`, `Relay.accept_member(group_id, user_id)`, `Relay.mute_member(…)`,
/// `Relay.unmute_member(…)`, `Relay.group_info(group_id)`. `PhoenixGenApi.Relay` is the same module.
enum RelayFunctions {
  static func register(on registry: FunctionRegistry, relay: Relay) {
    for module in ["Relay", "PhoenixGenApi.Relay", "Elixir.PhoenixGenApi.Relay"] {
      func add(_ name: ByteText, _ body: @escaping @Sendable (Caller) throws -> Value) {
        registry.register("\(module).\(name)") { call in
          do {
            return .ok(try body(try Caller(call)))
          } catch let error as RelayError {
            return .error(FunctionError(error.clientMessage, isFinal: true, isForClient: true))
          } catch let error as FunctionError {
            return .error(error)
          }
        }
      }
      add("handle_relay") { caller in
        let count = try relay.send(
          groupID: try caller.text(0, "group_id"), from: caller.userID, message: caller.value(1),
          requestID: Identifier(text: caller.request.requestID, isNumber: caller.request.hasNumericID))
        return ["status": "relayed", "recipients_count": .int(Int64(count))]
      }
      add("create_group") { caller in
        let type = try caller.text(1, "type")
        guard let kind = RelayGroup.Kind(rawValue: type.string) else {
          throw FunctionError(
            "a group is public, private or strict_private, not \(type)", isFinal: true, isForClient: true)
        }
        try relay.createGroup(
          groupID: try caller.text(0, "group_id"), type: kind, creator: caller.userID,
          connection: try caller.connection())
        return ["status": "active"]
      }
      add("join_group") { caller in
        let status = try relay.join(
          groupID: try caller.text(0, "group_id"), userID: caller.userID, connection: try caller.connection())
        return ["status": .string(ByteText(status.rawValue))]
      }
      add("leave_group") { caller in
        try relay.leave(groupID: try caller.text(0, "group_id"), userID: caller.userID)
        return ["status": "left"]
      }
      add("accept_member") { caller in
        try relay.accept(
          groupID: try caller.text(0, "group_id"), actor: caller.userID, userID: try caller.text(1, "user_id")
        )
        return ["status": "active"]
      }
      add("mute_member") { caller in
        try relay.mute(
          groupID: try caller.text(0, "group_id"), actor: caller.userID, userID: try caller.text(1, "user_id")
        )
        return ["status": "muted"]
      }
      add("unmute_member") { caller in
        try relay.unmute(
          groupID: try caller.text(0, "group_id"), actor: caller.userID, userID: try caller.text(1, "user_id")
        )
        return ["status": "active"]
      }
      add("group_info") { caller in
        let group = try relay.groupInfo(groupID: try caller.text(0, "group_id"))
        return [
          "group_id": .string(group.id), "group_type": .string(ByteText(group.kind.rawValue)),
          "active": .int(Int64(group.activeCount)), "pending": .int(Int64(group.pendingCount)),
          "muted": .int(Int64(group.mutedCount)),
        ]
      }
    }
  }

  /// The request behind a call, and its arguments by place.
  private struct Caller {
    let call: FunctionCall
    let request: Request
    let userID: ByteText

    init(_ call: FunctionCall) throws {
      guard let request = call.request, let userID = request.userID, !userID.isEmpty else {
        throw FunctionError(ClientTexts.authenticationRequired, isFinal: true, isForClient: true)
      }
      self.call = call
      self.request = request
      self.userID = userID
    }

    func value(_ index: Int) -> Value { index < call.arguments.count ? call.arguments[index] : .null }

    func text(_ index: Int, _ name: ByteText) throws -> ByteText {
      guard let text = value(index).string else {
        throw FunctionError("\(name) must be a string", isFinal: true, isForClient: true)
      }
      return text
    }

    func connection() throws -> any ClientConnection {
      guard let connection = call.connection else {
        throw FunctionError("this needs a connection to deliver to", isFinal: true, isForClient: true)
      }
      return connection
    }
  }
}

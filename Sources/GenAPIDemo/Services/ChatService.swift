import GenAPIGateway
import GenAPIValue

/// Relay groups, called like any other function; they run on the gateway itself.
enum ChatService {
  static let name: ByteText = "chat_service"

  static let configs: [FunctionConfig] = [
    function("relay_msg", "handle_relay", ["group_id", "message"]),
    function("create_group", "create_group", ["group_id", "type"]),
    function("join_group", "join_group", ["group_id"]),
    function("leave_group", "leave_group", ["group_id"]),
    function("accept_member", "accept_member", ["group_id", "user_id"]),
    function("mute_member", "mute_member", ["group_id", "user_id"]),
    function("unmute_member", "unmute_member", ["group_id", "user_id"]),
  ]

  private static func function(_ requestType: ByteText, _ name: ByteText, _ arguments: [ByteText])
    -> FunctionConfig
  {
    FunctionConfig(
      service: Self.name, requestType: requestType, function: FunctionReference("Relay", name),
      arguments: Dictionary(uniqueKeysWithValues: arguments.map { ($0, ArgumentSpec(.string)) }),
      argumentOrder: .names(arguments), permission: .anyAuthenticated)
  }
}

import GenAPIValue

/// One message of the Phoenix Channels protocol, either way.
public struct PhoenixMessage: Sendable, Equatable {
  /// What a message carries: JSON, or bytes in a binary frame.
  public enum Payload: Sendable, Equatable {
    case json(Value)
    case binary([UInt8])
  }

  /// The `ref` of the join that opened the channel; nil outside a channel.
  public var joinRef: MessageReference?
  /// Matches a reply to its push; nil for what the server pushes.
  public var ref: MessageReference?
  public var topic: ByteText
  public var event: ByteText
  public var payload: Payload

  public init(
    joinRef: MessageReference? = nil, ref: MessageReference? = nil, topic: ByteText, event: ByteText,
    payload: Payload
  ) {
    self.joinRef = joinRef
    self.ref = ref
    self.topic = topic
    self.event = event
    self.payload = payload
  }
}

extension PhoenixMessage {
  /// `phx_reply` with `{status, response}`.
  public static func reply(
    to message: PhoenixMessage, joinRef: MessageReference?, status: ReplyStatus, response: Value
  ) -> PhoenixMessage {
    PhoenixMessage(
      joinRef: joinRef, ref: message.ref, topic: message.topic, event: PhoenixEvent.reply,
      payload: .json(["status": .string(ByteText(status.rawValue)), "response": response]))
  }
}

/// How a push was taken.
public enum ReplyStatus: String, Sendable {
  case ok
  case error
}

/// The event names that the protocol itself uses.
public enum PhoenixEvent {
  public static let heartbeat: ByteText = "heartbeat"
  public static let join: ByteText = "phx_join"
  public static let leave: ByteText = "phx_leave"
  public static let reply: ByteText = "phx_reply"
  public static let close: ByteText = "phx_close"
  public static let error: ByteText = "phx_error"
  /// The topic of heartbeats.
  public static let systemTopic: ByteText = "phoenix"
}

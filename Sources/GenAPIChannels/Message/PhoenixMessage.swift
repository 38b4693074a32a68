import GenAPIValue

/// One message of the Phoenix Channels protocol, either way.
public struct PhoenixMessage: Sendable, Equatable {
  /// What a message carries: JSON, or bytes in a binary frame.
  public enum Payload: Sendable, Equatable {
    /// A value.
    case json(Value)
    /// Bytes.
    case binary([UInt8])
  }

  /// The `ref` of the join that opened the channel; nil outside a channel.
  public var joinRef: MessageReference?
  /// Matches a reply to its push; nil for what the server pushes.
  public var ref: MessageReference?
  /// The channel's topic.
  public var topic: ByteText
  /// What the message is.
  public var event: ByteText
  /// What it carries.
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
  /// The push was taken.
  case ok
  /// The push was refused.
  case error
}

/// The event names that the protocol itself uses.
public enum PhoenixEvent {
  /// A client shows that it lives.
  public static let heartbeat: ByteText = "heartbeat"
  /// A client joins a channel.
  public static let join: ByteText = "phx_join"
  /// A client leaves a channel.
  public static let leave: ByteText = "phx_leave"
  /// The server answers a push.
  public static let reply: ByteText = "phx_reply"
  /// The server closed a channel.
  public static let close: ByteText = "phx_close"
  /// A channel ended by a fault.
  public static let error: ByteText = "phx_error"
  /// The topic of heartbeats.
  public static let systemTopic: ByteText = "phoenix"
}

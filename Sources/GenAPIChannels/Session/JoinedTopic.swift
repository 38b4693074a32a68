import GenAPIValue

/// A topic that a socket joined.
public struct JoinedTopic: Sendable, Equatable {
  /// The topic's name.
  public var topic: ByteText
  /// The `ref` of its join; every message of the channel carries it.
  public var joinRef: MessageReference?

  public init(topic: ByteText, joinRef: MessageReference?) {
    self.topic = topic
    self.joinRef = joinRef
  }
}

/// What clients may join, and under which event they call.
public struct ChannelConfiguration: Sendable {
  /// Topics that may be joined; a `*` at the end matches the rest.
  public var topics = ["api:*"]
  /// The event of requests and of everything the gateway pushes.
  public var event = "phoenix_gen_api"
  /// Refuses every request of a socket without a verified user.
  public var requiresVerifiedUserID = true
  /// Channels joined at one time on one socket.
  public var maxChannels = 64

  public init() {}

  func allows(topic: String) -> Bool {
    topics.contains { pattern in
      pattern.hasSuffix("*") ? topic.hasPrefix(pattern.dropLast()) : topic == pattern
    }
  }
}

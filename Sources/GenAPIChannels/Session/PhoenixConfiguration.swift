import GenAPIValue

/// What clients may join, and under which event they call.
public struct PhoenixConfiguration: Sendable {
  /// The event that gateways and clients use unless they are told another.
  public static let defaultEvent: ByteText = "phoenix_gen_api"

  /// Topics that may be joined; a `*` is any run of bytes.
  public var topics: [ByteText] = ["api:*"]
  /// The event of requests and of everything the gateway pushes.
  public var event = Self.defaultEvent
  /// Refuses every request of a socket without a verified user.
  public var requiresVerifiedUserID = true
  /// Channels joined at one time on one socket.
  public var maxChannels = 64

  public init() {}

  func allows(topic: ByteText) -> Bool {
    topics.contains { GlobPattern($0).matches(topic) }
  }
}

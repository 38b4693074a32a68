import GenAPIValue

/// The protocol of one socket: which topics are joined, and what each message means.
///
/// A value without I/O. It takes a message and says what to do; the socket's handler does it.
public struct ChannelSession: Sendable {
  /// A joined topic.
  public struct Channel: Sendable, Equatable {
    public var topic: ByteText
    /// The `ref` of its join; every message of the channel carries it.
    public var joinRef: MessageReference?

    public init(topic: ByteText, joinRef: MessageReference?) {
      self.topic = topic
      self.joinRef = joinRef
    }
  }

  /// What to do about a message, in order.
  public enum Action: Sendable, Equatable {
    case send(ChannelMessage)
    /// Somebody joined; the gateway gets to know this channel.
    case opened(Channel)
    /// A channel ended: its streams, its work and its memberships with it.
    case closed(Channel)
    /// A call for the gateway. `push` is what to reply to.
    case request(Channel, push: ChannelMessage)
    case stopStream(Channel, push: ChannelMessage)
  }

  public let configuration: ChannelConfiguration
  private var channels: [ByteText: Channel] = [:]
  /// False when the event of calls is one of the protocol's own, which then means that.
  private let isCallable: Bool

  public init(configuration: ChannelConfiguration = ChannelConfiguration()) {
    self.configuration = configuration
    isCallable = ![ChannelEvent.join, ChannelEvent.leave].contains(configuration.event)
  }

  /// The channels joined now, in no order.
  public var joined: [Channel] { Array(channels.values) }

  /// The channel on which a message calls the gateway, as nearly all messages do; nil for any other. What `receive`
  /// says of such a message, without the list.
  public func channel(calledBy message: ChannelMessage) -> Channel? {
    guard isCallable, message.event == configuration.event, message.topic != ChannelEvent.systemTopic,
      let channel = channels[message.topic], !isStale(message, channel)
    else { return nil }
    return channel
  }

  public mutating func receive(_ message: ChannelMessage) -> [Action] {
    if let channel = channel(calledBy: message) { return [.request(channel, push: message)] }
    if message.topic == ChannelEvent.systemTopic { return system(message) }
    switch message.event {
    case ChannelEvent.join: return join(message)
    case ChannelEvent.leave: return leave(message)
    default: return push(message)
    }
  }

  /// A message of which nothing is taken but whom it is from; the client is told why. Calls are told by the gateway.
  public func refuse(_ message: ChannelMessage, because reason: ByteText) -> [Action] {
    if let channel = channels[message.topic], isStale(message, channel) { return [] }
    return [refuse(message, reason)]
  }

  private func system(_ message: ChannelMessage) -> [Action] {
    guard message.event == ChannelEvent.heartbeat else {
      return [refuse(message, "unmatched topic")]
    }
    return [.send(.reply(to: message, joinRef: nil, status: .ok, response: [:]))]
  }

  private mutating func join(_ message: ChannelMessage) -> [Action] {
    guard configuration.allows(topic: message.topic) else { return [refuse(message, "unmatched topic")] }
    var actions: [Action] = []
    if let old = channels[message.topic] {
      actions += end(old)
    } else if channels.count >= configuration.maxChannels {
      return [refuse(message, "too many channels: \(configuration.maxChannels) are joined already")]
    }
    // Version 1 clients that send no join_ref are known by the ref of their join.
    let channel = Channel(topic: message.topic, joinRef: message.joinRef ?? message.ref)
    channels[message.topic] = channel
    return actions + [
      .opened(channel),
      .send(.reply(to: message, joinRef: channel.joinRef, status: .ok, response: [:])),
    ]
  }

  private mutating func leave(_ message: ChannelMessage) -> [Action] {
    guard let channel = channels[message.topic] else {
      // Leaving twice is no fault: the second answer is the same.
      return [.send(.reply(to: message, joinRef: message.joinRef, status: .ok, response: [:]))]
    }
    guard !isStale(message, channel) else { return [] }
    channels[message.topic] = nil
    return [.send(.reply(to: message, joinRef: channel.joinRef, status: .ok, response: [:]))]
      + closing(channel)
  }

  private func push(_ message: ChannelMessage) -> [Action] {
    guard let channel = channels[message.topic] else { return [refuse(message, "unmatched topic")] }
    guard !isStale(message, channel) else { return [] }
    if message.event == "stop_stream" { return [.stopStream(channel, push: message)] }
    return [refuse(message, "unmatched event", joinRef: channel.joinRef)]
  }

  /// A channel failed: the client is told and will join again; the socket and the other channels stay.
  public mutating func fail(topic: ByteText) -> [Action] {
    guard let channel = channels.removeValue(forKey: topic) else { return [] }
    return [
      .closed(channel),
      .send(
        ChannelMessage(
          joinRef: channel.joinRef, ref: channel.joinRef, topic: topic, event: ChannelEvent.error,
          payload: .json([:]))),
    ]
  }

  /// The socket is gone: every channel ends, and nobody is there to be told.
  public mutating func disconnect() -> [Action] {
    defer { channels = [:] }
    return channels.values.sorted { $0.topic < $1.topic }.map { .closed($0) }
  }

  /// A message the server sends on a channel's event; nil when the channel was left meanwhile.
  public func outgoing(_ payload: Value, on channel: Channel) -> ChannelMessage? {
    guard channels[channel.topic] == channel else { return nil }
    return ChannelMessage(
      joinRef: channel.joinRef, topic: channel.topic, event: configuration.event, payload: .json(payload))
  }

  private mutating func end(_ channel: Channel) -> [Action] {
    channels[channel.topic] = nil
    return closing(channel)
  }

  private func closing(_ channel: Channel) -> [Action] {
    [
      .closed(channel),
      .send(
        ChannelMessage(
          joinRef: channel.joinRef, ref: channel.joinRef, topic: channel.topic, event: ChannelEvent.close,
          payload: .json([:]))),
    ]
  }

  private func isStale(_ message: ChannelMessage, _ channel: Channel) -> Bool {
    message.joinRef != nil && message.joinRef != channel.joinRef
  }

  private func refuse(_ message: ChannelMessage, _ reason: ByteText, joinRef: MessageReference? = nil)
    -> Action
  {
    .send(
      .reply(
        to: message, joinRef: joinRef ?? message.joinRef, status: .error,
        response: ["reason": .string(reason)]))
  }
}

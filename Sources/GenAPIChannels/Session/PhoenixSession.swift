import GenAPIValue

/// The protocol of one socket: which topics are joined, and what each message means.
///
/// A value without I/O. It takes a message and says what to do; the socket's handler does it. Its table of joined topics is
/// the socket's only one: what the handler has for a topic, a `Channel`, stands in it too.
public struct PhoenixSession<Channel: Sendable>: Sendable {
  /// What to do about a message, in order.
  public enum Action: Sendable {
    /// Send this message.
    case send(PhoenixMessage)
    /// Somebody joined; the gateway gets to know this channel, which is attached then.
    case opened(JoinedTopic)
    /// A channel ended: its streams, its work and its memberships with it. Without what was attached when nothing was.
    case closed(JoinedTopic, Channel?)
    /// A call for the gateway. `push` is what to reply to.
    case request(JoinedTopic, push: PhoenixMessage)
    /// Stop a stream, and tell the client that it is stopped.
    case stopStream(JoinedTopic, push: PhoenixMessage)
    /// Nothing: the message is for an earlier join of its topic, as what a client sent before it read that its channel was closed.
    case dropped(JoinedTopic, push: PhoenixMessage)
  }

  private struct Entry: Sendable {
    let joined: JoinedTopic
    var channel: Channel?
  }

  /// What the session was made with.
  public let configuration: PhoenixConfiguration
  private var topics: [ByteText: Entry] = [:]
  /// False when the event of calls is one of the protocol's own, which then means that.
  private let isCallable: Bool

  public init(configuration: PhoenixConfiguration = PhoenixConfiguration()) {
    self.configuration = configuration
    isCallable = ![PhoenixEvent.join, PhoenixEvent.leave].contains(configuration.event)
  }

  /// The topics joined now, in no order.
  public var joined: [JoinedTopic] { topics.values.map(\.joined) }

  /// What was attached to the topics joined now, in no order.
  public var channels: [Channel] { topics.values.compactMap(\.channel) }

  /// What was attached to a topic; nil when it is not joined.
  public func channel(on topic: ByteText) -> Channel? { topics[topic]?.channel }

  /// Keeps what the handler has for a topic that was opened.
  public mutating func attach(_ channel: Channel, to joined: JoinedTopic) {
    guard topics[joined.topic]?.joined == joined else { return }
    topics[joined.topic]?.channel = channel
  }

  /// What was attached to the topic on which a message calls the gateway, as nearly all messages do; nil for any other. What
  /// `receive` says of such a message, without the list.
  public func channel(calledBy message: PhoenixMessage) -> Channel? { entry(calledBy: message)?.channel }

  private func entry(calledBy message: PhoenixMessage) -> Entry? {
    guard isCallable, message.event == configuration.event, message.topic != PhoenixEvent.systemTopic,
      let entry = topics[message.topic], !isStale(message, entry.joined)
    else { return nil }
    return entry
  }

  /// Takes a message of the client.
  public mutating func receive(_ message: PhoenixMessage) -> [Action] {
    if let entry = entry(calledBy: message) { return [.request(entry.joined, push: message)] }
    if message.topic == PhoenixEvent.systemTopic { return system(message) }
    switch message.event {
    case PhoenixEvent.join: return join(message)
    case PhoenixEvent.leave: return leave(message)
    default: return push(message)
    }
  }

  /// A message of which nothing is taken but whom it is from; the client is told why. Calls are told by the gateway.
  public func refuse(_ message: PhoenixMessage, because reason: ByteText) -> [Action] {
    if let entry = topics[message.topic], isStale(message, entry.joined) {
      return [.dropped(entry.joined, push: message)]
    }
    return [refuse(message, reason)]
  }

  private func system(_ message: PhoenixMessage) -> [Action] {
    guard message.event == PhoenixEvent.heartbeat else {
      return [refuse(message, "unmatched topic")]
    }
    return [.send(.reply(to: message, joinRef: nil, status: .ok, response: [:]))]
  }

  private mutating func join(_ message: PhoenixMessage) -> [Action] {
    guard configuration.allows(topic: message.topic) else { return [refuse(message, "unmatched topic")] }
    var actions: [Action] = []
    if let old = topics.removeValue(forKey: message.topic) {
      actions += closing(old)
    } else if topics.count >= configuration.maxChannels {
      return [refuse(message, "too many channels: \(configuration.maxChannels) are joined already")]
    }
    // Version 1 clients that send no join_ref are known by the ref of their join.
    let joined = JoinedTopic(topic: message.topic, joinRef: message.joinRef ?? message.ref)
    topics[message.topic] = Entry(joined: joined)
    return actions + [
      .opened(joined),
      .send(.reply(to: message, joinRef: joined.joinRef, status: .ok, response: [:])),
    ]
  }

  private mutating func leave(_ message: PhoenixMessage) -> [Action] {
    guard let entry = topics[message.topic] else {
      // Leaving twice is no fault: the second answer is the same.
      return [.send(.reply(to: message, joinRef: message.joinRef, status: .ok, response: [:]))]
    }
    guard !isStale(message, entry.joined) else { return [.dropped(entry.joined, push: message)] }
    topics[message.topic] = nil
    return [.send(.reply(to: message, joinRef: entry.joined.joinRef, status: .ok, response: [:]))]
      + closing(entry)
  }

  private func push(_ message: PhoenixMessage) -> [Action] {
    guard let joined = topics[message.topic]?.joined else { return [refuse(message, "unmatched topic")] }
    guard !isStale(message, joined) else { return [.dropped(joined, push: message)] }
    if message.event == "stop_stream" { return [.stopStream(joined, push: message)] }
    return [refuse(message, "unmatched event", joinRef: joined.joinRef)]
  }

  /// The socket is gone: every channel ends, and nobody is there to be told.
  public mutating func disconnect() -> [Action] {
    defer { topics = [:] }
    return topics.values.sorted { $0.joined.topic < $1.joined.topic }.map { .closed($0.joined, $0.channel) }
  }

  /// A message the server sends on a channel's event; nil when the channel was left meanwhile.
  public func outgoing(_ payload: Value, on joined: JoinedTopic) -> PhoenixMessage? {
    guard topics[joined.topic]?.joined == joined else { return nil }
    return PhoenixMessage(
      joinRef: joined.joinRef, topic: joined.topic, event: configuration.event, payload: .json(payload))
  }

  private func closing(_ entry: Entry) -> [Action] {
    let joined = entry.joined
    return [
      .closed(joined, entry.channel),
      .send(
        PhoenixMessage(
          joinRef: joined.joinRef, ref: joined.joinRef, topic: joined.topic, event: PhoenixEvent.close,
          payload: .json([:]))),
    ]
  }

  /// As a Phoenix server has it from 1.8.3 on, but for a number where the join had its digits as text.
  private func isStale(_ message: PhoenixMessage, _ joined: JoinedTopic) -> Bool {
    message.joinRef != nil && message.joinRef?.text != joined.joinRef?.text
  }

  private func refuse(_ message: PhoenixMessage, _ reason: ByteText, joinRef: MessageReference? = nil)
    -> Action
  {
    .send(
      .reply(
        to: message, joinRef: joinRef ?? message.joinRef, status: .error,
        response: ["reason": .string(reason)]))
  }
}

extension PhoenixSession.Action: Equatable where Channel: Equatable {}

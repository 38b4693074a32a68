import GenAPIChannels
import GenAPIValue
import Testing

@Suite("A socket's channels")
struct ChannelSessionTests {
  private var session: PhoenixSession<ByteText> = {
    var configuration = PhoenixConfiguration()
    configuration.event = "api"
    configuration.maxChannels = 2
    return PhoenixSession<ByteText>(configuration: configuration)
  }()

  private func message(
    _ event: ByteText, topic: ByteText = "api:lobby", joinRef: MessageReference? = "1",
    ref: MessageReference? = "1"
  ) -> PhoenixMessage {
    PhoenixMessage(
      joinRef: joinRef, ref: ref, topic: topic, event: event, payload: .json([:]))
  }

  private func reply(
    _ status: ReplyStatus, _ response: Value, topic: ByteText = "api:lobby", joinRef: MessageReference? = "1",
    ref: MessageReference? = "1"
  ) -> PhoenixSession<ByteText>.Action {
    .send(
      PhoenixMessage(
        joinRef: joinRef, ref: ref, topic: topic, event: "phx_reply",
        payload: .json(["status": .string(ByteText(status.rawValue)), "response": response])))
  }

  @Test("a heartbeat is answered with its ref and no join_ref")
  mutating func heartbeat() {
    let actions = session.receive(message("heartbeat", topic: "phoenix", joinRef: nil, ref: "7"))
    #expect(actions == [reply(.ok, [:], topic: "phoenix", joinRef: nil, ref: "7")])
  }

  @Test("a join opens the channel and is answered ok")
  mutating func join() {
    let channel = JoinedTopic(topic: "api:lobby", joinRef: "1")
    #expect(session.receive(message("phx_join")) == [.opened(channel), reply(.ok, [:])])
    #expect(session.joined == [channel])
  }

  @Test("a topic that is not allowed cannot be joined")
  mutating func unmatchedTopic() {
    let actions = session.receive(message("phx_join", topic: "admin:all"))
    #expect(actions == [reply(.error, ["reason": "unmatched topic"], topic: "admin:all")])
    #expect(session.joined.isEmpty)
  }

  @Test("joining again closes the old channel first, with its old join_ref")
  mutating func rejoin() {
    _ = session.receive(message("phx_join"))
    session.attach("first", to: JoinedTopic(topic: "api:lobby", joinRef: "1"))
    let actions = session.receive(message("phx_join", joinRef: "5", ref: "5"))
    #expect(
      actions == [
        .closed(.init(topic: "api:lobby", joinRef: "1"), "first"),
        .send(
          PhoenixMessage(
            joinRef: "1", ref: "1", topic: "api:lobby", event: "phx_close", payload: .json([:]))),
        .opened(.init(topic: "api:lobby", joinRef: "5")),
        reply(.ok, [:], joinRef: "5", ref: "5"),
      ])
    // What belongs to the old one comes too late.
    session.attach("first", to: JoinedTopic(topic: "api:lobby", joinRef: "1"))
    #expect(session.channel(on: "api:lobby") == nil)
  }

  @Test("the channel a message calls on is what receiving it says")
  mutating func calledChannel() {
    _ = session.receive(message("phx_join"))
    session.attach("lobby", to: JoinedTopic(topic: "api:lobby", joinRef: "1"))
    let messages = [
      message("api"), message("api", joinRef: nil), message("api", joinRef: "9"),
      message("api", topic: "phoenix"), message("api", topic: "api:other"), message("other"),
      message("stop_stream"), message("phx_join", topic: "api:two"), message("phx_leave"), message("api"),
    ]
    for message in messages {
      let called = session.channel(calledBy: message)
      let actions = session.receive(message)
      if case .request(let channel, push: message)? = actions.first {
        #expect(called == "lobby" && channel.topic == "api:lobby")
      } else {
        #expect(called == nil)
      }
    }
  }

  @Test("a protocol event is never a call, even where calls are configured to have its name")
  func callsNamedLikeAJoin() {
    var configuration = PhoenixConfiguration()
    configuration.event = "phx_join"
    var session = PhoenixSession<ByteText>(configuration: configuration)
    _ = session.receive(message("phx_join"))
    session.attach("lobby", to: JoinedTopic(topic: "api:lobby", joinRef: "1"))
    #expect(session.channel(calledBy: message("phx_join")) == nil)
  }

  @Test("leaving is answered, then the channel is closed")
  mutating func leave() {
    _ = session.receive(message("phx_join"))
    session.attach("first", to: JoinedTopic(topic: "api:lobby", joinRef: "1"))
    let actions = session.receive(message("phx_leave", ref: "2"))
    #expect(
      actions == [
        reply(.ok, [:], ref: "2"), .closed(.init(topic: "api:lobby", joinRef: "1"), "first"),
        .send(
          PhoenixMessage(
            joinRef: "1", ref: "1", topic: "api:lobby", event: "phx_close", payload: .json([:]))),
      ])
    #expect(session.joined.isEmpty)
  }

  @Test("an event on a topic that is not joined is refused")
  mutating func notJoined() {
    #expect(session.receive(message("api")) == [reply(.error, ["reason": "unmatched topic"])])
  }

  @Test(
    "a message with a stale join_ref is dropped, and that is said; one whose join_ref is the same in digits is not"
  )
  mutating func stale() {
    _ = session.receive(message("phx_join"))
    _ = session.receive(message("phx_join", joinRef: "5", ref: "5"))
    let joined = JoinedTopic(topic: "api:lobby", joinRef: "5")
    for (event, ref) in [("api", "1"), ("phx_leave", "1"), ("stop_stream", "1"), ("shout", ""), ("api", 1)]
      as [(ByteText, MessageReference)]
    {
      let push = message(event, joinRef: ref, ref: "6")
      #expect(session.receive(push) == [.dropped(joined, push: push)])
      #expect(session.refuse(push, because: "x") == [.dropped(joined, push: push)])
    }
    #expect(session.joined.count == 1)
    for ref in ["5", 5, nil] as [MessageReference?] {
      let push = message("api", joinRef: ref, ref: "7")
      #expect(session.receive(push) == [.request(joined, push: push)])
    }
  }

  @Test("the configured event is a request, stop_stream stops one, any other event is refused")
  mutating func events() {
    _ = session.receive(message("phx_join"))
    let channel = JoinedTopic(topic: "api:lobby", joinRef: "1")
    #expect(session.receive(message("api", ref: "2")) == [.request(channel, push: message("api", ref: "2"))])
    let stop = message("stop_stream", ref: "3")
    #expect(session.receive(stop) == [.stopStream(channel, push: stop)])
    #expect(
      session.receive(message("shout", ref: "4")) == [reply(.error, ["reason": "unmatched event"], ref: "4")])
  }

  @Test("one socket joins a bounded number of channels")
  mutating func bound() {
    _ = session.receive(message("phx_join", topic: "api:a"))
    _ = session.receive(message("phx_join", topic: "api:b"))
    let actions = session.receive(message("phx_join", topic: "api:c"))
    #expect(
      actions == [reply(.error, ["reason": "too many channels: 2 are joined already"], topic: "api:c")])
  }

  @Test("a lost socket closes every channel and sends nothing")
  mutating func disconnecting() {
    _ = session.receive(message("phx_join", topic: "api:b"))
    _ = session.receive(message("phx_join", topic: "api:a"))
    #expect(
      session.disconnect() == [
        .closed(.init(topic: "api:a", joinRef: "1"), nil), .closed(.init(topic: "api:b", joinRef: "1"), nil),
      ])
    #expect(session.joined.isEmpty)
  }

  @Test("nothing is sent on a channel that was left meanwhile")
  mutating func afterLeaving() {
    _ = session.receive(message("phx_join"))
    let channel = session.joined[0]
    #expect(session.outgoing("x", on: channel)?.event == "api")
    _ = session.receive(message("phx_leave", ref: "2"))
    #expect(session.outgoing("x", on: channel) == nil)
  }
}

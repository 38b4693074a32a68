import GenAPITelemetry
import TestRandom
import Testing

@testable import GenAPIStream

@Suite("A subscriber's session on the client")
struct SubscriberSessionTests {
  static let hello = Hello(node: "gw1")

  @Test("answers hello with its subscription")
  func subscribes() {
    var session = SubscriberSession(subscription: Subscription(intervalMs: 200), token: "secret")
    session.opened(at: 0)
    #expect(
      session.received(.success(.hello(Self.hello)), at: 1) == [
        .deliver(.connected(Self.hello)), .send(.subscribe(Subscription(token: "secret", intervalMs: 200))),
      ])
  }

  @Test("a gateway that says hello and then refuses the token has not served: the next try waits longer")
  func refusedToken() {
    var session = connected()
    _ = session.received(.success(.error(code: .unauthorized, message: "the token is wrong")), at: 1)
    #expect(!session.wasServed)
    var served = connected()
    _ = served.received(.success(.snapshot(at: 1, sequence: 0, GatewayState())), at: 1)
    #expect(served.wasServed)
  }

  @Test("gives events the node's name")
  func node() {
    var session = connected()
    let record = EventRecord(sequence: 1, at: 1, name: "x")
    guard
      case .deliver(.frame(.event(let delivered)))? = session.received(.success(.event(record)), at: 1).first
    else {
      Issue.record("no event delivered")
      return
    }
    #expect(delivered.node == "gw1")
  }

  @Test("delivers states and drops, skips what it does not know")
  func delivers() {
    var session = connected()
    let dropped = Frame.dropped(at: 1, DroppedEvents(count: 1, fromSequence: 1, toSequence: 1))
    #expect(session.received(.success(dropped), at: 1) == [.deliver(.frame(dropped))])
    #expect(session.received(.success(.unknown(type: "heatmap")), at: 1) == [])
    #expect(session.received(.success(.pong(at: 1)), at: 1) == [])
  }

  @Test("answers pings, and pings after 15 s of sending nothing")
  func pings() {
    var session = connected()
    #expect(session.received(.success(.ping(at: 1)), at: 10_000) == [.pong])
    #expect(session.tick(at: 24_999) == [])
    #expect(session.tick(at: 25_000) == [.ping])
    #expect(session.tick(at: 25_001) == [])
  }

  @Test("45 s without a word is a failure")
  func silence() {
    var session = connected()
    _ = session.received(.success(.pong(at: 1)), at: 1_000)
    #expect(failure(session.tick(at: 45_999)) == nil)
    #expect(failure(session.tick(at: 46_000)) == "nothing came for 45 s")
    #expect(session.tick(at: 47_000) == [])
  }

  @Test(
    "a tick is due no later than there is something to do, and whatever is heard and sent only puts it off")
  func nextTick() {
    for seed in 0..<50 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var session = SubscriberSession(subscription: Subscription(), token: nil)
      session.opened(at: 0)
      var (now, due): (Int64, Int64?) = (0, session.nextTick)
      for _ in 0..<200 {
        now += Int64.random(in: 1...3_000, using: &random)
        var early = session
        if let due, now < due { #expect(early.tick(at: now) == [], "seed \(seed) at \(now)") }
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<10: _ = session.received(.success(.state(at: 1, sequence: 1, GatewayStateChange())), at: now)
        case 10: _ = session.received(.success(.hello(Self.hello)), at: now)
        case 11: _ = session.update(Subscription(intervalMs: 500), at: now)
        case 12: session.heard(at: now)
        case 13: _ = session.received(.success(.ping(at: 1)), at: now)
        default: break
        }
        if let known = due, now >= known { _ = session.tick(at: now) }
        let next = session.nextTick
        if let known = due, let next { #expect(next >= known, "seed \(seed) at \(now)") }
        due = next
      }
    }
  }

  @Test("a paused connection is not taken for a silent one")
  func paused() {
    var session = connected()
    session.heard(at: 40_000)
    #expect(failure(session.tick(at: 60_000)) == nil)
  }

  @Test("no hello within 10 s is a failure")
  func noHello() {
    var session = SubscriberSession(subscription: Subscription(), token: nil)
    session.opened(at: 0)
    #expect(session.tick(at: 9_999) == [])
    #expect(failure(session.tick(at: 10_000)) == "no hello came within 10 s; is this a telemetry stream?")
  }

  @Test("a server of another kind or version is told in words")
  func otherServer() {
    #expect(answer(to: .success(.ping(at: 1)))?.contains("not hello") == true)
    #expect(answer(to: .success(.hello(Hello(proto: 2, node: "x"))))?.contains("speaks version 2") == true)
    #expect(answer(to: .failure(FrameError(.malformed, "HTTP")))?.contains("no frame") == true)
  }

  @Test("a needed token that is missing is told without asking the server")
  func missingToken() {
    var session = SubscriberSession(subscription: Subscription(), token: nil)
    #expect(
      failure(session.received(.success(.hello(Hello(node: "x", auth: .token))), at: 1))
        == "the gateway wants a token, and none is set for this target; see --token-file")
  }

  @Test("a new subscription is sent at once when connected, else with the hello")
  func update() {
    var session = SubscriberSession(subscription: Subscription(), token: nil)
    let wanted = Subscription(filter: EventFilter(services: ["a"]))
    #expect(session.update(wanted, at: 1) == [])
    let actions = session.received(.success(.hello(Self.hello)), at: 2)
    #expect(actions.last == .send(.subscribe(wanted)))
    let other = Subscription(events: false)
    #expect(session.update(other, at: 3) == [.send(.subscribe(other))])
  }

  @Test("bye and error close with their reason, and the end of the connection adds nothing")
  func ends() {
    var bye = connected()
    #expect(
      bye.received(.success(.bye(reason: "upgrade")), at: 1) == [
        .deliver(.closed(reason: "upgrade")), .close,
      ])
    #expect(bye.ended("closed") == [])
    var refused = connected()
    #expect(
      failure(refused.received(.success(.error(code: .stalled, message: "too slow")), at: 1))
        == "the gateway refused: too slow (stalled)")
    // Nobody refused one that was stopped for a while.
    var stopped = connected()
    let silent = failure(
      stopped.received(.success(.error(code: .silent, message: "nothing came for 45 s; answer pings")), at: 1)
    )
    #expect(
      silent
        == "this program did not answer for too long, and was let go; what happened meanwhile was not seen")
    var broken = connected()
    #expect(failure(broken.ended("the gateway closed the connection")) == "the gateway closed the connection")
  }

  @Test("waits double from 0.25 s to 5 s and begin anew after success")
  func backoff() {
    var backoff = Backoff()
    var random = SeededRandom(seed: 1)
    let waits = (0..<12).map { _ in backoff.next(using: &random) }
    #expect(waits.allSatisfy { (250...5_000).contains($0) })
    #expect(waits[0] <= 500)
    #expect(waits[8...].allSatisfy { $0 >= 2_500 })
    #expect(Set(waits[8...]).count > 1)
    backoff.reset()
    #expect(backoff.next(using: &random) <= 500)
  }

  /// What a new session says of the server's first line.
  private func answer(to line: Result<Frame, FrameError>) -> String? {
    var session = SubscriberSession(subscription: Subscription(), token: nil)
    return failure(session.received(line, at: 1))
  }

  private func connected() -> SubscriberSession {
    var session = SubscriberSession(subscription: Subscription(), token: nil)
    session.opened(at: 0)
    _ = session.received(.success(.hello(Self.hello)), at: 0)
    return session
  }

  private func failure(_ actions: [SubscriberSession.Action]) -> String? {
    guard actions.count == 2, case .deliver(let event) = actions[0], actions[1] == .close else { return nil }
    return switch event {
    case .failed(let message), .refused(_, let message): message.string
    default: nil
    }
  }
}

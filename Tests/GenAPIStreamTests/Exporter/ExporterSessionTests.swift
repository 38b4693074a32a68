import GenAPIValue
import NIOCore
import Testing

@testable import GenAPIStream

@Suite("A subscriber's session on the server")
struct ExporterSessionTests {
  static func session(token: ByteText? = nil) -> ExporterSession {
    var session = ExporterSession(
      rules: ExporterSession.Rules(
        hello: Hello(node: "gw1", auth: token == nil ? .none : .token, intervalMs: 500), token: token))
    _ = session.opened(at: 0)
    return session
  }

  @Test("begins with hello")
  func hello() {
    var session = ExporterSession(rules: ExporterSession.Rules(hello: Hello(node: "gw1")))
    #expect(session.opened(at: 0) == [.send(.hello(Hello(node: "gw1")))])
  }

  @Test("silence for a second is the default subscription")
  func silence() {
    var session = Self.session()
    #expect(session.tick(at: 999) == [])
    #expect(session.tick(at: 1_000) == [.subscribe(Subscription(intervalMs: 500))])
    #expect(session.tick(at: 1_100) == [])
  }

  @Test(
    "whoever is in the middle of its first line has not said nothing, and has as long for it as for a token")
  func halfALine() {
    var session = Self.session()
    session.speaks()
    #expect(session.tick(at: 4_999) == [])
    #expect(session.tick(at: 5_000) == [.subscribe(Subscription(intervalMs: 500))])
    var ended = Self.session()
    ended.speaks()
    #expect(ended.inputEnded(at: 1_500) == [.subscribe(Subscription(intervalMs: 500))])
  }

  @Test("a frame that clients do not send is refused as such, whatever is wrong with its own fields")
  func foreignFrames() throws {
    for line in [
      #"{"t":"hello"}"#, #"{"t":"state","at":"x"}"#, #"{"t":"snapshot"}"#, #"{"t":"event"}"#,
      #"{"t":"nosuch"}"#,
    ] {
      guard case .failure(let error) = FrameDecoder.clientFrame(ByteBuffer(string: line)) else {
        Issue.record("\(line) was taken")
        continue
      }
      #expect(error.code == .unknownFrame && error.message.hasPrefix("clients send subscribe"), "\(line)")
    }
    #expect(try FrameDecoder.clientFrame(ByteBuffer(string: #"{"t":"ping"}"#)).get() == .ping(at: 0))
    guard
      case .failure(let error) = FrameDecoder.clientFrame(
        ByteBuffer(string: #"{"t":"subscribe","events":7}"#))
    else {
      Issue.record("it was taken")
      return
    }
    #expect(error.code == .badField)
  }

  @Test("silence where a token is needed ends in unauthorized")
  func silenceWithToken() {
    var session = Self.session(token: "secret")
    #expect(session.tick(at: 4_999) == [])
    #expect(code(session.tick(at: 5_000)) == .unauthorized)
    #expect(session.isClosed)
  }

  @Test("the right token lets in, and need not be sent again")
  func token() {
    var session = Self.session(token: "secret")
    let first = Subscription(token: "secret")
    #expect(session.received(.success(.subscribe(first)), at: 1) == [.subscribe(first)])
    let second = Subscription(intervalMs: 200)
    #expect(session.received(.success(.subscribe(second)), at: 2) == [.subscribe(second)])
    #expect(
      code(session.received(.success(.subscribe(Subscription(token: "wrong"))), at: 3)) == .unauthorized)
  }

  @Test("a stranger's ping is not answered before the token came")
  func strangersPing() {
    var session = Self.session(token: "secret")
    #expect(session.received(.success(.ping(at: 1)), at: 1) == [])
  }

  @Test("pings after 15 s without sending, and not before")
  func pings() {
    var session = subscribed()
    session.wrote(at: 1_000)
    #expect(session.tick(at: 15_999) == [])
    #expect(session.tick(at: 16_000) == [.ping])
    #expect(session.tick(at: 16_050) == [])
  }

  @Test("45 s without a word closes, a pong keeps it open")
  func silentClient() {
    var session = subscribed()
    _ = session.received(.success(.pong(at: 1)), at: 40_000)
    #expect(session.tick(at: 84_999) == [.ping])
    #expect(code(session.tick(at: 85_000)) == .silent)
  }

  @Test("a client that cannot speak is not asked to")
  func reader() {
    var never = Self.session()
    _ = never.tick(at: 1_000)
    never.wrote(at: 100_000)
    #expect(never.tick(at: 100_001) == [])
    var halfClosed = subscribed()
    _ = halfClosed.inputEnded(at: 10)
    halfClosed.wrote(at: 100_000)
    #expect(halfClosed.tick(at: 100_001) == [])
  }

  @Test(
    "a subscriber that closes its sending side is sent something at once: one that is gone keeps no place until a state is due"
  )
  func gone() {
    var session = subscribed()
    #expect(session.inputEnded(at: 10) == [.ping])
    _ = session.shutdown(reason: "over")
    #expect(session.inputEnded(at: 20) == [])
  }

  @Test("closing the sending side without a word is the default subscription")
  func inputEnded() {
    var session = Self.session()
    #expect(session.inputEnded(at: 10) == [.subscribe(Subscription(intervalMs: 500))])
  }

  @Test("shutdown says bye, and nothing follows")
  func shutdown() {
    var session = subscribed()
    #expect(
      session.shutdown(reason: "upgrade") == [.send(.bye(reason: "upgrade")), .close(reason: "shutdown")])
    #expect(session.shutdown(reason: "again") == [])
    #expect(session.received(.success(.ping(at: 1)), at: 1) == [])
    #expect(session.tick(at: 1_000_000) == [])
  }

  @Test("a client's bye and error close without an answer")
  func bye() {
    var session = subscribed()
    #expect(session.received(.success(.bye(reason: "done")), at: 1) == [.close(reason: "bye")])
    var other = subscribed()
    #expect(
      other.received(.success(.error(code: .malformed, message: "")), at: 1) == [
        .close(reason: "client_error")
      ])
  }

  @Test(
    "secrets are compared by content and length",
    arguments: [
      ("secret", "secret", true), ("secreT", "secret", false), ("secre", "secret", false),
      ("secretsecret", "secret", false), ("", "secret", false), ("", "", true), ("a", "", false),
    ])
  func constantTime(given: String, secret: String, equal: Bool) {
    #expect(constantTimeEqual(ByteText(given), ByteText(secret)) == equal)
  }

  private func subscribed() -> ExporterSession {
    var session = Self.session()
    _ = session.received(.success(.subscribe(Subscription())), at: 0)
    return session
  }

  private func code(_ actions: [ExporterSession.Action]) -> StreamErrorCode? {
    guard actions.count == 2, case .send(.error(let code, _)) = actions[0],
      actions[1] == .close(reason: code.rawValue)
    else { return nil }
    return code
  }
}

import GenAPITelemetry
import NIOCore
import Testing

@testable import GenAPIStream

/// A state that is too long for a line comes in several, each but the last marked with `more`.
@Suite("A state in several lines is shown as a whole")
struct WholeStateTests {
  private static let hello = Hello(node: "gw1")

  private static func state(_ functions: Int) -> GatewayState {
    var state = GatewayState()
    state.functions = (0..<functions).map { FunctionState(service: "svc", requestType: "function_\($0)") }
    return state
  }

  private func session() -> SubscriberSession {
    var session = SubscriberSession(subscription: Subscription(), token: nil)
    session.opened(at: 0)
    _ = session.received(.success(.hello(Self.hello)), at: 1)
    return session
  }

  /// What is delivered of lines, as a client reads them.
  private func delivered(_ lines: [ByteBuffer], to session: inout SubscriberSession) throws -> [[Frame]] {
    try lines.map { line in
      var line = line
      line.moveWriterIndex(to: line.writerIndex - 1)
      let read = try FrameDecoder.line(line).get()
      return session.received(.success(read.frame), hasMore: read.hasMore, at: 2).compactMap {
        if case .deliver(.frame(let frame)) = $0 { frame } else { nil }
      }
    }
  }

  @Test("a snapshot, when its last line has come")
  func snapshot() throws {
    let state = Self.state(60)
    let lines = StateEncoder.snapshot(at: 5, sequence: 7, state, limit: 4_000)
    #expect((3...StateParts.mostPieces).contains(lines.count), "\(lines.count)")
    var session = session()
    let delivered = try delivered(lines, to: &session)
    #expect(delivered.dropLast().joined().isEmpty)
    #expect(delivered.last?.count == 1)
    guard case .snapshot(5, 7, let whole)? = delivered.last?.first else {
      Issue.record("no snapshot")
      return
    }
    #expect(Set(whole.functions.map(\.requestType)) == Set(state.functions.map(\.requestType)))
    #expect(!session.isHolding)
  }

  @Test("a change, with all that it removes")
  func change() throws {
    var change = Self.state(40).changes(since: GatewayState())
    change.removed = ["hot_keys": (0..<50).map { "global\u{1F}user_\($0)" }]
    let lines = StateEncoder.change(at: 5, sequence: 7, change, limit: 4_000)
    #expect(lines.count > 2)
    var session = session()
    let delivered = try delivered(lines, to: &session)
    #expect(delivered.dropLast().joined().isEmpty)
    guard case .state(5, 7, let whole)? = delivered.last?.first else {
      Issue.record("no state")
      return
    }
    #expect(whole.functions.count == 40 && whole.removed?["hot_keys"]?.count == 50)
  }

  @Test("what comes between the pieces of a state loses none of them, and waits behind them")
  func interrupted() throws {
    let lines = StateEncoder.snapshot(at: 5, sequence: 7, Self.state(60), limit: 4_000)
    var session = session()
    #expect(try delivered([lines[0]], to: &session) == [[]])
    #expect(session.isHolding)
    let record = EventRecord(sequence: 8, at: 6, name: "x")
    #expect(session.receivedAlone(.event(record), at: 3) == nil)
    let actions = session.received(.success(.event(record)), at: 3)
    #expect(actions.count == 2)
    guard case .deliver(.frame(.snapshot))? = actions.first, case .deliver(.frame(.event))? = actions.last
    else {
      Issue.record("\(actions)")
      return
    }
    // The rest comes as changes, which hold together too.
    #expect(try delivered(Array(lines.dropFirst()), to: &session).last?.count == 1)
  }

  @Test("a gateway that promises more for ever is not waited for")
  func endless() throws {
    var parts = StateParts()
    let change = Self.state(1).changes(since: GatewayState())
    var delivered = 0
    for _ in 1...100 {
      delivered += parts.take(.state(at: 1, sequence: 1, change), hasMore: true).count
    }
    #expect(delivered == 100 / StateParts.mostPieces)
  }

  @Test("a state of more pieces than are held is told as a part, and one that is whole is not")
  func part() throws {
    var session = session()
    func take(_ number: Int, hasMore: Bool) -> [SubscriberSession.Action] {
      let change = Self.state(number).changes(since: GatewayState())
      return session.received(
        .success(.state(at: 1, sequence: 1, change)), hasMore: hasMore, at: Int64(number))
    }
    for number in 1..<StateParts.mostPieces { #expect(take(number, hasMore: true).isEmpty) }
    #expect(take(9, hasMore: true).last == .deliver(.partialState))
    #expect(take(10, hasMore: true).isEmpty)
    let rest = take(11, hasMore: false)
    #expect(rest.count == 1 && rest.last != .deliver(.partialState))
  }
}

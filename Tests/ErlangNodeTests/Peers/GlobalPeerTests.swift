import OutsideText
import TestWaiting
import Testing

@testable import ErlangNode

/// `global` of real nodes beside a visible node of ours. Each call has a time far beyond what it needs: one that is not
/// answered would wait for ever.
@Suite(
  "A visible node in global", .enabled(if: ErlangPeer.isInstalled, "needs erl and epmd"), .serialized)
struct GlobalPeerTests {
  private let own = "'swift@127.0.0.1'"

  private func with(_ body: (PeerFixture, [String]) async throws -> Void) async throws {
    let fixture = try await PeerFixture { $0.isHidden = false }
    let others = try ["second", "third"].map { try ErlangPeer($0, epmdPort: fixture.epmd.port) }
    for other in others { try await other.ready() }
    let names = others.map(\.name)
    do {
      // All know all, and each has met us.
      for name in names { _ = try await fixture.evaluate("net_adm:ping('\(name)').") }
      for name in names {
        for other in names where other != name {
          _ = try await fixture.evaluate("rpc:call('\(name)', net_adm, ping, ['\(other)']).")
        }
      }
      for name in [fixture.erlang.name] + names {
        let pong = try await fixture.evaluate("rpc:call('\(name)', net_adm, ping, [\(own)]).")
        #expect(pong == .atom("pong"))
      }
      try await body(fixture, [fixture.erlang.name] + names)
    } catch {
      await fixture.end()
      throw error
    }
    await fixture.end()
    _ = others
  }

  /// A function of `global` as a node runs it.
  private func call(
    _ fixture: PeerFixture, _ node: String, _ function: String, _ arguments: String
  ) async throws -> Term {
    try await fixture.evaluate("rpc:call('\(node)', global, \(function), \(arguments), 20000).")
  }

  @Test("it is among the nodes, and sync, set_lock, trans and register_name end on all three")
  func allEnd() async throws {
    try await with { (fixture, nodes) async throws in
      for node in nodes {
        #expect(
          try await fixture.evaluate("lists:member(\(own), rpc:call('\(node)', erlang, nodes, [])).")
            == .atom("true"))
        #expect(try await call(fixture, node, "sync", "[]") == .atom("ok"))
        #expect(try await call(fixture, node, "set_lock", "[{resource, self()}]") == .atom("true"))
        #expect(try await call(fixture, node, "del_lock", "[{resource, self()}]") == .atom("true"))
        #expect(
          try await call(fixture, node, "trans", "[{resource, self()}, fun erlang:node/0]")
            == .atom(ByteText(node)))
        #expect(try await call(fixture, node, "register_name", "['of \(node)', self()]") == .atom("yes"))
      }
    }
  }

  @Test("a lock that one node has set on it another does not get, until its holder deletes it or ends")
  func locks() async throws {
    try await with { (fixture, nodes) async throws in
      func tries() async throws -> Term {
        try await call(fixture, nodes[1], "set_lock", "[{resource, other}, [\(own)], 0]")
      }
      let holder =
        "spawn(fun() -> true = global:set_lock({resource, holder}, [\(own)], 0), register(holder, self()), "
        + "receive stop -> ok end end)."
      for end in ["exit(whereis(holder), kill)", "holder ! stop"] {
        _ = try await fixture.evaluate(holder)
        try await eventually { try await fixture.evaluate("whereis(holder) =/= undefined.") == .atom("true") }
        #expect(try await tries() == .atom("false"))
        _ = try await fixture.evaluate("\(end).")
        try await eventually { try await tries() == .atom("true") }
        // The process that tried has ended too, as it was one of an rpc.
        try await eventually { fixture.swift.core.withState { $0.globalLocks.count == 0 } }
        #expect(fixture.swift.core.withState { $0.lockHolders.isEmpty })
      }
    }
  }

  @Test("when it goes the others stay together, and when it comes back all ends as before")
  func leaving() async throws {
    try await with { (fixture, nodes) async throws in
      await fixture.swift.stop()
      var configuration = fixture.swift.configuration
      configuration.name = "back@127.0.0.1"
      let back = try LocalNode(configuration)
      try await back.start()
      let watching = PeerFixture(epmd: fixture.epmd, erlang: fixture.erlang, swift: back)
      for node in nodes {
        let others = try await watching.evaluate(
          "length([N || N <- rpc:call('\(node)', erlang, nodes, []), N =/= 'back@127.0.0.1']).")
        #expect(others == .integer(2))
        #expect(try await call(watching, node, "sync", "[]") == .atom("ok"))
        #expect(
          try await call(watching, node, "trans", "[{r, self()}, fun erlang:node/0]") == .atom(ByteText(node))
        )
      }
      await back.stop()
    }
  }
}

import Foundation
import Locking
import OutsideText
import TestWaiting
import Testing

@testable import ErlangNode

@Suite("With a real Erlang node", .enabled(if: ErlangPeer.isInstalled, "needs erl and epmd"), .serialized)
struct ErlangPeerTests {
  private func with(
    cookie: String = "secret", _ change: (inout LocalNodeConfiguration) -> Void = { _ in },
    _ body: (PeerFixture) async throws -> Void
  ) async throws {
    let fixture = try await PeerFixture(cookie: cookie, change)
    do {
      try await body(fixture)
    } catch {
      await fixture.end()
      throw error
    }
    await fixture.end()
  }

  @Test("ping both ways")
  func ping() async throws {
    try await with { (fixture) async throws in
      #expect(await fixture.swift.ping(ByteText(fixture.erlang.name), timeout: ErlangPeer.patience))
      #expect(try await fixture.evaluate("net_adm:ping('swift@127.0.0.1').") == .atom("pong"))
      #expect(try await fixture.evaluate("lists:member('swift@127.0.0.1', nodes(hidden)).") == .atom("true"))
      #expect(await fixture.swift.ping("nobody@127.0.0.1") == false)
    }
  }

  @Test("the other node may connect first")
  func accepted() async throws {
    try await with { (fixture) async throws in
      let other = try ErlangPeer("caller", epmdPort: fixture.epmd.port)
      try await other.ready()
      // The peer asks the third node to ping us: nobody of ours has called that one.
      let answer = try await fixture.evaluate(
        "rpc:call('caller@127.0.0.1', net_adm, ping, ['swift@127.0.0.1']).")
      #expect(answer == .atom("pong"))
      #expect(fixture.swift.nodes == ["caller@127.0.0.1", "peer@127.0.0.1"])
    }
  }

  @Test("erpc out: a value, a throw, an exit, an error, a function that is not defined, a timeout")
  func callsOut() async throws {
    try await with { (fixture) async throws in
      let (node, peer) = (fixture.swift, fixture.erlang.name)
      #expect(
        try await node.call(
          ByteText(peer), "lists", "reverse", [.list([.atom("a"), .integer(1_000)])],
          timeout: ErlangPeer.patience)
          == .list([.integer(1_000), .atom("a")]))
      await #expect(throws: CallError.thrown(.atom("ball"))) {
        try await node.call(ByteText(peer), "erlang", "throw", [.atom("ball")])
      }
      await #expect(throws: CallError.exited(.atom("gone"))) {
        try await node.call(ByteText(peer), "erlang", "exit", [.atom("gone")])
      }
      do {
        _ = try await node.call(ByteText(peer), "erlang", "error", [.atom("bad")])
        Issue.record("no error")
      } catch CallError.raised(let reason, _) {
        #expect(reason == .atom("bad"))
      }
      do {
        _ = try await node.call(ByteText(peer), "nowhere", "nothing", [])
        Issue.record("no error")
      } catch CallError.raised(let reason, let stack) {
        #expect(
          reason == .tuple([.atom("exception"), .atom("undef"), stack ?? .list([])])
            || reason == .atom("undef"))
      }
      await #expect(throws: CallError.timeout) {
        try await node.call(ByteText(peer), "timer", "sleep", [.integer(60_000)], timeout: .milliseconds(50))
      }
      // A function that prints does not wait for us for ever.
      #expect(
        try await node.call(
          ByteText(peer), "io", "format", [.list("hello~n".utf8.map { .integer(Int64($0)) })])
          == .atom("ok"))
    }
  }

  @Test("rpc out, and a gen_server that is not there")
  func rex() async throws {
    try await with { (fixture) async throws in
      let (node, peer) = (fixture.swift, fixture.erlang.name)
      #expect(try await node.rpc(ByteText(peer), "erlang", "abs", [.integer(-5)]) == .integer(5))
      let bad = try await node.rpc(ByteText(peer), "erlang", "exit", [.atom("gone")])
      #expect(bad.tupleElements?.first == .atom("badrpc"))
      await #expect(throws: CallError.exited(.atom("noproc"))) {
        try await node.callServer("nobody_here", on: ByteText(peer), .atom("hello"))
      }
    }
  }

  @Test("erpc and rpc in: a value, a throw, an exit, an error, a function that is not defined, a timeout")
  func callsIn() async throws {
    try await with { (fixture) async throws in
      let node = fixture.swift
      node.register("Elixir.Greeter", "hello") { arguments in .tuple([.atom("hello"), arguments[0]]) }
      node.register("swift", "throws") { _ in throw ErlangFailure.thrown(.atom("ball")) }
      node.register("swift", "exits") { _ in throw ErlangFailure.exited(.atom("gone")) }
      node.register("swift", "fails") { _ in throw ErlangFailure.raised(.atom("bad")) }
      node.register("swift", "sleeps") { _ in
        try await Task.sleep(for: .seconds(60))
        return .atom("late")
      }
      func evaluate(_ text: String) async throws -> Term { try await fixture.evaluate(text) }
      let hello = Term.tuple([.atom("hello"), .text("you")])
      #expect(
        try await evaluate("erpc:call('swift@127.0.0.1', 'Elixir.Greeter', hello, [<<\"you\">>]).") == hello)
      #expect(
        try await evaluate("rpc:call('swift@127.0.0.1', 'Elixir.Greeter', hello, [<<\"you\">>]).") == hello)
      #expect(try await evaluate("catch erpc:call('swift@127.0.0.1', swift, throws, []).") == .atom("ball"))
      #expect(
        try await evaluate("try erpc:call('swift@127.0.0.1', swift, exits, []) catch exit:R -> R end.")
          == .tuple([.atom("exception"), .atom("gone")]))
      #expect(
        try await evaluate(
          "try erpc:call('swift@127.0.0.1', swift, fails, []) catch error:{exception, R, _} -> R end.")
          == .atom("bad"))
      #expect(
        try await evaluate(
          "try erpc:call('swift@127.0.0.1', no, no, []) catch error:{exception, R, _} -> R end.")
          == .atom("undef"))
      #expect(
        try await evaluate(
          "try erpc:call('swift@127.0.0.1', swift, sleeps, [], 50) catch error:{erpc, R} -> R end.")
          == .atom("timeout"))
      #expect(
        try await evaluate("element(1, rpc:call('swift@127.0.0.1', swift, fails, [])).") == .atom("badrpc"))
      // The old way, through rex itself.
      #expect(
        try await evaluate(
          "gen_server:call({rex, 'swift@127.0.0.1'}, {call, 'Elixir.Greeter', hello, [<<\"you\">>], group_leader()})."
        )
          == hello)
    }
  }

  @Test("gen_server calls and messages reach Swift")
  func servers() async throws {
    try await with { (fixture) async throws in
      fixture.swift.registerServer("adder") { request in
        .integer((request.listElements ?? []).compactMap(\.integerValue).reduce(0, +))
      }
      #expect(
        try await fixture.evaluate("gen_server:call({adder, 'swift@127.0.0.1'}, [1, 2, 1000]).")
          == .integer(1_003))
      #expect(
        try await fixture.evaluate(
          "try gen_server:call({nobody, 'swift@127.0.0.1'}, x) catch exit:{R, _} -> R end.")
          == .atom("noproc"))
      let mailbox = try fixture.swift.makeMailbox(named: "inbox")
      _ = try await fixture.evaluate("{inbox, 'swift@127.0.0.1'} ! {self(), hello}.")
      guard case .message(let message)? = await mailbox.receive(),
        case .pid(let from)? = message.tupleElements?[0]
      else {
        Issue.record("no message")
        return
      }
      #expect(from.node == ByteText(fixture.erlang.name) && message.tupleElements?[1] == .atom("hello"))
      // A process of theirs gets what we send to its pid.
      let echo = try await fixture.evaluate(
        "spawn(fun() -> receive {P, M} -> P ! {echo, M} end end).")
      guard case .pid(let pid) = echo else { return }
      try await fixture.swift.send(.tuple([.pid(mailbox.pid), .integer(7)]), to: pid)
      #expect(await mailbox.receive() == .message(.tuple([.atom("echo"), .integer(7)])))
    }
  }

  @Test("a term of 16 MB goes there and back")
  func large() async throws {
    try await with { (fixture) async throws in
      let bytes = (0..<(16 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let answer = try await fixture.swift.call(
        ByteText(fixture.erlang.name), "erlang", "binary_to_list", [.binary(Array(bytes.prefix(3)))])
      #expect(answer == .list([.integer(0), .integer(31), .integer(62)]))
      let back = try await fixture.swift.call(
        ByteText(fixture.erlang.name), "binary", "copy", [.binary(bytes)], timeout: .seconds(60))
      #expect(back == .binary(bytes))
    }
  }

  @Test("10 000 calls at one time are all answered, each with its own result")
  func many() async throws {
    try await with { (fixture) async throws in
      let (node, peer) = (fixture.swift, fixture.erlang.name)
      let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
        for number in 0..<10_000 {
          group.addTask {
            try await node.call(
              ByteText(peer), "erlang", "abs", [.integer(Int64(-number))], timeout: .seconds(60)
            )
            .integerValue ?? 0
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == (0..<10_000).reduce(0, +))
      #expect(node.statistics.callsOut >= 10_000)
    }
  }

  @Test("a node that is killed is told of, its calls end, and it can come back under its name")
  func killed() async throws {
    try await with { (fixture) async throws in
      let node = fixture.swift
      let (events, source) = AsyncStream.makeStream(of: NodeEvent.self)
      node.watchNodes { source.yield($0) }
      var iterator = events.makeAsyncIterator()
      try await node.connect(to: ByteText(fixture.erlang.name))
      #expect(await iterator.next() == .up(ByteText(fixture.erlang.name)))
      let peer = fixture.erlang.name
      let waiting = Task {
        try await node.call(ByteText(peer), "timer", "sleep", [.integer(60_000)], timeout: nil)
      }
      _ = try await node.call(ByteText(fixture.erlang.name), "erlang", "node", [])
      fixture.erlang.kill()
      await #expect(throws: CallError.connectionLost) { try await waiting.value }
      #expect(await iterator.next() == .down(ByteText(fixture.erlang.name), reason: "connection closed"))
      await #expect(throws: CallError.self) {
        try await node.call(ByteText(fixture.erlang.name), "erlang", "node", [])
      }
      let again = try ErlangPeer("peer", epmdPort: fixture.epmd.port)
      try await again.ready()
      #expect(try await node.call(ByteText(again.name), "erlang", "node", []) == .atom(ByteText(again.name)))
      #expect(await iterator.next() == .up(ByteText(again.name)))
    }
  }

  @Test("a wrong cookie is told in words, both ways")
  func wrongCookie() async throws {
    try await with(cookie: "another") { (fixture) async throws in
      do {
        try await fixture.swift.connect(to: ByteText(fixture.erlang.name))
        Issue.record("connected")
      } catch {
        // The other side closes without a word when our digest is wrong.
        #expect("\(error)".contains("cookie"), "\(error)")
      }
      #expect(fixture.swift.nodes.isEmpty)
    }
  }

  @Test("a second node of our name is refused by epmd")
  func sameName() async throws {
    try await with { (fixture) async throws in
      let second = try LocalNode(fixture.swift.configuration)
      await #expect(throws: LocalNodeError.epmd(.nameTaken("swift"))) { try await second.start() }
    }
  }

  @Test("monitors of our processes are told when they end, and of what is not there")
  func monitors() async throws {
    try await with { (fixture) async throws in
      let mailbox = try fixture.swift.makeMailbox(named: "watched")
      let collector = try fixture.swift.makeMailbox(named: "collector")
      let watcher =
        "spawn(fun() -> R = monitor(process, {NAME, 'swift@127.0.0.1'}), "
        + "receive {'DOWN', R, process, _, Reason} -> {collector, 'swift@127.0.0.1'} ! {down, Reason} end end)."
      _ = try await fixture.evaluate(watcher.replacingOccurrences(of: "NAME", with: "nothing"))
      #expect(await collector.receive() == .message(.tuple([.atom("down"), .atom("noproc")])))
      _ = try await fixture.evaluate(watcher.replacingOccurrences(of: "NAME", with: "watched"))
      // The monitor is set before the next call of the same connection is answered.
      _ = try await fixture.evaluate("timer:sleep(50).")
      mailbox.end()
      #expect(await collector.receive() == .message(.tuple([.atom("down"), .atom("normal")])))
    }
  }

  @Test("a connection over which nothing comes is given up, one that ticks is kept")
  func ticks() async throws {
    try await with {
      $0.tickTime = .milliseconds(200)
    } _: { (fixture) async throws in
      let epmd = try await EpmdClient(port: fixture.epmd.port).names()
      #expect(epmd["peer"] != nil && epmd["swift"] == fixture.swift.port)
      // Erlang ticks every 15 s only, so with our 200 ms it counts as silent.
      try await fixture.swift.connect(to: ByteText(fixture.erlang.name))
      try await eventually { fixture.swift.nodes.isEmpty }
    }
  }
}

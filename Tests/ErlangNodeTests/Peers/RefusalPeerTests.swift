import ErlangPeers
import Foundation
import OutsideText
import Testing

@testable import ErlangNode

/// Every call that an Erlang node can make to one of ours is answered, or refused at once.
@Suite(
  "What real nodes call", .enabled(if: ErlangPeer.isInstalled, "needs erl and epmd"), .serialized)
struct RefusalPeerTests {
  private func with(_ body: (PeerFixture) async throws -> Void) async throws {
    let fixture = try await PeerFixture()
    fixture.swift.register("greeter", "hello") { .tuple([.atom("hello")] + $0) }
    do {
      try await body(fixture)
    } catch {
      await fixture.end()
      throw error
    }
    await fixture.end()
  }

  /// How an expression ended, with a time of 20 s for what would wait for ever.
  private func end(_ fixture: PeerFixture, _ expression: String) async throws -> Term {
    let text =
      "Self = self(), {P, R} = spawn_monitor(fun() -> Self ! {self(), (catch \(expression))} end), "
      + "receive {P, V} -> V; {'DOWN', R, _, _, Why} -> {down, Why} after 20000 -> waits end."
    return try await fixture.evaluate(text)
  }

  private static let own = Term.atom("swift@127.0.0.1")

  /// With what they give, where that is told.
  private static let answered: [(String, Term?)] = [
    ("rpc:call(NODE, erlang, node, [])", own),
    ("erpc:call(NODE, erlang, node, [])", own),
    ("rpc:block_call(NODE, erlang, node, [])", own),
    ("gen_server:call({rex, NODE}, {call, erlang, node, [], group_leader()}, infinity)", own),
    ("begin K = rpc:async_call(NODE, erlang, node, []), rpc:yield(K) end", own),
    ("hd(element(1, rpc:multicall([NODE], greeter, hello, [])))", .tuple([.atom("hello")])),
    ("net_adm:ping(NODE)", .atom("pong")),
    ("begin rpc:cast(NODE, greeter, hello, []), done end", .atom("done")),
    ("begin gen_server:cast({rex, NODE}, {cast, greeter, hello, [], self()}), done end", .atom("done")),
    ("begin rpc:abcast([NODE], nobody, hello), done end", .atom("done")),
    ("rpc:sbcast([NODE], nobody, hello)", .tuple([.list([]), .list([own])])),
    (
      "begin {rex, NODE} ! {self(), {call, greeter, hello, [], user}}, receive {rex, A} -> A end end",
      .tuple([.atom("hello")])
    ),
    ("begin {rex, NODE} ! {self(), features_request}, receive {features_reply, F, _} -> F end end", own),
    ("begin {rex, NODE} ! {self(), what}, receive {rex, {badrpc, _}} -> refused end end", .atom("refused")),
  ]

  @Test("a call that our node understands is answered")
  func answers() async throws {
    try await with { (fixture) async throws in
      for (expression, expected) in Self.answered {
        let text = expression.replacingOccurrences(of: "NODE", with: "'swift@127.0.0.1'")
        let value = try await end(fixture, text)
        #expect(value != .atom("waits"), "\(text)")
        if let expected { #expect(value == expected, "\(text): \(value.erlangText)") }
      }
    }
  }

  private static let refused = [
    "gen_server:call({net_kernel, NODE}, {connect, normal, node()}, infinity)",
    "gen_server:call({net_kernel, NODE}, what, infinity)",
    "gen_server:call({rex, NODE}, what, infinity)",
    "gen_server:call({rex, NODE}, {call, erlang, halt, [], group_leader()}, infinity)",
    "gen_server:call({global_name_server, NODE}, what, infinity)",
    "gen_server:call({nobody, NODE}, what, infinity)",
    "gen_server:multi_call([NODE], nobody, what, infinity)",
    "gen_event:call({rex, NODE}, handler, what, infinity)",
    "gen_statem:call({net_kernel, NODE}, what, infinity)",
    "sys:get_state({rex, NODE}, infinity)",
    "sys:get_status({net_kernel, NODE}, infinity)",
    "supervisor:which_children({kernel_sup, NODE})",
    "erpc:call(NODE, init, stop, [])",
    "erpc:call(NODE, fun() -> node() end)",
    "rpc:call(NODE, os, cmd, [\"id\"])",
    "begin {P2, R2} = erlang:spawn_monitor(NODE, fun() -> ok end), "
      + "receive {'DOWN', R2, process, P2, _} -> refused end end",
    "begin R3 = erlang:monitor(process, {nobody, NODE}), "
      + "receive {'DOWN', R3, _, _, _} -> refused end end",
    "begin R4 = erpc:send_request(NODE, no, no, []), erpc:receive_response(R4) end",
    "erpc:call(NODE, global, sync, [])",
    "gen_server:call({greeter_server, NODE}, "
      + "lists:foldl(fun(_, T) -> {T} end, x, lists:seq(1, 2000)), infinity)",
    "rpc:call(NODE, greeter, hello, [lists:foldl(fun(_, T) -> {T} end, x, lists:seq(1, 2000))])",
  ]

  @Test("a call that it does not is refused, though it was made without a time")
  func refusals() async throws {
    try await with { (fixture) async throws in
      fixture.swift.registerServer("greeter_server") { $0 }
      for expression in Self.refused {
        let text = expression.replacingOccurrences(of: "NODE", with: "'swift@127.0.0.1'")
        // What it ends with may be deeper than can be read, when the call was.
        let value = try await end(fixture, "begin (catch begin \(text) end), ended end")
        #expect(value == .atom("ended"), "\(text)")
        // The connection has not been lost over it.
        #expect(await fixture.swift.ping(ByteText(fixture.erlang.name), timeout: ErlangPeer.patience))
        #expect(fixture.swift.nodes == [ByteText(fixture.erlang.name)])
      }
    }
  }

  @Test("a result too deep to read fails at once")
  func deep() async throws {
    try await with { (fixture) async throws in
      let tokens = try await fixture.swift.call(
        ByteText(fixture.erlang.name), "erl_scan", "string",
        [.list("lists:foldl(fun(_, T) -> {T} end, x, lists:seq(1, 2000)).".utf8.map { .integer(Int64($0)) })])
      let parsed = try await fixture.swift.call(
        ByteText(fixture.erlang.name), "erl_parse", "parse_exprs", [tokens.tupleElements![1]])
      let expressions = parsed.tupleElements![1]
      do {
        _ = try await fixture.swift.call(
          ByteText(fixture.erlang.name), "erl_eval", "exprs", [expressions, .list([])], timeout: nil)
        Issue.record("read")
      } catch CallError.unreadable(let reason) {
        #expect(reason.contains("deeper than 512"))
      }
      do {
        _ = try await fixture.swift.rpc(
          ByteText(fixture.erlang.name), "erl_eval", "exprs", [expressions, .list([])], timeout: nil)
        Issue.record("read")
      } catch CallError.unreadable {}
      #expect(await fixture.swift.ping(ByteText(fixture.erlang.name), timeout: ErlangPeer.patience))
    }
  }

  @Test(
    "erl_call gets an answer, and a refusal",
    .enabled(if: InstalledProgram("erl_call") != nil, "needs erl_call"))
  func erlCall() async throws {
    try await with { (fixture) async throws in
      #expect(try run(fixture, "erlang node") == "'swift@127.0.0.1'")
      #expect(try run(fixture, "greeter hello [you]") == "{hello, you}")
      #expect(try run(fixture, "erlang halt").contains("undef"))
    }
  }

  private func run(_ fixture: PeerFixture, _ call: String) throws -> String {
    let process = Process()
    process.executableURL = InstalledProgram("erl_call")!.url
    process.arguments = ["-c", "secret", "-name", "swift@127.0.0.1", "-timeout", "20", "-a", call]
    var environment = ProcessInfo.processInfo.environment
    environment["ERL_EPMD_PORT"] = String(fixture.epmd.port)
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}

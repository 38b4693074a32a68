import OutsideText
import Testing

@testable import ErlangNode

@Suite("Nobody waits in vain", .serialized)
struct RefusalTests {
  private static func nested(_ depth: Int) -> Term {
    (0..<depth).reduce(Term.integer(1)) { term, _ in .tuple([term]) }
  }

  private func with(_ body: (SwiftPair) async throws -> Void) async throws {
    let pair = try await SwiftPair()
    pair.second.register("test", "deep") { _ in Self.nested(600) }
    pair.second.register("test", "echo") { $0.first ?? .atom("none") }
    pair.second.registerServer("deep") { _ in Self.nested(600) }
    pair.second.registerServer("fails") { _ in throw ErlangFailure.exited(.atom("broken")) }
    do {
      try await body(pair)
    } catch {
      await pair.end()
      throw error
    }
    await pair.end()
  }

  @Test("an answer that is too deep to read ends its call at once, however it comes")
  func deepAnswers() async throws {
    try await with { (pair) async throws in
      let (node, other) = (pair.first, pair.second.name)
      func isUnreadable(_ body: () async throws(CallError) -> Term) async -> Bool {
        do throws(CallError) {
          _ = try await body()
          return false
        } catch {
          guard case .unreadable(let reason) = error else { return false }
          return reason.contains("deeper than 512")
        }
      }
      // Without a time: what is not ended waits for ever.
      #expect(
        await isUnreadable { () throws(CallError) in
          try await node.call(other, "test", "deep", [], timeout: nil)
        })
      #expect(
        await isUnreadable { () throws(CallError) in
          try await node.rpc(other, "test", "deep", [], timeout: nil)
        })
      #expect(
        await isUnreadable { () throws(CallError) in
          try await node.callServer("deep", on: other, .atom("x"), timeout: nil)
        })
      // The connection lives.
      #expect(try await node.call(other, "test", "echo", [.integer(5)]) == .integer(5))
      #expect(node.statistics.notUnderstood == 3)
      #expect(node.core.withState { $0.pending.isEmpty })
    }
  }

  @Test("a call that is too deep to read is refused at once, however it comes")
  func deepCalls() async throws {
    try await with { (pair) async throws in
      let (node, other) = (pair.first, pair.second.name)
      await #expect(throws: CallError.raised(.atom("system_limit"), stack: nil)) {
        try await node.call(other, "test", "echo", [Self.nested(600)], timeout: nil)
      }
      await #expect(throws: CallError.exited(.atom("system_limit"))) {
        try await node.rpc(other, "test", "echo", [Self.nested(600)], timeout: nil)
      }
      await #expect(throws: CallError.exited(.atom("system_limit"))) {
        try await node.callServer("deep", on: other, Self.nested(600), timeout: nil)
      }
    }
  }

  @Test("what a server does not know, or fails at, is refused at once")
  func unknown() async throws {
    try await with { (pair) async throws in
      let (node, other) = (pair.first, pair.second.name)
      await #expect(throws: CallError.exited(.atom("broken"))) {
        try await node.callServer("fails", on: other, .atom("x"), timeout: nil)
      }
      await #expect(throws: CallError.exited(.atom("noproc"))) {
        try await node.callServer("nobody", on: other, .atom("x"), timeout: nil)
      }
      for name in ["net_kernel", "global_name_server"] {
        await #expect(throws: CallError.exited(.atom("not_supported"))) {
          try await node.callServer(
            ByteText(name), on: other, .tuple([.atom("connect"), .atom("x")]), timeout: nil)
        }
      }
      let answer = try await node.callServer("rex", on: other, .atom("what"), timeout: nil)
      #expect(answer.tupleElements?.first == .atom("badrpc"))
      // The caller that refuses leaves nothing behind.
      #expect(await node.ping(other))
      #expect(await node.ping(other))
      var monitors = pair.second.core.withState { $0.monitors }
      _ = monitors.take(of: .name("net_kernel"))
      #expect(monitors.count == 0)
    }
  }

  @Test("a call of a mailbox by its name reaches it")
  func mailbox() async throws {
    try await with { (pair) async throws in
      let inbox = try pair.second.makeMailbox(named: "inbox")
      let (node, other) = (pair.first, pair.second.name)
      let call = Task { try await node.callServer("inbox", on: other, .atom("hello"), timeout: nil) }
      guard case .message(let message)? = await inbox.receive(), let parts = message.tupleElements else {
        Issue.record("no message")
        return
      }
      #expect(parts.first == .atom("$gen_call") && parts.last == .atom("hello"))
      inbox.end()
      await #expect(throws: CallError.exited(.atom("normal"))) { try await call.value }
    }
  }

  @Test("one node has only its share of the calls that run here")
  func share() async throws {
    let pair = try await SwiftPair {
      $0.maxCalls = 100
      $0.maxCallsPerNode = 3
    }
    let (started, starting) = AsyncStream.makeStream(of: Void.self)
    pair.second.register("test", "waits") { _ in
      starting.yield()
      try await Task.sleep(for: .seconds(120))
      return .atom("ok")
    }
    let (node, other) = (pair.first, pair.second.name)
    let calls = (0..<3).map { _ in
      Task { try await node.call(other, "test", "waits", [], timeout: nil) }
    }
    var iterator = started.makeAsyncIterator()
    for _ in 0..<3 { await iterator.next() }
    await #expect(throws: CallError.raised(.atom("system_limit"), stack: nil)) {
      try await node.call(other, "erlang", "node", [], timeout: nil)
    }
    #expect(pair.second.statistics.callsRefused == 1)
    for call in calls { call.cancel() }
    await pair.end()
  }
}

import InMemoryLogging
import Locking
import Logging
import TestWaiting
import Testing

@testable import ErlangNode

@Suite("Nodes that cannot be connected to")
struct FailingDialTests {
  @Test("a node with another cookie is told in words, in the log once, and to who watches dials")
  func cookie() async throws {
    let lines = InMemoryLogHandler()
    let pair = try await SwiftPair {
      $0.logger = Logger(label: "test") { _ in lines }
      $0.logger.logLevel = .info
    }
    let (first, second) = (pair.first, pair.second)
    try second.replaceCookie(Cookie("another"))
    let told = Mutex<[String]>([])
    first.watchDials { node, reason in told.withLock { $0.append("\(node): \(reason)") } }
    let keeping = Task { await first.keepConnected(to: [second.name]) }
    let reason = "second@127.0.0.1 closed the connection in the handshake, as with another cookie"
    try await eventually { !told.withLock(\.isEmpty) }
    #expect(told.withLock { $0.first } == "second@127.0.0.1: \(reason)")
    for _ in 0..<3 {
      await #expect(throws: CallError.unreachable("\(reason)")) { try await first.connect(to: second.name) }
    }
    let failed = lines.entries.filter { "\($0.message)" == "a node cannot be connected to" }
    #expect(failed.map { "\($0.metadata["reason"] ?? "")" } == [reason])
    #expect(failed.map { "\($0.metadata["node"] ?? "")" } == ["second@127.0.0.1"])
    try second.replaceCookie(Cookie("secret"))
    try await first.connect(to: second.name)
    // Who waited for the connection is told first, then the log.
    func connected() -> InMemoryLogHandler.Entry? {
      lines.entries.first {
        "\($0.message)" == "a node is connected" && "\($0.metadata["node"] ?? "")" == "second@127.0.0.1"
      }
    }
    try await eventually { connected() != nil }
    #expect(connected()?.metadata["failed_before"].flatMap { Int("\($0)") } ?? 0 >= 4)
    keeping.cancel()
    await pair.end()
  }

  @Test("each reason is told once, then with its number now and then, and anew after a success")
  func counts() {
    var dials = FailingDials()
    let told = (1...200).compactMap { _ in dials.failed("a@h", "refused") }
    #expect(told == [1, 32, 64, 128])
    #expect(dials.failed("a@h", "no such host") == 1)
    #expect(dials.failed("b@h", "refused") == 1)
    #expect(dials.succeeded("a@h") == 1 && dials.succeeded("a@h") == nil)
    #expect(dials.failed("a@h", "no such host") == 1)
  }

  @Test("nodes beyond those that are remembered take no memory")
  func bounded() {
    var dials = FailingDials()
    for number in 0..<5_000 { _ = dials.failed("n\(number)@h", "refused") }
    #expect((0..<5_000).count { dials.succeeded("n\($0)@h") != nil } == FailingDials.most)
  }
}

import Testing

@testable import ErlangNode

@Suite("Who waits for a connection")
struct ConnectAttemptsTests {
  private typealias Attempts = ConnectAttempts<String>
  private static let second: UInt64 = 1_000_000_000

  @Test("all that want a node wait for one attempt; one that gives up takes nothing from the others")
  func together() {
    var attempts = Attempts()
    #expect(attempts.join("a", 1, "first", at: 0) == .init(begins: true, isBrief: false))
    #expect(attempts.join("a", 2, "second", at: 10) == .init(begins: false, isBrief: false))
    #expect(attempts.join("b", 3, "other", at: 10).begins)
    #expect(attempts.leave("a", 1) == "first")
    #expect(attempts.leave("a", 1) == nil)
    #expect(attempts.waiting == 2)
    // It goes on for who comes.
    #expect(!attempts.join("a", 4, "third", at: 20).begins)
    #expect(attempts.ended("a", failed: nil, at: 30).sorted() == ["second", "third"])
    #expect(attempts.waiting == 1)
    #expect(attempts.join("a", 5, "anew", at: 40) == .init(begins: true, isBrief: false))
  }

  @Test(
    "who comes just after a connect that took long and failed is told soon, who comes while one takes long waits for it"
  )
  func slow() {
    var attempts = Attempts()
    _ = attempts.join("a", 1, "first", at: 0)
    #expect(!attempts.join("a", 2, "early", at: Self.second - 1).isBrief)
    #expect(!attempts.join("a", 3, "late", at: 5 * Self.second).isBrief)
    #expect(attempts.ended("a", failed: "silent", at: 7 * Self.second).count == 3)
    #expect(
      attempts.join("a", 4, "next", at: 8 * Self.second)
        == .init(begins: true, isBrief: true, lastFailure: "silent"))
    #expect(attempts.join("a", 7, "beside", at: 8 * Self.second).isBrief)
    // Nobody but that node is suspected.
    #expect(!attempts.join("b", 5, "other", at: 8 * Self.second).isBrief)
    // Once it is there all is forgotten.
    #expect(attempts.ended("a", failed: nil, at: 9 * Self.second).sorted() == ["beside", "next"])
    #expect(!attempts.join("a", 6, "again", at: 9 * Self.second).isBrief)
  }

  @Test("a failure that came at once is not remembered, and a slow one for some seconds only")
  func memory() {
    var attempts = Attempts()
    _ = attempts.join("a", 1, "x", at: 0)
    _ = attempts.ended("a", failed: "refused", at: 1_000)
    #expect(!attempts.join("a", 2, "x", at: 2_000).isBrief)
    _ = attempts.ended("a", failed: "silent", at: 7 * Self.second)
    #expect(!attempts.join("a", 3, "x", at: 12 * Self.second).isBrief)
  }

  @Test("a node that connects to us meanwhile is there for all who wait, and its own attempt fails nobody")
  func crossing() {
    var attempts = Attempts()
    _ = attempts.join("a", 1, "x", at: 0)
    #expect(attempts.connected("a") == ["x"])
    #expect(attempts.ended("a", failed: "silent", at: 7 * Self.second).isEmpty)
    #expect(!attempts.join("a", 2, "y", at: 7 * Self.second).isBrief)
    #expect(attempts.waiting == 1)
  }
}

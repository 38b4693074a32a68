import Testing

@testable import GenAPIAttach

/// What a node must have left before anything is put there.
struct RoomTests {
  @Test("a node whose table of atoms is nearly full is left alone: the first attach ended it")
  func atoms() throws {
    func want(_ left: Int64, _ usesAgent: Bool) -> String? {
      AttachSession.wantOfRoom([20_000 - left, 20_000, 100, 1_000], usesAgent: usesAgent)?.description
    }
    #expect(want(5_000, true) == nil && want(2_500, false) == nil)
    let agent = try #require(want(4_999, true))
    #expect(agent.contains("4999 of 20000 places left") && agent.contains("--no-agent"))
    let reading = try #require(want(1_200, false))
    #expect(reading.contains("1200 of 20000") && !reading.contains("--no-agent"))
    #expect(try !#require(want(1_200, true)).contains("--no-agent"))
    #expect(want(-5, true)?.contains("has 0 of") == true)
  }

  @Test("a node that may have hardly more processes is given none of the agent's")
  func processes() throws {
    func want(_ left: Int64, _ usesAgent: Bool) -> String? {
      AttachSession.wantOfRoom([1, 1_048_576, 1_024 - left, 1_024], usesAgent: usesAgent)?.description
    }
    #expect(want(16, true) == nil && want(3, false) == nil)
    #expect(try #require(want(15, true)).contains("15 more processes of 1024"))
  }
}

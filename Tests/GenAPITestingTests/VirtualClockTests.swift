import Testing

@testable import GenAPITesting

@Suite("A clock that moves when told to")
struct VirtualClockTests {
  @Test("a wait for more sleepers than come ends, and says how many there are")
  func tooMany() async throws {
    let clock = VirtualClock()
    let sleeper = Task { try await clock.sleep(for: .seconds(5)) }
    #expect(await clock.waitForSleepers())
    #expect(await clock.waitForSleepers(of: .seconds(5)))
    #expect(await clock.waitForSleepers(2, within: .milliseconds(1)) == false)
    #expect(await clock.waitForSleepers(of: .seconds(6), within: .milliseconds(1)) == false)
    #expect(
      clock.lateText(2, nil, .seconds(30))
        == "VirtualClock.waitForSleepers: 2 sleepers did not come within 30.0 seconds; asleep are 1: 5.0 seconds\n"
    )
    #expect(
      clock.lateText(1, 6_000_000_000, .seconds(30)).hasPrefix(
        "VirtualClock.waitForSleepers: 1 sleepers of 6.0 seconds did not come"))
    clock.advance(by: .seconds(5))
    try await sleeper.value
    #expect(clock.lateText(1, nil, .seconds(30)).hasSuffix("asleep are 0: none\n"))
  }

  @Test("time that would go back stops the test")
  func back() async {
    await #expect(processExitsWith: .failure) { VirtualClock().advance(by: .seconds(-5)) }
  }

  @Test("a wait for sleepers ends with the task that waits", .timeLimit(.minutes(1)))
  func cancelled() async {
    let clock = VirtualClock()
    let waiting = Task { await clock.waitForSleepers(2, within: .seconds(3_600)) }
    let early = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await clock.waitForSleepers(2, within: .seconds(3_600))
    }
    waiting.cancel()
    #expect(await waiting.value == false)
    #expect(await early.value == false)
  }
}

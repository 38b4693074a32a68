import Testing

@testable import genapi_top

/// What a process that was stopped says of gateways that were not.
@Suite struct StandstillTests {
  @Test("a wait that took a second longer than it was to is one in which nothing was looked at")
  func stoodStill() {
    #expect(FramePrinter.stoodStill(5_000, of: 800) && FramePrinter.stoodStill(1_102, of: 100))
    #expect(!FramePrinter.stoodStill(900, of: 800) && !FramePrinter.stoodStill(-3_600_000, of: 800))
  }

  @Test(
    "looks that are seconds apart are a pause of the program, others and a clock that was set back are none")
  func pauses() {
    var pauses = OwnPauses()
    let start: Int64 = 1_700_000_000_000_000
    #expect(pauses.look(at: start) == 0)
    #expect(pauses.look(at: start + 1_900_000) == 0)
    #expect(pauses.look(at: start + 23_900_000) == 21_000_000)
    #expect(pauses.look(at: start + 23_900_000) == 0)
    #expect(pauses.look(at: start) == 0)
    #expect(pauses.look(at: .max) > 0)
  }
}

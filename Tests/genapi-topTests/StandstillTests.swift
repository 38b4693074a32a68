import Testing

@testable import genapi_top

/// What a process that was stopped says of gateways that were not.
@Suite struct StandstillTests {
  @Test("a wait that took a second longer than it was to is one in which nothing was looked at")
  func stoodStill() {
    #expect(FramePrinter.stoodStill(5_000, of: 800) && FramePrinter.stoodStill(1_102, of: 100))
    #expect(!FramePrinter.stoodStill(900, of: 800) && !FramePrinter.stoodStill(-3_600_000, of: 800))
  }
}

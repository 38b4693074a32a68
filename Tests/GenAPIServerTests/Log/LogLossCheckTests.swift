import GenAPIGateway
import Testing

@testable import GenAPIServer

@Suite("Lines of the log that are lost")
struct LogLossCheckTests {
  @Test("a log that nobody reads degrades a check of the health, until none was lost for ten minutes")
  func check() {
    let check = LogLossCheck()
    #expect(check.check(dropped: 0, at: 5).status == .ok)
    #expect(check.check(dropped: 15_183, at: 10).status == .degraded)
    #expect(check.check(dropped: 15_183, at: 10).detail.hasPrefix("15183 lines lost"))
    #expect(check.check(dropped: 15_183, at: 9 + LogLossCheck.toldNs).status == .degraded)
    let calm = check.check(dropped: 15_183, at: 10 + LogLossCheck.toldNs)
    #expect(calm.status == .ok && calm.detail.contains("15183 lines"))
    #expect(check.check(dropped: 15_184, at: 11 + LogLossCheck.toldNs).status == .degraded)
  }
}

import InMemoryLogging
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import Listening

@Suite("What strangers cause, in the log")
struct StrangerLogTests {
  private let loop = EmbeddedEventLoop()
  private let kept = InMemoryLogHandler()

  private func log() -> StrangerLog {
    StrangerLog(logger: Logger(label: "test") { [kept] _ in kept }, loop: loop)
  }

  private var told: [String] {
    kept.entries.map { entry in
      let metadata = entry.metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return ([entry.level.rawValue, "\(entry.message)"] + metadata).joined(separator: " ")
    }
  }

  @Test("each reason of an address is told once, and one address has so many")
  func kinds() {
    let log = log()
    for reason in 1...10 {
      for _ in 0..<3 { log.note(.info, "refused", kind: "r\(reason)", from: "10.0.0.1") }
    }
    log.note(.info, "refused", kind: "r1", from: "10.0.0.2")
    // Eight, one for all others, and the neighbour's.
    #expect(
      told == [String](repeating: "info refused address=10.0.0.1", count: 9) + [
        "info refused address=10.0.0.2"
      ])
    loop.advanceTime(by: StrangerLog.window)
    let left = told.dropFirst(10)
    #expect(left.count == 9)
    #expect(
      left.first
        == "info more of the same was left out here address=10.0.0.1 count=5 reason=r10 (3), r9 (2) what=refused"
    )
    #expect(
      left.last == "info more of the same was left out here address=10.0.0.1 count=2 reason=r8 what=refused")
  }

  @Test("reasons beyond those of lines of their own are named in the line that counts them, as many as fit")
  func reasons() {
    let log = log()
    for reason in 1...30 { log.note(.info, "refused", kind: "r\(reason)", from: "10.0.0.1") }
    loop.advanceTime(by: StrangerLog.window)
    #expect(told.count == 10)
    #expect(
      told.last
        == "info more of the same was left out here address=10.0.0.1 count=21 reason=r10 (1), r11 (1), r12 (1), r13 (1), r14 (1), r15 (1), r16 (1), r17 (1), r18 (1), r19 (1), r20 (1), r21 (1), 9 of other reasons what=refused"
    )
    var one = StrangerReasons()
    one.note(String(repeating: "x", count: 10_000))
    #expect(one.text == String(repeating: "x", count: 96) + "… (1)")
  }

  @Test("a flood from one address is one line, and one more with its number when the minute is over")
  func flood() {
    let log = log()
    for _ in 0..<10_000 { log.note(.warning, "refused", from: "10.0.0.1", metadata: ["reason": "token"]) }
    log.note(.info, "refused", from: "10.0.0.2")
    log.note(.info, "something else", from: "10.0.0.1")
    #expect(
      told == [
        "warning refused address=10.0.0.1 reason=token", "info refused address=10.0.0.2",
        "info something else address=10.0.0.1",
      ])
    loop.advanceTime(by: StrangerLog.window)
    #expect(
      told.dropFirst(3) == [
        "warning more of the same was left out here address=10.0.0.1 count=9999 what=refused"
      ])
    // The next minute begins anew, and with nothing to tell nothing is told.
    log.note(.info, "refused", from: "10.0.0.1")
    loop.advanceTime(by: StrangerLog.window)
    #expect(told.dropFirst(4) == ["info refused address=10.0.0.1"])
  }

  @Test("however many addresses there are, so many have lines of their own, and the others one together")
  func manyAddresses() {
    let log = log()
    for number in 0..<100_000 {
      log.note(.info, "refused", from: "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)")
    }
    #expect(told.count == StrangerLog.mostAddresses)
    loop.advanceTime(by: StrangerLog.window)
    #expect(told.count == StrangerLog.mostAddresses + 1)
    #expect(
      told.last
        == "info the same from other addresses was left out here count=\(100_000 - StrangerLog.mostAddresses) what=refused"
    )
  }

  @Test("the addresses of one IPv6 network are one stranger; IPv4 in IPv6's clothes is IPv4")
  func networks() {
    let log = log()
    for address in [
      "2001:db8:1:2::5", "2001:db8:1:2:ffff::1", "2001:db8:1:3::5", "::ffff:10.0.0.1", "10.0.0.1",
      "app@10.0.0.1", "unix",
    ] {
      log.note(.info, "refused", from: address)
    }
    #expect(
      told.map { $0.split(separator: "address=").last } == [
        "2001:db8:1:2::5", "2001:db8:1:3::5", "::ffff:10.0.0.1", "app@10.0.0.1", "unix",
      ])
  }

  @Test("what is not logged at this level costs no place; what is left is told when the listener ends")
  func levels() {
    var kept = kept
    kept.logLevel = .notice
    let log = StrangerLog(logger: Logger(label: "test") { [kept] _ in kept }, loop: loop)
    for _ in 0..<3 {
      log.note(.info, "refused", from: "10.0.0.1")
      log.note(.notice, "cut off", from: "10.0.0.1")
    }
    log.endWindow()
    #expect(
      told == [
        "notice cut off address=10.0.0.1",
        "notice more of the same was left out here address=10.0.0.1 count=2 what=cut off",
      ])
  }
}

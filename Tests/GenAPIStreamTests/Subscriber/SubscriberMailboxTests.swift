import GenAPITelemetry
import GenAPIValue
import Locking
import Testing

@testable import GenAPIStream

@Suite("What arrived and was not taken yet")
struct SubscriberMailboxTests {
  static func event(_ sequence: Int64) -> SubscriberEvent {
    .frame(.event(EventRecord(sequence: sequence, at: 0, name: "x")))
  }

  @Test("events above the bound are counted in place, states are kept")
  func overrun() {
    let mailbox = SubscriberMailbox(eventLimit: 2)
    mailbox.push([Self.event(1), Self.event(2), Self.event(3), Self.event(4), .connecting, Self.event(5)])
    let lost = { (count: Int64, from: Int64, to: Int64) in
      SubscriberEvent.overrun(DroppedEvents(count: count, fromSequence: from, toSequence: to))
    }
    #expect(
      mailbox.drain() == [Self.event(1), Self.event(2), lost(2, 3, 4), .connecting, lost(1, 5, 5)])
    mailbox.push([Self.event(6)])
    #expect(mailbox.drain() == [Self.event(6)])
  }

  /// What a gateway tells in a second in which nothing happened, and in one in which something did.
  private static func state(isQuiet: Bool) -> SubscriberEvent {
    let process = ProcessState(residentBytes: 1)
    return .frame(
      .state(at: 1, sequence: 1, isQuiet ? GatewayStateChange(process: process) : GatewayStateChange()))
  }

  @Test("a quiet gateway calls nobody who waits for news, until as many states wait as pause the connection")
  func news() {
    #expect(Self.state(isQuiet: true).canWait)
    #expect(!Self.state(isQuiet: false).canWait && !Self.event(1).canWait)
    let mailbox = SubscriberMailbox(eventLimit: 10, otherLimit: 3)
    let calls = Mutex(0)
    mailbox.setOnReady(forNews: true) { calls.withLock { $0 += 1 } }
    mailbox.push([Self.state(isQuiet: true)])
    #expect(calls.withLock { $0 } == 0 && !mailbox.hasNews && mailbox.waitingSince != nil)
    // Called although something waited before, and once.
    mailbox.push([Self.event(1)])
    mailbox.push([Self.state(isQuiet: true)])
    #expect(calls.withLock { $0 } == 1 && mailbox.hasNews)
    _ = mailbox.take(atMost: 1)
    #expect(mailbox.hasNews)
    #expect(mailbox.drain().count == 2)
    #expect(!mailbox.hasNews)
    mailbox.push([Self.state(isQuiet: true), Self.state(isQuiet: true)])
    #expect(calls.withLock { $0 } == 1)
    #expect(!mailbox.push([Self.state(isQuiet: true)]))
    #expect(calls.withLock { $0 } == 2 && mailbox.hasNews)
    for _ in 1...3 { _ = mailbox.take(atMost: 1) }
    #expect(!mailbox.hasNews)
    // Others are called for it.
    mailbox.setOnReady { calls.withLock { $0 += 1 } }
    mailbox.push([Self.state(isQuiet: true)])
    #expect(calls.withLock { $0 } == 3)
  }

  @Test("too many states pause the connection until they are taken")
  func pause() {
    let mailbox = SubscriberMailbox(eventLimit: 2, otherLimit: 2)
    let resumed = Mutex(false)
    #expect(mailbox.push([.connecting]) { resumed.withLock { $0 = true } })
    #expect(!mailbox.push([.connecting]) { resumed.withLock { $0 = true } })
    #expect(!resumed.withLock { $0 })
    #expect(mailbox.drain().count == 2)
    #expect(resumed.withLock { $0 })
  }

  @Test("events are bounded by what they take, too")
  func eventBytes() {
    let mailbox = SubscriberMailbox(eventLimit: 1_000_000, eventByteLimit: 1_000_000)
    let text = String(repeating: "x", count: 10_000)
    let event = { (sequence: Int64) in
      SubscriberEvent.frame(
        .event(
          EventRecord(sequence: sequence, at: 0, name: "x", metadata: ["error": .string(ByteText(text))])))
    }
    for sequence in 1...500 as ClosedRange<Int64> { mailbox.push([event(sequence)]) }
    let items = mailbox.drain()
    let kept = items.count { $0.isEvent }
    #expect((90...100).contains(kept))
    guard case .overrun(let lost)? = items.last else {
      Issue.record("nothing is said to be lost")
      return
    }
    #expect(kept + Int(lost.count) == 500)
    #expect(mailbox.push([event(501)]))
    #expect(mailbox.drain() == [event(501)])
  }

  @Test("states are bounded by what they take: the connection pauses")
  func stateBytes() {
    let mailbox = SubscriberMailbox(eventLimit: 2, otherByteLimit: 1_000)
    let resumed = Mutex(false)
    #expect(mailbox.push([.connecting], otherBytes: [400]) { resumed.withLock { $0 = true } })
    #expect(!mailbox.push([.connecting], otherBytes: [600]) { resumed.withLock { $0 = true } })
    _ = mailbox.takeFirst()
    #expect(!resumed.withLock { $0 })
    _ = mailbox.takeFirst()
    #expect(resumed.withLock { $0 })
    #expect(mailbox.push([.connecting], otherBytes: [999]))
  }

  @Test("a reader that never empties it is read for again once half of the room is free")
  func resumes() {
    let mailbox = SubscriberMailbox(eventLimit: 10, otherLimit: 10)
    let resumed = Mutex(false)
    for _ in 1...10 { mailbox.push([.connecting]) { resumed.withLock { $0 = true } } }
    #expect(mailbox.take(atMost: 4).count == 4)
    #expect(!resumed.withLock { $0 })
    #expect(mailbox.take(atMost: 1).count == 1)
    #expect(resumed.withLock { $0 })
    #expect(mailbox.drain().count == 5)
  }

  @Test("a part is taken, oldest first, with the times it came at")
  func parts() {
    let mailbox = SubscriberMailbox(eventLimit: 3)
    mailbox.push([Self.event(1), Self.event(2)], at: 10)
    mailbox.push([Self.event(3), Self.event(4), Self.event(5)], at: 20)
    #expect(mailbox.waitingSince == 10)
    #expect(mailbox.take(atMost: 1).map(\.at) == [10])
    #expect(mailbox.take(atMost: 9, until: 10).map(\.event) == [Self.event(2)])
    // At least one, or a reader would stand still.
    #expect(mailbox.take(atMost: 1, until: 0) == [ArrivedEvent(event: Self.event(3), at: 20)])
    let lost = DroppedEvents(count: 2, fromSequence: 4, toSequence: 5)
    #expect(mailbox.take(atMost: 9) == [ArrivedEvent(event: .overrun(lost), at: 20)])
    #expect(mailbox.waitingSince == nil && mailbox.take(atMost: 9).isEmpty)
    mailbox.push([Self.event(6), Self.event(7), Self.event(8)])
    #expect(mailbox.drain().count == 3)
  }

  @Test("calls back once for what arrives in an empty mailbox")
  func onReady() {
    let mailbox = SubscriberMailbox(eventLimit: 10)
    let calls = Mutex(0)
    mailbox.push([.connecting])
    mailbox.setOnReady { calls.withLock { $0 += 1 } }
    #expect(calls.withLock { $0 } == 1)
    mailbox.push([.connecting])
    #expect(calls.withLock { $0 } == 1)
    _ = mailbox.drain()
    mailbox.push([.connecting])
    #expect(calls.withLock { $0 } == 2)
  }

  @Test("a waiting reader gets what arrives, and the end")
  func waits() async {
    let mailbox = SubscriberMailbox(eventLimit: 10)
    async let first = mailbox.next()
    mailbox.push([.connecting])
    #expect(await first == [.connecting])
    async let second = mailbox.next()
    mailbox.finish()
    #expect(await second == nil)
  }

  @Test("a cancelled reader ends")
  func cancelled() async {
    let mailbox = SubscriberMailbox(eventLimit: 10)
    let task = Task { await mailbox.next() }
    task.cancel()
    #expect(await task.value == nil)
  }
}

import GenAPITelemetry
import Testing

@testable import GenAPIStream

@Suite("What a subscriber is sent and what it misses")
struct SendWindowTests {
  @Test("events above the bound are dropped and reported together")
  func drops() {
    var window = SendWindow(limitBytes: 100, at: 0)
    #expect(window.admit(sequence: 1, bytes: 40, buffered: 60) == true)
    #expect(window.admit(sequence: 2, bytes: 41, buffered: 60) == false)
    #expect(window.admit(sequence: 5, bytes: 41, buffered: 60) == false)
    #expect(window.takeUnreported() == DroppedEvents(count: 2, fromSequence: 2, toSequence: 5))
    #expect(window.takeUnreported() == nil)
    #expect(window.sent == 1)
    #expect(window.dropped == 2)
  }

  @Test("after a drop, half of the buffer must be free before events go on")
  func hysteresis() {
    var window = SendWindow(limitBytes: 100, at: 0)
    #expect(window.admit(sequence: 1, bytes: 10, buffered: 100) == false)
    #expect(window.admit(sequence: 2, bytes: 10, buffered: 60) == false)
    #expect(!window.hasRoom(buffered: 60))
    #expect(window.admit(sequence: 3, bytes: 10, buffered: 40) == true)
    #expect(window.hasRoom(buffered: 60))
  }

  @Test("what the bus dropped is reported but not counted as the subscriber's")
  func busDrops() {
    var window = SendWindow(limitBytes: 100, at: 0)
    window.report(DroppedEvents(count: 9, fromSequence: 1, toSequence: 9))
    #expect(window.dropped == 0)
    #expect(window.takeUnreported() == DroppedEvents(count: 9, fromSequence: 1, toSequence: 9))
  }

  @Test("a client stalls while what waits does not shrink")
  func stall() {
    var window = SendWindow(limitBytes: 100, at: 0)
    #expect(window.stalledFor(buffered: 50, written: 50, at: 1_000) == 1_000)
    #expect(window.stalledFor(buffered: 80, written: 30, at: 2_000) == 2_000)
    #expect(window.stalledFor(buffered: 79, written: 0, at: 3_000) == 0)
    #expect(window.stalledFor(buffered: 79, written: 0, at: 4_000) == 1_000)
    #expect(window.stalledFor(buffered: 0, written: 0, at: 5_000) == 0)
  }
}

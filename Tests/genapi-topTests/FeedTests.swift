import Foundation
import GenAPIStream
import GenAPITelemetry
import Testing

@testable import genapi_top

@Suite struct FeedTests {
  private func message(_ event: SubscriberEvent, _ target: String = "gw1:4710") -> FeedMessage {
    FeedMessage(target: target, event: event)
  }

  @Test("a target is settled once it sent its numbers or failed")
  func settled() {
    var ledger = ConnectionLedger()
    ledger.note(message(.connected(Hello(node: "gw1"))))
    #expect(!ledger.isSettled(["gw1:4710"]))
    ledger.note(message(.frame(.snapshot(at: 1, sequence: 0, GatewayState()))))
    #expect(ledger.isSettled(["gw1:4710"]))
    #expect(!ledger.isSettled(["gw1:4710", "gw2:4710"]))
    ledger.note(message(.failed("nobody listens there"), "gw2:4710"))
    #expect(ledger.isSettled(["gw1:4710", "gw2:4710"]))
    #expect(ledger.live == ["gw1:4710"])
    #expect(ledger.problems == ["gw2:4710": "nobody listens there"])
  }

  @Test("an event counts as seen when it came, or when a gateway counted it")
  func seen() {
    var ledger = ConnectionLedger()
    ledger.note(message(.frame(.event(EventRecord(sequence: 1, at: 1, name: EventName.catalogue[0].path)))))
    var state = GatewayState()
    state.totals.events = [
      EventName.catalogue[1].path: 3, EventName.catalogue[2].path: 0, "no.such.event": 1,
    ]
    ledger.note(message(.frame(.snapshot(at: 1, sequence: 0, state))))
    #expect(ledger.seenEvents == Set(EventName.catalogue.prefix(2)))
    #expect(!ledger.hasSeenAllEvents)
  }

  @Test("all 31 events make the set complete, events beyond the catalogue do not count")
  func complete() {
    var ledger = ConnectionLedger()
    for name in EventName.extensions {
      ledger.note(message(.frame(.event(EventRecord(sequence: 1, at: 1, name: name.path)))))
    }
    #expect(ledger.seenEvents.isEmpty)
    for name in EventName.catalogue {
      ledger.note(message(.frame(.event(EventRecord(sequence: 1, at: 1, name: name.path)))))
    }
    #expect(ledger.hasSeenAllEvents)
  }

  private func recording(_ lines: [String]) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl").path
    let header = #"{"t":"recording","proto":1,"started_at":1000000,"targets":["gw1:4710"]}"#
    try ([header] + lines).map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("at the end of a recording its time stands still")
  func end() throws {
    let path = try recording([
      #"{"t":"snapshot","at":1000000,"seq":0,"totals":{}}"#, #"{"t":"state","at":1000100,"seq":0}"#,
    ])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let feed = try ReplayFeed(path: path, speed: 100)
    feed.step(by: 60_000_000)
    #expect(!feed.take().isEmpty)
    #expect(feed.isAtEnd)
    #expect(feed.clock == 1_000_100)
  }

  @Test("a paused recording gives nothing but what it is stepped to")
  func stepped() throws {
    let path = try recording(
      (1...3).map { #"{"t":"event","seq":\#($0),"at":\#($0)000000,"name":"x","m":{},"d":{}}"# })
    defer { try? FileManager.default.removeItem(atPath: path) }
    let feed = try ReplayFeed(path: path, speed: 1)
    feed.setPaused(true)
    // The first frame is at the recording's start; a connection is made up in front of it.
    #expect(feed.take().count == 2)
    #expect(feed.take().isEmpty)
    #expect(feed.wait() == nil)
    feed.step(by: 1_100_000)
    #expect(feed.take().map(\.target) == ["gw1:4710"])
    feed.step(by: 10_000_000)
    #expect(feed.take().count == 1)
    #expect(feed.isAtEnd)
  }

  @Test("a line that is no frame is told and skipped")
  func badLine() throws {
    let path = try recording([
      #"{"t":"hello","proto":1,"node":"gw1"}"#, "nonsense",
      #"{"t":"event","seq":1,"at":1000000,"name":"x","m":{},"d":{}}"#,
    ])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let feed = try ReplayFeed(path: path, speed: 1)
    #expect(feed.take().count == 2)
    #expect(feed.problems.count == 1)
    #expect(feed.problems[0].contains("line 3"))
  }
}

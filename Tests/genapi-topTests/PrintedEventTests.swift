import GenAPIStream
import Testing

@testable import genapi_top

@Suite struct PrintedEventTests {
  @Test("an event's line says what, where, how long and for whom")
  func line() {
    let record = EventRecord(
      sequence: 1, at: 0, name: "phoenix_gen_api.executor.request.stop",
      measurements: ["duration_us": 41_300],
      metadata: [
        "request_id": "r1", "service": "orders", "request_type": "create", "user_id": "u1", "success": false,
      ])
    let line = PrintedEvent.text(record)
    for part in [
      "executor.request.stop", "orders", "create", "41.3", "user=u1", "request=r1", "success=false",
    ] {
      #expect(line.contains(part), "\(part) is missing in \(line)")
    }
  }

  @Test("an escape sequence in an event is shown, not sent")
  func escape() {
    let record = EventRecord(sequence: 1, at: 0, name: "x", metadata: ["service": "\u{1B}[2J\u{7}"])
    #expect(!PrintedEvent.text(record).unicodeScalars.contains { $0.value < 0x20 })
  }
}

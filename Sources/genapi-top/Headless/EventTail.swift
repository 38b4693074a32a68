import ArgumentParser
import Foundation
import GenAPIStream
import OutsideText
import TopModel

/// Prints events as they come.
struct EventTail {
  enum Form {
    case text
    case json
    case toon
  }

  var form: Form
  var count: Int?
  var filter = FilterExpression()

  /// Ends when `count` events were printed, a recording is over, or nobody reads them any more: also
  /// when no event comes.
  func run(_ feed: any Feed, wake: WakePipe) throws {
    var left = count ?? .max
    var told: [ByteText: ByteText] = [:]
    var restarts = Restarts()
    feed.start()
    defer { feed.stop() }
    while true {
      wake.wait(atMost: min(feed.wait() ?? 1_000, 1_000))
      var text: [UInt8] = []
      for message in feed.take() {
        switch message.event {
        case .frame(.event(let record)):
          guard left > 0, passes(record, message.target) else { continue }
          left -= 1
          text += try line(record)
        case .frame(.dropped(_, let dropped)):
          UsageError.say("\(message.target): \(dropped.count) events were dropped on the way")
        case .overrun(let dropped):
          UsageError.say("\(message.target): \(dropped.count) events came faster than they were read")
        case .failed(let reason), .closed(let reason), .refused(_, let reason):
          if told.updateValue(reason, forKey: message.target) != reason {
            UsageError.say("\(message.target): \(reason); trying again")
          }
        case .connected(let hello):
          if told.removeValue(forKey: message.target) != nil {
            UsageError.say("\(message.target): connected to \(hello.node)")
          }
          // Whoever counts on events has a gap here, and all counters are new.
          if let restart = restarts.note(hello, of: message.target, at: message.at) {
            guard filter.isEmpty else {
              UsageError.say("\(message.target): \(hello.node) has restarted")
              continue
            }
            text += try line(restart)
          }
        case .connecting, .retrying, .partialState, .frame: break
        }
      }
      try UsageError.print(text)
      guard left > 0, !feed.isOver else { break }
    }
    try tellDamage(feed)
  }

  /// - Throws: an exit code, when a part of a recording could not be read: what was printed is not all.
  private func tellDamage(_ feed: any Feed) throws {
    if let recording = feed as? RecordedFeed, recording.damages > 0 { throw ExitCode(UsageError.failure) }
  }

  /// Gateways apply only a part of the filter.
  private func passes(_ record: EventRecord, _ target: ByteText) -> Bool {
    filter.isEmpty || filter.matches(EventRow(node: record.node ?? target, record: record))
  }

  private func line(_ restart: Restarts.Restart) throws -> [UInt8] {
    switch form {
    case .text: return Array((restart.text + "\n").utf8)
    case .json: return JSONShown.escaping(restart.json + [UInt8(ascii: "\n")])
    case .toon: return try TOONText.document(restart.json) + [UInt8(ascii: "\n")]
    }
  }

  private func line(_ record: EventRecord) throws -> [UInt8] {
    switch form {
    case .text: return Array((PrintedEvent.text(record) + "\n").utf8)
    case .json: return JSONShown.escaping(FrameEncoder.line(.event(record)).readableBytesView)
    case .toon:
      return try TOONText.document(Array(FrameEncoder.line(.event(record)).readableBytesView)) + [
        UInt8(ascii: "\n")
      ]
    }
  }
}

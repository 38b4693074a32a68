import Foundation
import GenAPIStream
import GenAPIValue
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

  /// Ends when `count` events were printed, nobody reads them any more, or a recording is over.
  func run(_ feed: any Feed, wake: WakePipe) throws {
    signal(SIGPIPE, SIG_IGN)
    var left = count ?? .max
    var told: [ByteText: ByteText] = [:]
    feed.start()
    defer { feed.stop() }
    while true {
      var request = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&request, 1, Int32(feed.wait().map { min($0, 1_000) } ?? 1_000))
      wake.clear()
      var text: [UInt8] = []
      for message in feed.take() {
        switch message.event {
        case .frame(.event(let record)):
          guard left > 0, passes(record, message.target) else { continue }
          left -= 1
          text += try line(record)
        case .frame(.dropped(_, let dropped)):
          Complaint.say("\(message.target): \(dropped.count) events were dropped on the way")
        case .overrun(let dropped):
          Complaint.say("\(message.target): \(dropped.count) events came faster than they were read")
        case .failed(let reason), .closed(let reason):
          if told.updateValue(reason, forKey: message.target) != reason {
            Complaint.say("\(message.target): \(reason); trying again")
          }
        case .connected(let hello):
          if told.removeValue(forKey: message.target) != nil {
            Complaint.say("\(message.target): connected to \(hello.node)")
          }
        case .connecting, .retrying, .frame: break
        }
      }
      guard StandardOutput.write(text), left > 0, !feed.isOver else { return }
    }
  }

  /// Gateways apply only a part of the filter.
  private func passes(_ record: EventRecord, _ target: ByteText) -> Bool {
    filter.isEmpty || filter.matches(EventRow(node: record.node ?? target, record: record))
  }

  private func line(_ record: EventRecord) throws -> [UInt8] {
    switch form {
    case .text: Array((EventLine.text(record) + "\n").utf8)
    case .json: Array(FrameEncoder.line(.event(record)).readableBytesView)
    case .toon:
      try TOONText.document(Array(FrameEncoder.line(.event(record)).readableBytesView)) + [UInt8(ascii: "\n")]
    }
  }
}

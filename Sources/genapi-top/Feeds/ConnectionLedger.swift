import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// How every target stands, for what is printed without a screen.
struct ConnectionLedger {
  /// Targets that have sent a snapshot on the connection they have now.
  private(set) var live: Set<ByteText> = []
  /// Why the last try failed, of targets that are not live.
  private(set) var problems: [ByteText: ByteText] = [:]
  /// Which of the 31 events were seen by now, as events or in a gateway's counts of them.
  private(set) var seenEvents: Set<EventName> = []
  /// Most events are as the one before was; then there is nothing to look up.
  private var lastName: ByteText = ""

  /// Every target has answered, well or badly.
  func isSettled(_ targets: [ByteText]) -> Bool {
    targets.allSatisfy { live.contains($0) || problems[$0] != nil }
  }

  var hasSeenAllEvents: Bool { seenEvents.count >= EventName.catalogue.count }

  mutating func note(_ message: FeedMessage) {
    switch message.event {
    case .frame(let frame):
      if case .snapshot = frame {
        live.insert(message.target)
        problems[message.target] = nil
      }
      note(frame)
    case .failed(let reason), .closed(let reason):
      live.remove(message.target)
      problems[message.target] = reason
    case .connecting, .connected, .retrying, .overrun: break
    }
  }

  private mutating func note(_ frame: Frame) {
    switch frame {
    case .event(let record):
      guard record.name != lastName else { return }
      lastName = record.name
      if let name = record.known { note(name) }
    case .snapshot(_, _, let state): note(state.totals.events)
    case .state(_, _, let change): note(change.totals?.events ?? [:])
    default: break
    }
  }

  private mutating func note(_ counts: [ByteText: Int64]) {
    for (path, count) in counts where count > 0 {
      if let name = EventName(path: path) { note(name) }
    }
  }

  private mutating func note(_ name: EventName) {
    if EventName.catalogue.contains(name) { seenEvents.insert(name) }
  }
}

import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// How every target stands, for what is printed without a screen.
struct TargetStates {
  /// Targets that have sent a snapshot on the connection they have now.
  private(set) var live: Set<ByteText> = []
  /// Targets that have sent one on any connection.
  private(set) var met: Set<ByteText> = []
  /// Why the last try failed, of targets that are not live.
  private(set) var problems: [ByteText: ByteText] = [:]
  /// Targets that did not let this program in when it tried last.
  private(set) var refused: Set<ByteText> = []
  /// Of them the second in which the snapshot came, and the first after it in which a state did.
  private var seconds: [ByteText: (snapshot: Int64, state: Int64?)] = [:]
  /// Which of the 31 events were seen by now, as events or in a gateway's counts of them.
  private(set) var seenEvents: Set<EventName> = []
  /// Most events are as the one before was; then there is nothing to look up.
  private var lastName: ByteText = ""

  /// Every target has answered, well or badly.
  func isSettled(_ targets: [ByteText]) -> Bool {
    targets.allSatisfy { live.contains($0) || problems[$0] != nil }
  }

  /// Every live target has told what happened in a second that is over: until then rates are zero.
  ///
  /// - Parameter now: in microseconds since the Unix epoch.
  func hasRates(at now: Int64) -> Bool {
    live.allSatisfy { target in seconds[target]?.state.map { $0 < now / 1_000_000 } ?? false }
  }

  var hasSeenAllEvents: Bool { seenEvents.count >= EventName.catalogue.count }

  mutating func note(_ message: FeedMessage) {
    switch message.event {
    case .frame(let frame):
      let second = (message.at ?? SystemTime().wallMicroseconds()) / 1_000_000
      if case .snapshot = frame {
        live.insert(message.target)
        met.insert(message.target)
        problems[message.target] = nil
        refused.remove(message.target)
        seconds[message.target] = (second, nil)
      } else if case .state = frame, let known = seconds[message.target], known.state == nil,
        second > known.snapshot
      {
        seconds[message.target]?.state = second
      }
      note(frame)
    case .failed(let reason), .closed(let reason), .refused(_, let reason):
      live.remove(message.target)
      seconds[message.target] = nil
      problems[message.target] = reason
      if case .refused(.unauthorized, _) = message.event {
        refused.insert(message.target)
      } else {
        refused.remove(message.target)
      }
    case .connecting, .connected, .retrying, .overrun, .partialState: break
    }
  }

  private mutating func note(_ frame: Frame) {
    switch frame {
    case .event(let record):
      guard record.name != lastName else { return }
      lastName = record.name
      if let name = record.known { note(name) }
    case .snapshot(_, _, let state): note(state.totals.events)
    // Looked for only where there may be some: most of a hundred gateways tell of their process alone.
    case .state(_, _, let change) where change.processAlone == nil: note(change.totals?.events ?? [:])
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

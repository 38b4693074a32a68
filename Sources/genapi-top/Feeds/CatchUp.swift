import GenAPIStream
import GenAPITelemetry

/// Goes on with the newest of one gateway when too much of it waits: numbers that nobody looked at are passed over, and
/// understood again from the next snapshot on.
struct CatchUp {
  /// Numbers were passed over: changes mean nothing before a snapshot comes.
  private(set) var awaitsSnapshot = false

  /// Leaves of what waits what became of the connection, and how many events are left out, told when the last frame came: the
  /// gateway lived then.
  mutating func skip(_ waiting: [ArrivedEvent]) -> [ArrivedEvent] {
    var kept: [ArrivedEvent] = []
    var lost = DroppedEvents(count: 0, fromSequence: 0, toSequence: 0)
    var lastFrameAt: Int64?
    func note(_ dropped: DroppedEvents) { lost = lost.count == 0 ? dropped : lost.merged(with: dropped) }
    for arrived in waiting {
      switch arrived.event {
      case .frame(let frame):
        lastFrameAt = arrived.at
        switch frame {
        case .event(let record):
          note(DroppedEvents(count: 1, fromSequence: record.sequence, toSequence: record.sequence))
        case .dropped: kept.append(arrived)
        case .snapshot, .state: awaitsSnapshot = true
        default: break
        }
      case .overrun(let dropped):
        lastFrameAt = arrived.at
        note(dropped)
      case .partialState: break
      case .connecting, .connected, .failed, .refused, .closed, .retrying:
        flush()
        kept.append(arrived)
      }
    }
    flush()
    return kept

    func flush() {
      guard let at = lastFrameAt else { return }
      kept.append(ArrivedEvent(event: .overrun(lost), at: at))
      lost = DroppedEvents(count: 0, fromSequence: 0, toSequence: 0)
      lastFrameAt = nil
    }
  }

  /// Whether something that comes can be understood.
  mutating func takes(_ event: SubscriberEvent) -> Bool {
    guard awaitsSnapshot, case .frame(let frame) = event else { return true }
    switch frame {
    case .snapshot:
      awaitsSnapshot = false
      return true
    case .state: return false
    default: return true
    }
  }
}

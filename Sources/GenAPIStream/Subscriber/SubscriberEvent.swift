import GenAPITelemetry
import GenAPIValue

/// What a subscriber tells about its connection to one gateway.
public enum SubscriberEvent: Sendable, Equatable {
  /// A try to connect begins.
  case connecting
  /// The gateway said who it is.
  indirect case connected(Hello)
  /// A snapshot, state, event or dropped frame. Events carry the node's name.
  case frame(Frame)
  /// The state that was told before this is a part: it has more than eight pieces, of which the others follow.
  case partialState
  /// Events this program did not take in time; they arrived here and were thrown away.
  case overrun(DroppedEvents)
  /// The connection could not be made or broke, in words for a person.
  case failed(ByteText)
  /// The gateway does not let this program in or go on: why, for programs and for a person.
  case refused(StreamErrorCode, ByteText)
  /// The gateway said bye.
  case closed(reason: ByteText)
  /// The next try to connect comes in so many milliseconds.
  case retrying(inMs: Int)

  var isEvent: Bool { if case .frame(.event) = self { true } else { false } }

  /// Nobody waits for it: a gateway in which nothing happened tells how its process is, each second.
  var canWait: Bool {
    guard case .frame(.state(_, _, let change)) = self else { return false }
    return change.processAlone != nil
  }

  /// The gateway's numbers, all of them or what changed.
  var isState: Bool {
    switch self {
    case .frame(.snapshot), .frame(.state): true
    default: false
    }
  }
}

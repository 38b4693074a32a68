import GenAPITelemetry
import GenAPIValue

/// One line of the telemetry stream.
///
/// Times named `at` are microseconds since the Unix epoch on the clock of the side that sends. All but events are rare, and
/// kept apart (`indirect`), so that a list of events is no longer than they are.
public enum Frame: Sendable, Equatable {
  /// The server's first frame.
  indirect case hello(Hello)
  /// What a client wants to get; sent again to change it.
  indirect case subscribe(Subscription)
  /// The whole state; `sequence` is the number of the last event emitted before it was taken.
  indirect case snapshot(at: Int64, sequence: Int64, GatewayState)
  /// What changed since the last snapshot or state frame of this connection.
  indirect case state(at: Int64, sequence: Int64, GatewayStateChange)
  /// Something happened.
  case event(EventRecord)
  /// Stands where events are missing.
  case dropped(at: Int64, DroppedEvents)
  /// The sender has been silent and asks for a sign of life.
  case ping(at: Int64)
  /// The sender answers a ping.
  case pong(at: Int64)
  /// The sender is about to close, and why.
  case bye(reason: ByteText)
  /// The sender refuses to go on, and is about to close.
  indirect case error(code: StreamErrorCode, message: ByteText)
  /// The first line of a recording; never on a connection.
  indirect case recording(RecordingHeader)
  /// A frame of a type this version does not know. Clients skip it.
  case unknown(type: ByteText)

  /// The value of the field `t`.
  public var type: ByteText {
    switch self {
    case .hello: "hello"
    case .subscribe: "subscribe"
    case .snapshot: "snapshot"
    case .state: "state"
    case .event: "event"
    case .dropped: "dropped"
    case .ping: "ping"
    case .pong: "pong"
    case .bye: "bye"
    case .error: "error"
    case .recording: "recording"
    case .unknown(let type): type
    }
  }
}

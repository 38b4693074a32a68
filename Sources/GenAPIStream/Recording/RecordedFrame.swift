import GenAPIValue

/// One frame of a recording.
public struct RecordedFrame: Sendable, Equatable {
  /// When to replay it, in microseconds since the Unix epoch: when it arrived, or where the recording does not say so
  /// the frame's own time; never before the frame in front of it. Frames without a time take that of the frame in front.
  public var at: Int64
  /// The target it came from, when the recording says so or has only one.
  public var target: ByteText?
  /// What was recorded.
  public var frame: Frame

  public init(at: Int64, target: ByteText?, frame: Frame) {
    self.at = at
    self.target = target
    self.frame = frame
  }
}

extension Frame {
  /// The time the sender gave it; nil for frames without one.
  public var at: Int64? {
    switch self {
    case .snapshot(let at, _, _), .state(let at, _, _), .dropped(let at, _), .ping(let at), .pong(let at): at
    case .event(let record): record.at
    case .recording(let header): header.startedAt
    case .hello, .subscribe, .bye, .error, .unknown: nil
    }
  }
}

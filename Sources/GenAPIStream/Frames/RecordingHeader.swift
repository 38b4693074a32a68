import GenAPIValue

/// The first line of a recording.
public struct RecordingHeader: Sendable, Equatable {
  /// `StreamProtocol.version` when it was recorded.
  public var proto: Int
  /// Microseconds since the Unix epoch.
  public var startedAt: Int64
  /// Where the lines came from, as the user named them; several when several nodes were recorded together.
  public var targets: [ByteText]

  public init(proto: Int = StreamProtocol.version, startedAt: Int64, targets: [ByteText]) {
    self.proto = proto
    self.startedAt = startedAt
    self.targets = targets
  }
}

/// Why a recording cannot be written or read.
public enum RecordingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file cannot be opened.
  case cannotOpen(path: String, reason: String)
  /// The file cannot be written on.
  case cannotWrite(path: String, reason: String)
  /// The file cannot be read.
  case cannotRead(path: String, reason: String)
  /// The first line is no header.
  case notARecording(path: String, found: String)
  /// A later version of the stream.
  case unsupportedVersion(path: String, proto: Int)
  /// A line in the middle is no frame.
  case badLine(path: String, line: Int, reason: String)

  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "cannot open \(path): \(reason)"
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
    case .cannotRead(let path, let reason): "cannot read \(path) on: \(reason)"
    case .notARecording(let path, let found):
      "\(path) is no recording: line 1 must be a header like "
        + "{\"t\":\"recording\",\"proto\":1,\"started_at\":0,\"targets\":[]}, found \(found)"
    case .unsupportedVersion(let path, let proto):
      "\(path) was recorded with version \(proto) of the stream; this program reads version "
        + "\(StreamProtocol.version)"
    case .badLine(let path, let line, let reason): "\(path) line \(line) is no frame: \(reason)"
    }
  }
}

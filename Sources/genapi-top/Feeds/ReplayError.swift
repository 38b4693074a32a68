import TopScreen

/// A recording is shorter than the moment it is to start at.
struct ReplayError: Error, Equatable, CustomStringConvertible {
  var path: String
  /// Milliseconds after the beginning.
  var from: Int64
  /// Milliseconds.
  var length: Int64

  var description: String {
    "--from \(TimeText.duration(milliseconds: from)): \(path) is \(TimeText.duration(milliseconds: length)) long"
  }
}

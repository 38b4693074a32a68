import TopScreen

/// A recording is shorter than the moment it is to start at.
struct ReplayError: Error, Equatable, CustomStringConvertible {
  var path: String
  /// Milliseconds after the beginning.
  var from: Int64
  /// Milliseconds.
  var length: Int64
  /// Parts of it that could not be read: it may be longer.
  var leftOut = 0

  var description: String {
    "--from \(TimeText.duration(milliseconds: from)): \(path) is \(TimeText.duration(milliseconds: length)) long"
      + (leftOut > 0
        ? " as far as it can be read: \(leftOut) \(leftOut == 1 ? "part" : "parts") of it cannot" : "")
  }
}

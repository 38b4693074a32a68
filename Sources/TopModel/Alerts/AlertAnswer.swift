/// What can be told of an expression at a moment.
package enum AlertAnswer: Equatable, Sendable {
  /// What it found of each thing it is about; empty for a condition that is so for nothing.
  case found([AlertFinding])
  /// Not before so many seconds more were watched.
  case early(seconds: Int)
  /// It is about nothing that there is, or about what did not happen.
  case nothing(String)
}

/// How the number of a finding is measured.
package enum AlertUnit: String, Sendable {
  case microseconds = "us"
  case perSecond = "per_second"
  case percent
  case count
  case bytes
  case seconds
}

/// How well something is: a whole is as well as its worst part.
public enum HealthStatus: String, Codable, Sendable, Comparable, CaseIterable {
  case ok
  /// It works, but somebody should look; the worst that clients alone can bring about.
  case degraded
  /// Requests are refused or fail because of it.
  case error

  public static func < (a: HealthStatus, b: HealthStatus) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .ok: 0
    case .degraded: 1
    case .error: 2
    }
  }
}

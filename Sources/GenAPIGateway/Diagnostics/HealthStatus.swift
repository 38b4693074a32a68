/// How well something is: a whole is as well as its worst part.
public enum HealthStatus: String, Codable, Sendable, Comparable, CaseIterable {
  /// Nothing is wrong.
  case ok
  /// It works, but somebody should look; the worst that clients, or services that fail, can bring about.
  case degraded
  /// This gateway is of no use to clients: a load balancer should send them elsewhere.
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

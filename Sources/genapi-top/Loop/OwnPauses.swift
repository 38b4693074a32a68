import GenAPITelemetry
import TopModel

/// Tells for how long this program looked at nothing: it was stopped (Ctrl-Z), or the machine slept. What gateways told meanwhile waits to be
/// read, and none of them was silent for that.
struct OwnPauses {
  /// Microseconds since the Unix epoch, since a machine that sleeps stops other clocks.
  private var lookedAt: Int64?

  /// It looks once a second at least, in microseconds.
  private static let usual: Int64 = 1_000_000

  /// Notes a look now, and tells the model where it was away: before anything is taken or looked at that tells the time.
  mutating func look(for model: inout ClusterModel) {
    let now = SystemTime().wallMicroseconds()
    let pause = look(at: now)
    if pause > 0 { model.noteOwnPause(of: pause) }
  }

  /// Notes a look.
  ///
  /// - Returns: how long it was away before, in microseconds; 0 where it was not.
  mutating func look(at now: Int64) -> Int64 {
    defer { lookedAt = now }
    guard let lookedAt, now - lookedAt > 2 * Self.usual else { return 0 }
    return now - lookedAt - Self.usual
  }
}
